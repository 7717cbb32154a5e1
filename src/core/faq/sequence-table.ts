import { type Rows, RowWriter } from "./rows.ts";

const seed = 0x811c9dc5;
const prime = 0x01000193;

/** A number that is nearly always another for another sequence (FNV-1a over its items). */
function hashOf(items: ArrayLike<number>, from: number, to: number): number {
  let hash = seed;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (items[at] ?? 0), prime);
  return hash >>> 0;
}

/**
 * Numbers sequences of small whole numbers (the letters of words, the words of phrasings) in the order in which they come
 * first. A map of strings would need a string for every word of every text, only to look it up.
 */
export class SequenceTable {
  readonly #rows = new RowWriter();
  readonly #hashes: number[] = [];
  /** By hash, one more than the number of a sequence, or 0; at most half of the places are taken. */
  #slots = new Uint32Array(32_768);

  /** The sequences by their numbers. */
  get rows(): Rows {
    return this.#rows.rows;
  }

  get size(): number {
    return this.#hashes.length;
  }

  /** The number of the sequence from one place to another of some items; a new one where it has none yet. */
  numberOf(items: ArrayLike<number>, from: number, to: number): number {
    const hash = hashOf(items, from, to);
    const slot = this.#slotOf(items, from, to, hash);
    const known = this.#slots[slot] ?? 0;
    if (known !== 0) return known - 1;
    this.#rows.add(items, from, to);
    this.#slots[slot] = this.#hashes.push(hash);
    if (this.#hashes.length * 2 > this.#slots.length) this.#grow();
    return this.#hashes.length - 1;
  }

  /** The number of a sequence; -1 where it has none. */
  find(items: readonly number[]): number {
    const slot = this.#slotOf(items, 0, items.length, hashOf(items, 0, items.length));
    return (this.#slots[slot] ?? 0) - 1;
  }

  /** Where the number of a sequence stands, or would. */
  #slotOf(items: ArrayLike<number>, from: number, to: number, hash: number): number {
    const last = this.#slots.length - 1;
    for (let slot = hash & last; ; slot = (slot + 1) & last) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || (this.#hashes[known - 1] === hash && this.#isSame(known - 1, items, from, to)))
        return slot;
    }
  }

  #isSame(number: number, items: ArrayLike<number>, from: number, to: number): boolean {
    const start = this.#rows.starts[number] ?? 0;
    if ((this.#rows.starts[number + 1] ?? 0) - start !== to - from) return false;
    for (let at = from; at < to; at += 1) {
      if (this.#rows.items[start + at - from] !== items[at]) return false;
    }
    return true;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 4);
    for (let number = 0; number < this.#hashes.length; number += 1) {
      let slot = (this.#hashes[number] ?? 0) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}
