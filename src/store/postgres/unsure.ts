import type { OutboxId } from "../../core/nouns/ids.ts";

/** More than can be under way when a connection dies; the oldest are forgotten, which were never written or are long gone. */
const most = 20_000;

/**
 * Messages of transactions whose commit was not answered, or not yet. If it worked, they are this process's to send, and are
 * not in its memory: until the store has handed them out, nothing newer of the same person may leave from there.
 */
export class Unsure {
  readonly #ids = new Set<OutboxId>();

  add(ids: readonly OutboxId[]): void {
    for (const id of ids) this.#ids.add(id);
    for (const id of this.#ids) {
      if (this.#ids.size <= most) return;
      this.#ids.delete(id);
    }
  }

  has(id: OutboxId): boolean {
    return this.#ids.has(id);
  }

  /** It was handed out, or was not taken. */
  delete(id: OutboxId): void {
    this.#ids.delete(id);
  }
}
