/**
 * How close a message is to a single phrasing. The classifier weighs what all of an entry's phrasings have in common,
 * which finds the entry; one phrasing that is typed almost the same says how sure that is. Letters count alike here,
 * whatever is rare, so that a short question of everyday words can be close too, and a mistyped one.
 */
import type { Field } from "./bm25.ts";

/** The phrasings of one entry in one language: the words of each by their numbers. */
export type PhrasingWords = readonly (readonly number[])[];

type Words = readonly { readonly pieces: readonly number[] }[];

/**
 * The distinct pieces of a message: 1 at the number of each, and how many there are, known or not. `shared`: by known
 * word, one more than how many of its pieces are among them; 0 where nobody has counted yet.
 */
export type Marked = { readonly marks: Uint8Array; readonly count: number; readonly shared: Uint8Array };

/** Marks the pieces of a message by their numbers (-1 for those that the field has not). */
export function markTerms(field: Field, ids: readonly number[], words: Words): Marked {
  const marks = new Uint8Array(field.ids.size);
  for (const id of ids) if (id !== -1) marks[id] = 1;
  return { marks, count: ids.length, shared: new Uint8Array(words.length) };
}

function sharedOf({ marks, shared }: Marked, word: number, pieces: readonly number[]): number {
  const known = shared[word] ?? 0;
  if (known !== 0) return known - 1;
  let count = 0;
  for (let at = 0; at < pieces.length; at += 1) count += marks[pieces[at] ?? 0] ?? 0;
  shared[word] = count + 1;
  return count;
}

/** How close the closest of some phrasings comes: Dice's coefficient of their pieces, from 0 to 1 for the same. */
export function closest(marked: Marked, phrasings: PhrasingWords, words: Words): number {
  let most = 0;
  for (const phrasing of phrasings) {
    let both = 0;
    let size = 0;
    for (let at = 0; at < phrasing.length; at += 1) {
      const word = phrasing[at] ?? 0;
      const pieces = words[word]?.pieces ?? [];
      size += pieces.length;
      both += sharedOf(marked, word, pieces);
    }
    const close = (2 * Math.min(both, marked.count)) / Math.max(marked.count + size, 1);
    if (close > most) most = close;
  }
  return most;
}
