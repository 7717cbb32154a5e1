import type { OutboxId } from "../core/nouns/ids.ts";
import { problemCode } from "./errors.ts";
import type { Settled } from "./ports-store.ts";
import type { Parts } from "./runtime.ts";

/**
 * Writes what became of the rows that were tried. What can't be written now is kept and written once the store works
 * again: forgotten, the row would be handed out and sent a second time.
 */
export class Results {
  readonly #parts: Pick<Parts, "store" | "log">;
  readonly #written: (settled: Settled) => void;
  readonly #unwritten = new Map<OutboxId, Settled>();

  /** `written` is told of each result after its commit. */
  constructor(parts: Pick<Parts, "store" | "log">, written: (settled: Settled) => void) {
    this.#parts = parts;
    this.#written = written;
  }

  /** Writes a result, now or later. Resolves when it is durable or kept; never rejects. */
  async write({ id, contact, result }: Settled): Promise<void> {
    const settled = { id, contact, result };
    this.#unwritten.delete(id);
    try {
      await this.#parts.store.settle([settled]);
      this.#written(settled);
    } catch (error) {
      this.#unwritten.set(id, settled);
      this.#parts.log.error("a sent message could not be marked", { outbox: id, code: problemCode(error) });
    }
  }

  /** Tries again to write what could not be written. Rejects when it still can't be. */
  async writeKept(): Promise<void> {
    const kept = [...this.#unwritten.values()];
    if (kept.length === 0) return;
    await this.#parts.store.settle(kept);
    for (const settled of kept) {
      // Unless a later attempt has ended meanwhile: its result stands.
      if (this.#unwritten.get(settled.id) !== settled) continue;
      this.#unwritten.delete(settled.id);
      this.#written(settled);
    }
  }
}
