/**
 * What an unknown word was meant to be: a word known from titles, phrasings and concepts that shares nearly all of its
 * letter pairs, or is spelled as it sounds. People write Spanish and English by ear, and hurriedly.
 */
import { isArabicScript } from "./stem.ts";

/** Known words by their letter pairs and, in Latin letters, by their sound in Spanish. */
export type Speller = {
  readonly known: ReadonlyMap<string, number>;
  readonly words: readonly string[];
  readonly pairs: ReadonlyMap<number, readonly number[]>;
  readonly sizes: Uint8Array;
  readonly heard: ReadonlyMap<string, string>;
};

/** Shorter words are like too many others. */
const shortest = 4;
/** Dice's coefficient of the letter pairs from which on a word is taken for a mistyped other. */
const alike = 0.7;
const longest = 24;
const edge = 32;

/** The distinct pairs of neighbouring letters of a word, its edges included. */
function pairsOf(word: string): Set<number> {
  const pairs = new Set<number>();
  let before = edge;
  for (let at = 0; at <= word.length && at < longest; at += 1) {
    const unit = at < word.length ? word.charCodeAt(at) : edge;
    pairs.add(before * 65_536 + unit);
    before = unit;
  }
  return pairs;
}

/** Letters that sound alike in Spanish ("haser" is "hacer", "bensio" is "vencio"). */
function spoken(word: string): string {
  return word
    .replaceAll("h", "")
    .replaceAll("v", "b")
    .replace(/c(?=[ei])|[zx]/g, "s")
    .replace(/qu|[cq]/g, "k")
    .replaceAll("ll", "y")
    .replace(/g(?=[ei])/g, "j")
    .replace(/n(?=[bp])/g, "m")
    .replace(/(.)\1/g, "$1");
}

/** Makes a speller of known words (in normal form) and how often each stands. */
export function buildSpeller(known: ReadonlyMap<string, number>): Speller {
  const words = [...known.keys()].filter((word) => word.length >= shortest && word.length < longest);
  const sizes = new Uint8Array(words.length);
  const pairs = new Map<number, number[]>();
  const heard = new Map<string, string>();
  for (const [place, word] of words.entries()) {
    const own = pairsOf(word);
    sizes[place] = own.size;
    for (const pair of own) {
      const having = pairs.get(pair);
      if (having === undefined) pairs.set(pair, [place]);
      else having.push(place);
    }
    if (!isArabicScript(word)) hear(heard, known, word);
  }
  return { known, words, pairs, sizes, heard };
}

/** Of words that sound alike the most frequent is meant. */
function hear(heard: Map<string, string>, known: ReadonlyMap<string, number>, word: string): void {
  const sound = spoken(word);
  const before = heard.get(sound);
  if (before === undefined || (known.get(before) ?? 0) < (known.get(word) ?? 0)) heard.set(sound, word);
}

/** The known word that was meant, or the word itself: it is known, too short, a code, or like no other. */
export function respell(speller: Speller, word: string): string {
  if (word.length < shortest || word.length >= longest || speller.known.has(word) || /\d/.test(word))
    return word;
  const sameSound = isArabicScript(word) ? undefined : speller.heard.get(spoken(word));
  return sameSound ?? nearest(speller, word) ?? word;
}

/** The places of the known words that share enough letter pairs, and how close each is; some come several times. */
function candidates({ words, pairs, sizes }: Speller, word: string): { place: number; close: number }[] {
  const own = pairsOf(word);
  const shared = new Uint8Array(words.length);
  const found: { place: number; close: number }[] = [];
  for (const pair of own) {
    for (const place of pairs.get(pair) ?? []) {
      const count = (shared[place] ?? 0) + 1;
      shared[place] = count;
      const close = (2 * count) / (own.size + (sizes[place] ?? 0));
      if (close >= alike) found.push({ place, close });
    }
  }
  return found;
}

/** Of the closest the most frequent. */
function nearest(speller: Speller, word: string): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const { place, close } of candidates(speller, word)) {
    const other = speller.words[place] ?? "";
    const isMoreFrequent = (speller.known.get(other) ?? 0) > (speller.known.get(best ?? "") ?? -1);
    if (close < most || (close === most && !isMoreFrequent)) continue;
    most = close;
    best = other;
  }
  return best;
}
