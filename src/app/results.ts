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

  /** How many results are known to this process only: if it died now, their messages would leave again. */
  get kept(): number {
    return this.#unwritten.size;
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

  /**
   * Tries again to write what could not be written, each by itself, lest one that never can be holds up all others.
   * Rejects with Problem `store-unavailable` when the store does not work yet.
   */
  async writeKept(): Promise<void> {
    const kept = [...this.#unwritten.values()];
    if (kept.length === 0) return;
    const ends = await Promise.allSettled(kept.map((settled) => this.#writeAgain(settled)));
    const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    const down = failures.find((failure) => problemCode(failure) === "store-unavailable");
    if (down !== undefined) throw down;
  }

  async #writeAgain(settled: Settled): Promise<void> {
    await this.#parts.store.settle([settled]);
    // Unless a later attempt has ended meanwhile: its result stands.
    if (this.#unwritten.get(settled.id) !== settled) return;
    this.#unwritten.delete(settled.id);
    this.#written(settled);
  }
}
