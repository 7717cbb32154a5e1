import type { Slices } from "./slices.ts";
import { stem } from "./stem.ts";

/** Words in normal form and their stems by their numbers: first those of all texts, then those that only concepts have. */
export type Vocabulary = {
  readonly words: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  /** By word, the number of its stem. */
  readonly stemOf: readonly number[];
  readonly stems: ReadonlyMap<string, number>;
};

/** A vocabulary that grows. */
export type OpenVocabulary = {
  readonly words: string[];
  readonly numbers: Map<string, number>;
  readonly stemOf: number[];
  readonly stems: Map<string, number>;
};

/** The number of a term, a new one where it has none yet. */
export function numberIn<T>(numbers: Map<T, number>, term: T): number {
  const known = numbers.get(term);
  if (known !== undefined) return known;
  numbers.set(term, numbers.size);
  return numbers.size - 1;
}

/** The number of a word, a new one where it has none yet. */
export function addWord({ words, numbers, stemOf, stems }: OpenVocabulary, word: string): number {
  const number = numberIn(numbers, word);
  if (number < words.length) return number;
  words.push(word);
  stemOf.push(numberIn(stems, stem(word)));
  return number;
}

/** So many words are looked at before others get a turn. */
const stride = 4000;

/** Opens a vocabulary of some words, each of which keeps its place as its number. */
export function* openVocabulary(words: readonly string[]): Slices<OpenVocabulary> {
  const vocabulary: OpenVocabulary = { words: [], numbers: new Map(), stemOf: [], stems: new Map() };
  for (const word of words) if (addWord(vocabulary, word) % stride === stride - 1) yield;
  return vocabulary;
}
