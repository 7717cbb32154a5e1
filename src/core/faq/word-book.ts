import { conceptsOfWord, type Lexicon, type Phrase, phrasesFrom } from "./lexicon.ts";
import { type Rows, RowWriter, rowCount } from "./rows.ts";
import type { Slices } from "./slices.ts";
import { trigramsOf } from "./trigrams.ts";
import { numberIn, type Vocabulary } from "./vocabulary.ts";

/** Everything that is known of words by their numbers. */
export type WordBook = Vocabulary & {
  /** By word, its concepts. */
  readonly concepts: readonly (readonly number[])[];
  /** By word of the texts (the first), its trigrams by their numbers. */
  readonly trigrams: Rows;
  readonly trigramNumbers: ReadonlyMap<number, number>;
};

/** So many words are looked at before others get a turn. */
const stride = 4000;

/**
 * Works out what is known of words, each once: tens of thousands of phrasings share a few thousand. `inTexts`: so many
 * of them, the first, stand in texts.
 */
export function* writeWordBook(vocabulary: Vocabulary, inTexts: number, lexicon: Lexicon): Slices<WordBook> {
  const { words, stemOf } = vocabulary;
  const trigramNumbers = new Map<number, number>();
  const trigrams = new RowWriter();
  const concepts: (readonly number[])[] = [];
  for (let number = 0; number < words.length; number += 1) {
    const word = words[number] ?? "";
    concepts.push(conceptsOfWord(lexicon, word, number, stemOf[number] ?? -1));
    if (number % stride === stride - 1) yield;
    if (number >= inTexts) continue;
    trigrams.add(trigramsOf(word).map((trigram) => numberIn(trigramNumbers, trigram)));
  }
  return { ...vocabulary, concepts, trigrams: trigrams.rows, trigramNumbers };
}

/** Words by what they mean: the number of each one's stem (-1 for unknown ones), and the place of its concepts. */
type Meant = {
  readonly stems: ArrayLike<number>;
  readonly places: ArrayLike<number>;
  readonly concepts: readonly (readonly number[])[];
};

/** The concepts of each of some texts: each once, in ascending order. `stems`: those of the words of the texts. */
export function conceptsOfTexts(texts: Rows, stems: Uint32Array, book: WordBook, lexicon: Lexicon): Rows {
  const writer = new RowWriter();
  const meant = { stems, places: texts.items, concepts: book.concepts };
  const found: number[] = [];
  for (let text = 0; text < rowCount(texts); text += 1) {
    found.length = 0;
    addConcepts(meant, texts.starts[text] ?? 0, texts.starts[text + 1] ?? 0, lexicon, found);
    writer.add(found);
  }
  return writer.rows;
}

const none: readonly number[] = [];

/** The concepts of a text's words and phrases, each once, in ascending order. */
export function conceptsIn(
  { stems, concepts }: Pick<Meant, "concepts"> & { readonly stems: readonly number[] },
  lexicon: Lexicon,
): number[] {
  const found: number[] = [];
  addConcepts({ stems, places: stems.map((_, at) => at), concepts }, 0, stems.length, lexicon, found);
  return found;
}

function addConcepts(meant: Meant, from: number, to: number, lexicon: Lexicon, found: number[]): void {
  const { stems, places, concepts } = meant;
  for (let at = from; at < to; at += 1) {
    const own = concepts[places[at] ?? 0] ?? none;
    for (let place = 0; place < own.length; place += 1) insert(found, own[place] ?? 0);
    const phrases = phrasesFrom(lexicon, stems[at] ?? -1);
    if (phrases.length > 0) addPhrases(phrases, stems, at, to, found);
  }
}

/** Adds the concepts of those phrases, of all that begin at a place, that stand there whole. */
function addPhrases(
  phrases: readonly Phrase[],
  stems: ArrayLike<number>,
  at: number,
  to: number,
  found: number[],
): void {
  for (const { rest, concept } of phrases) if (follow(stems, at, to, rest)) insert(found, concept);
}

/** Whether the stems after a place are these. */
function follow(stems: ArrayLike<number>, at: number, to: number, rest: readonly number[]): boolean {
  if (at + rest.length >= to) return false;
  for (let place = 0; place < rest.length; place += 1) {
    if (stems[at + 1 + place] !== rest[place]) return false;
  }
  return true;
}

/** Puts a number in its place among ascending ones, where it is not there yet. */
function insert(ascending: number[], number: number): void {
  let at = ascending.length;
  while (at > 0 && (ascending[at - 1] ?? 0) > number) at -= 1;
  if (at > 0 && ascending[at - 1] === number) return;
  ascending.push(number);
  for (let place = ascending.length - 1; place > at; place -= 1) ascending[place] = ascending[place - 1] ?? 0;
  ascending[at] = number;
}
