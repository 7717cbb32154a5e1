import { piecesOf } from "./letters.ts";
import { conceptsOfWord, type Lexicon, type Phrase, phrasesFrom } from "./lexicon.ts";
import { endRow, openRows, type Rows, rowCount } from "./rows.ts";
import type { Slices } from "./slices.ts";
import { numberIn, type Vocabulary } from "./vocabulary.ts";

/** Everything that is known of words by their numbers. */
export type WordBook = Vocabulary & {
  /** By word, its concepts. */
  readonly concepts: readonly (readonly number[])[];
  /** By word of the texts (the first), its pieces of letters by their numbers. */
  readonly pieces: Rows;
  readonly pieceNumbers: ReadonlyMap<number, number>;
};

/** So many words are looked at before others get a turn. */
const stride = 4000;

/**
 * Works out what is known of words, each once: tens of thousands of phrasings share a few thousand. `inTexts`: so many
 * of them, the first, stand in texts.
 */
export function* writeWordBook(vocabulary: Vocabulary, inTexts: number, lexicon: Lexicon): Slices<WordBook> {
  const { words, stemOf } = vocabulary;
  const pieceNumbers = new Map<number, number>();
  const pieces = openRows();
  const concepts: (readonly number[])[] = [];
  for (let number = 0; number < words.length; number += 1) {
    const word = words[number] ?? "";
    concepts.push(conceptsOfWord(lexicon, word, number, stemOf[number] ?? -1));
    if (number % stride === stride - 1) yield;
    if (number >= inTexts) continue;
    for (const piece of piecesOf(word)) pieces.items.push(numberIn(pieceNumbers, piece));
    endRow(pieces);
  }
  return { ...vocabulary, concepts, pieces, pieceNumbers };
}

/** Words by what they mean: the number of each one's stem (-1 for unknown ones), and each one's concepts. */
type Meant = { readonly stems: readonly number[]; readonly concepts: readonly (readonly number[])[] };

/**
 * The concepts of each text that is given as the numbers of its words' stems: each once, in ascending order. `concepts`:
 * those of each of the words.
 */
export function conceptsOfTexts(stems: Rows, concepts: Meant["concepts"], lexicon: Lexicon): Rows {
  const all = openRows();
  const meant = { stems: stems.items, concepts };
  for (let text = 0; text < rowCount(stems); text += 1) {
    addConcepts(meant, stems.starts[text] ?? 0, stems.starts[text + 1] ?? 0, lexicon, all.items);
    endRow(all);
  }
  return all;
}

const none: readonly number[] = [];

/** The concepts of a text's words and phrases, each once, in ascending order. */
export function conceptsIn(text: Meant, lexicon: Lexicon): number[] {
  const found: number[] = [];
  addConcepts(text, 0, text.stems.length, lexicon, found);
  return found;
}

function addConcepts(meant: Meant, from: number, to: number, lexicon: Lexicon, all: number[]): void {
  const first = all.length;
  for (let at = from; at < to; at += 1) {
    const own = meant.concepts[at] ?? none;
    for (let place = 0; place < own.length; place += 1) insert(all, first, own[place] ?? 0);
    const phrases = phrasesFrom(lexicon, meant.stems[at] ?? -1);
    if (phrases.length > 0) addPhrases(phrases, meant.stems, at, to, all, first);
  }
}

/** Adds the concepts of those phrases, of all that begin at a place, that stand there whole. */
function addPhrases(
  phrases: readonly Phrase[],
  stems: readonly number[],
  at: number,
  to: number,
  all: number[],
  first: number,
): void {
  for (const { rest, concept } of phrases) if (follow(stems, at, to, rest)) insert(all, first, concept);
}

/** Whether the stems after a place are these. */
function follow(stems: readonly number[], at: number, to: number, rest: readonly number[]): boolean {
  if (at + rest.length >= to) return false;
  for (let place = 0; place < rest.length; place += 1) {
    if (stems[at + 1 + place] !== rest[place]) return false;
  }
  return true;
}

/** Puts a number in its place among the ascending ones from a place on, where it is not there yet. */
function insert(ascending: number[], from: number, number: number): void {
  let at = ascending.length;
  while (at > from && (ascending[at - 1] ?? 0) > number) at -= 1;
  if (at > from && ascending[at - 1] === number) return;
  ascending.push(number);
  for (let place = ascending.length - 1; place > at; place -= 1) ascending[place] = ascending[place - 1] ?? 0;
  ascending[at] = number;
}
