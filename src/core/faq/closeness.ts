/**
 * How close a message is to a single phrasing. The classifier weighs what all of an entry's phrasings have in common,
 * which finds the entry; one phrasing that is typed almost the same says how sure that is. Letters count alike here,
 * whatever is rare, so that a short question of everyday words can be close too, and a mistyped one.
 */
import type { Field } from "./bm25.ts";
import type { Rows } from "./rows.ts";

/** Phrasings that stand one after another, by the numbers of their words: the rows from `first` to `end`. */
export type Phrasings = { readonly rows: Rows; readonly first: number; readonly end: number };

/**
 * The distinct trigrams of a message: 1 at the number of each, and how many there are, known or not. `shared`: by known
 * word, one more than how many of its trigrams are among them; 0 where nobody has counted yet.
 */
export type Marked = { readonly marks: Uint8Array; readonly count: number; readonly shared: Uint8Array };

/** Marks the trigrams of a message by their numbers (-1 for those that the field has not). */
export function markTerms(field: Field, ids: readonly number[], words: number): Marked {
  const marks = new Uint8Array(field.ids.size);
  for (const id of ids) if (id !== -1) marks[id] = 1;
  return { marks, count: ids.length, shared: new Uint8Array(words) };
}

function sharedOf({ marks, shared }: Marked, word: number, trigrams: Rows): number {
  const known = shared[word] ?? 0;
  if (known !== 0) return known - 1;
  const end = trigrams.starts[word + 1] ?? 0;
  let count = 0;
  for (let at = trigrams.starts[word] ?? 0; at < end; at += 1) count += marks[trigrams.items[at] ?? 0] ?? 0;
  shared[word] = count + 1;
  return count;
}

/**
 * How close the closest of some phrasings comes: Dice's coefficient of their trigrams, from 0 to 1 for the same. `trigrams`:
 * those of each word.
 */
export function closest(marked: Marked, { rows, first, end }: Phrasings, trigrams: Rows): number {
  let most = 0;
  for (let row = first; row < end; row += 1) {
    const to = rows.starts[row + 1] ?? 0;
    let both = 0;
    let size = 0;
    for (let at = rows.starts[row] ?? 0; at < to; at += 1) {
      const word = rows.items[at] ?? 0;
      size += (trigrams.starts[word + 1] ?? 0) - (trigrams.starts[word] ?? 0);
      both += sharedOf(marked, word, trigrams);
    }
    const close = (2 * Math.min(both, marked.count)) / Math.max(marked.count + size, 1);
    if (close > most) most = close;
  }
  return most;
}
