/**
 * A map of what was used of late. Holds `most` entries at most, and always the `most / 2` used last.
 *
 * Two generations stand in for a list by last use: an entry that is used again is not taken out and put in anew, after
 * which V8 would copy the whole map every few hundred times, and each copy left behind would keep what it leads to alive
 * until the next full collection.
 */
export class Recent<Key, Value extends object | string | number | null> {
  readonly #room: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  constructor(most: number) {
    this.#room = Math.ceil(most / 2);
  }

  get(key: Key): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#room) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: Key): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  /** What is held, in no order; what is deleted meanwhile is passed over. */
  *entries(): Iterable<readonly [Key, Value]> {
    for (const entry of this.#old) if (!this.#young.has(entry[0])) yield entry;
    yield* this.#young;
  }
}
