import { piecesOf } from "./letters.ts";
import { conceptsOfWord, type Lexicon, type Phrase, phrasesFrom } from "./lexicon.ts";
import { stem } from "./stem.ts";

/** A known word: its stem and its pieces of letters by their numbers, its concepts, and the phrases that begin with it. */
export type Word = {
  readonly stem: number;
  readonly stemmed: string;
  readonly pieces: readonly number[];
  readonly concepts: readonly number[];
  readonly phrases: readonly Phrase[];
};

/** A text by the numbers of its words, and its concepts, each once, in ascending order. */
export type ReadText = { readonly words: readonly number[]; readonly concepts: readonly number[] };

/** Everything that is known of the words of the texts that an index is made of; a word's number is its place in `words`. */
export type WordBook = {
  readonly words: readonly Word[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly stems: ReadonlyMap<string, number>;
  readonly pieces: ReadonlyMap<number, number>;
  /** How often each word was read. */
  readonly counts: readonly number[];
};

/** A book that is being written. Each word is worked out once: tens of thousands of phrasings share a few thousand. */
export type OpenBook = WordBook & { readonly read: (words: readonly string[]) => ReadText };

function numberIn<T>(numbers: Map<T, number>, term: T): number {
  const known = numbers.get(term);
  if (known !== undefined) return known;
  numbers.set(term, numbers.size);
  return numbers.size - 1;
}

/** Opens an empty book; its `read` takes the words of a text in normal form. */
export function openWordBook(lexicon: Lexicon): OpenBook {
  const stems = new Map<string, number>();
  const pieces = new Map<number, number>();
  const numbers = new Map<string, number>();
  const words: Word[] = [];
  const counts: number[] = [];
  const add = (word: string): number => {
    const stemmed = stem(word);
    words.push({
      stem: numberIn(stems, stemmed),
      stemmed,
      pieces: piecesOf(word).map((piece) => numberIn(pieces, piece)),
      concepts: conceptsOfWord(lexicon, word),
      phrases: phrasesFrom(lexicon, stemmed),
    });
    counts.push(0);
    numbers.set(word, words.length - 1);
    return words.length - 1;
  };
  const read = (texts: readonly string[]): ReadText => {
    const own: number[] = [];
    const meant: Word[] = [];
    for (const text of texts) {
      const number = numbers.get(text) ?? add(text);
      const word = words[number];
      counts[number] = (counts[number] ?? 0) + 1;
      own.push(number);
      if (word !== undefined) meant.push(word);
    }
    return { words: own, concepts: conceptsIn(meant) };
  };
  return { read, words, numbers, stems, pieces, counts };
}

type Meaning = Pick<Word, "stemmed" | "concepts" | "phrases">;

/** The concepts of a text's words and phrases, each once, in ascending order. */
export function conceptsIn(words: readonly Meaning[]): number[] {
  const found: number[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const { concepts = [], phrases = [] } = words[at] ?? {};
    for (const concept of concepts) insert(found, concept);
    for (const { stems, concept } of phrases) {
      if (stems.every((one, place) => words[at + place]?.stemmed === one)) insert(found, concept);
    }
  }
  return found;
}

/** Puts a number in its place among ascending ones, where it is not there yet. */
function insert(ascending: number[], number: number): void {
  let at = ascending.length;
  while (at > 0 && (ascending[at - 1] ?? 0) > number) at -= 1;
  if (at > 0 && ascending[at - 1] === number) return;
  ascending.splice(at, 0, number);
}
