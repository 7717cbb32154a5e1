/**
 * How close a message is to a single phrasing. The classifier weighs what all of an entry's phrasings have in common,
 * which finds the entry; one phrasing that is typed almost the same says how sure that is. Letters count alike here,
 * whatever is rare, so that a short question of everyday words can be close too, and a mistyped one.
 */
import type { Field } from "./bm25.ts";

/** The phrasings of one entry in one language: the words of each by their numbers. */
export type PhrasingWords = readonly (readonly number[])[];

/** The distinct pieces of a message: 1 at the number of each, and how many there are, known or not. */
export type Marked = { readonly marks: Uint8Array; readonly count: number };

/** Marks the pieces of a message by their numbers (-1 for those that the field has not). */
export function markTerms(field: Field, ids: readonly number[]): Marked {
  const marks = new Uint8Array(field.ids.size);
  for (const id of ids) if (id !== -1) marks[id] = 1;
  return { marks, count: ids.length };
}

/** How close the closest of some phrasings comes: Dice's coefficient of their pieces, from 0 to 1 for the same. */
export function closest(
  { marks, count }: Marked,
  phrasings: PhrasingWords,
  words: readonly { readonly pieces: readonly number[] }[],
): number {
  let most = 0;
  for (const phrasing of phrasings) {
    let shared = 0;
    let size = 0;
    for (const word of phrasing) {
      const pieces = words[word]?.pieces ?? [];
      size += pieces.length;
      for (const piece of pieces) shared += marks[piece] ?? 0;
    }
    const close = (2 * Math.min(shared, count)) / Math.max(count + size, 1);
    if (close > most) most = close;
  }
  return most;
}
