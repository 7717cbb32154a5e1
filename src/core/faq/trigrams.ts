/**
 * What mistyped and unknown words still share with those they were meant to be: trigrams, pieces of three letters. Each
 * is a number made of the low ten bits of its letters, which tell apart all that Latin and Arabic script hold; numbers
 * are several times as fast to look up as strings.
 */

const bits = 10;
const mask = (1 << bits) - 1;
const edge = 0x20;

/** The trigrams of a word in normal form, its edges included. */
export function trigramsOf(word: string): number[] {
  const trigrams: number[] = [];
  let before = edge;
  let here = word.charCodeAt(0) & mask;
  for (let at = 1; at < word.length; at += 1) {
    const next = word.charCodeAt(at) & mask;
    trigrams.push((((before << bits) | here) << bits) | next);
    before = here;
    here = next;
  }
  trigrams.push((((before << bits) | here) << bits) | edge);
  return trigrams;
}

/** The trigrams of all words of a text in normal form. */
export function trigramsIn(normal: string): number[] {
  return normal === "" ? [] : normal.split(" ").flatMap(trigramsOf);
}
