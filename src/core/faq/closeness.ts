/**
 * How close a message is to a single phrasing. BM25 compares it with all of an entry's words at once, which finds the
 * entry; one phrasing that is typed almost the same says how sure that is. Letters count alike here, whatever is rare,
 * so that a short question of everyday words can be close too, and a mistyped one.
 */
import type { Field } from "./bm25.ts";

/** The phrasings of one entry in one language: the distinct terms of each by their numbers, and where each begins. */
export type PhrasingTerms = { readonly terms: Uint32Array; readonly starts: Uint32Array };

/** Puts phrasings, given as their terms, side by side. */
export function packPhrasings(phrasings: readonly (readonly number[])[]): PhrasingTerms {
  const terms: number[] = [];
  const starts = [0];
  for (const phrasing of phrasings) {
    for (const term of new Set(phrasing)) terms.push(term);
    starts.push(terms.length);
  }
  return { terms: Uint32Array.from(terms), starts: Uint32Array.from(starts) };
}

/** The distinct terms of a message: 1 at the number of each, and how many there are, known or not. */
export type Marked = { readonly marks: Uint8Array; readonly count: number };

/** Marks the terms of a message by their numbers (-1 for those that the field has not). */
export function markTerms(field: Field, ids: readonly number[]): Marked {
  const marks = new Uint8Array(field.ids.size);
  for (const id of ids) if (id !== -1) marks[id] = 1;
  return { marks, count: ids.length };
}

function countMarked(marks: Uint8Array, terms: Uint32Array, from: number, to: number): number {
  let shared = 0;
  for (let at = from; at < to; at += 1) shared += marks[terms[at] ?? 0] ?? 0;
  return shared;
}

/** How close the closest of some phrasings comes: Dice's coefficient, from 0 to 1 for the same terms. */
export function closest({ marks, count }: Marked, { terms, starts }: PhrasingTerms): number {
  let most = 0;
  for (let phrasing = 0; phrasing + 1 < starts.length; phrasing += 1) {
    const from = starts[phrasing] ?? 0;
    const to = starts[phrasing + 1] ?? 0;
    // Even with all of its terms shared it could not come closer.
    if (2 * Math.min(count, to - from) <= most * (count + to - from)) continue;
    const close = (2 * countMarked(marks, terms, from, to)) / Math.max(count + to - from, 1);
    if (close > most) most = close;
  }
  return most;
}
