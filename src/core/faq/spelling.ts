/**
 * What an unknown word was meant to be: a word known from titles, phrasings and concepts that shares nearly all of its
 * letter pairs, or is spelled as it sounds. People write Spanish and English by ear, and hurriedly.
 */
import { type Owners, ownersOf, type Rows, RowWriter } from "./rows.ts";
import type { Slices } from "./slices.ts";
import { isArabicScript } from "./stem.ts";
import { numberIn } from "./vocabulary.ts";

/** Words in normal form, their numbers, and by number how often each stands. */
export type KnownWords = {
  readonly words: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly counts: readonly number[];
};

/** Known words by their letter pairs and, in Latin letters, by their sound in Spanish. */
export type Speller = {
  readonly known: KnownWords;
  /** The numbers of the words that it looks for. */
  readonly words: readonly number[];
  /** The number of a letter pair. */
  readonly pairs: ReadonlyMap<number, number>;
  /** By pair, the places of the words that have it. */
  readonly owners: Owners;
  /** How many pairs each word has. */
  readonly sizes: Uint8Array;
  /** By how it sounds, the number of a word. */
  readonly heard: ReadonlyMap<string, number>;
};

/** Shorter words are like too many others. */
const shortest = 4;
/** Dice's coefficient of the letter pairs from which on a word is taken for a mistyped other. */
const alike = 0.7;
const longest = 24;
const edge = 32;

/** The distinct pairs of neighbouring letters of a word, its edges included. */
function pairsOf(word: string): number[] {
  const pairs: number[] = [];
  let before = edge;
  for (let at = 0; at <= word.length && at < longest; at += 1) {
    const unit = at < word.length ? word.charCodeAt(at) : edge;
    const pair = before * 65_536 + unit;
    if (!pairs.includes(pair)) pairs.push(pair);
    before = unit;
  }
  return pairs;
}

const isFront = (letter: string): boolean => letter === "e" || letter === "i";
const isLabial = (letter: string): boolean => letter === "b" || letter === "v" || letter === "p";

/** How a letter sounds in Spanish before another. */
function spokenLetter(letter: string, next: string): string {
  switch (letter) {
    case "v":
      return "b";
    case "z":
    case "x":
      return "s";
    case "q":
      return "k";
    case "c":
      return isFront(next) ? "s" : "k";
    case "g":
      return isFront(next) ? "j" : "g";
    case "n":
      return isLabial(next) ? "m" : "n";
    case "l":
      return next === "l" ? "y" : "l";
    default:
      return letter;
  }
}

/** Two letters that are one sound. */
const isDigraph = (letter: string, next: string): boolean =>
  (letter === "l" && next === "l") || (letter === "q" && next === "u");

/** Letters that sound alike in Spanish ("haser" is "hacer", "bensio" is "vencio"). */
function spoken(word: string): string {
  const heard = word.replaceAll("h", "");
  let sound = "";
  let last = "";
  for (let at = 0; at < heard.length; at += 1) {
    const next = heard.charAt(at + 1);
    const one = spokenLetter(heard.charAt(at), next);
    if (isDigraph(heard.charAt(at), next)) at += 1;
    // Two that are the same sound as one.
    if (one !== last) sound += one;
    last = one === last ? "" : one;
  }
  return sound;
}

/** Makes a speller of known words. */
export function* buildSpeller(known: KnownWords): Slices<Speller> {
  const pairs = new Map<number, number>();
  const numbers: number[] = [];
  const own = new RowWriter();
  const heard = new Map<string, number>();
  for (let number = 0; number < known.words.length; number += 1) {
    const word = known.words[number] ?? "";
    if (number % stride === stride - 1) yield;
    if (word.length < shortest || word.length >= longest) continue;
    numbers.push(number);
    own.add(pairsOf(word).map((pair) => numberIn(pairs, pair)));
    if (!isArabicScript(word)) hear(heard, known, number);
  }
  const { rows } = own;
  return { known, words: numbers, pairs, sizes: sizesOf(rows), heard, owners: ownersOf(rows, pairs.size) };
}

/** How many pairs each word has. */
function sizesOf({ starts }: Rows): Uint8Array {
  const sizes = new Uint8Array(starts.length - 1);
  for (let at = 0; at < sizes.length; at += 1) sizes[at] = (starts[at + 1] ?? 0) - (starts[at] ?? 0);
  return sizes;
}

/** So many words are read before others get a turn. */
const stride = 3000;

const countOf = ({ counts }: KnownWords, number: number): number => counts[number] ?? 0;

/** Of words that sound alike the most frequent is meant. */
function hear(heard: Map<string, number>, known: KnownWords, number: number): void {
  const sound = spoken(known.words[number] ?? "");
  const before = heard.get(sound);
  if (before === undefined || countOf(known, before) < countOf(known, number)) heard.set(sound, number);
}

/** The known word that was meant, or the word itself: it is known, too short, a code, or like no other. */
export function respell(speller: Speller, word: string): string {
  const { known, heard } = speller;
  if (word.length < shortest || word.length >= longest || known.numbers.has(word) || /\d/.test(word))
    return word;
  const sameSound = isArabicScript(word) ? undefined : heard.get(spoken(word));
  return known.words[sameSound ?? nearest(speller, word)] ?? word;
}

/** A known word by its place, and how close it is. */
type Candidate = { readonly place: number; readonly close: number };

/** The known words that share enough letter pairs; some come several times. */
function candidates(speller: Speller, word: string): readonly Candidate[] {
  const { words, pairs, owners } = speller;
  const own = pairsOf(word);
  const shared = new Uint8Array(words.length);
  const found: Candidate[] = [];
  for (const pair of own) {
    const number = pairs.get(pair);
    if (number === undefined) continue;
    const having = owners.rows.subarray(owners.starts[number], owners.starts[number + 1]);
    countShared(speller, having, own.length, shared, found);
  }
  return found;
}

/** Counts one more shared pair for each word that has it; adds those that are close enough to what was found. */
function countShared(
  { sizes }: Speller,
  having: Uint32Array,
  size: number,
  shared: Uint8Array,
  found: Candidate[],
): void {
  for (let at = 0; at < having.length; at += 1) {
    const place = having[at] ?? 0;
    const count = (shared[place] ?? 0) + 1;
    shared[place] = count;
    const close = (2 * count) / (size + (sizes[place] ?? 0));
    if (close >= alike) found.push({ place, close });
  }
}

/** Of the closest the most frequent; -1 where none is close. */
function nearest(speller: Speller, word: string): number {
  let best = -1;
  let most = 0;
  for (const { place, close } of candidates(speller, word)) {
    const other = speller.words[place] ?? -1;
    const isMoreFrequent = best === -1 || countOf(speller.known, other) > countOf(speller.known, best);
    if (close < most || (close === most && !isMoreFrequent)) continue;
    most = close;
    best = other;
  }
  return best;
}
