/**
 * Which language a message is written in, by the words and letters of the phrasings of each: so Dari and Pashto in
 * Latin letters are told from English and Spanish, which every common tool takes them for. Naive Bayes.
 */
import { hasPashtoLetter } from "../text/guess-language.ts";
import { normalise } from "../text/normalise.ts";
import { type Rows, rowCount } from "./rows.ts";
import { trigramsOf } from "./trigrams.ts";
import type { WordBook } from "./word-book.ts";

/** The languages; by word and by trigram (its number × languages + language) the logarithm of its share. */
export type LanguageModel = {
  readonly languages: readonly string[];
  readonly book: Pick<WordBook, "numbers" | "trigrams" | "trigramNumbers">;
  readonly words: Float32Array;
  readonly trigrams: Float32Array;
};

/**
 * The language that fits best, by how much it leads before the next (the logarithm of their odds), and how many of the
 * words are known.
 */
export type Written = { readonly language: string; readonly lead: number; readonly known: number };

/** The lead of what is settled. Pashto's own letters settle it, which the normal form folds away. */
const settledLead = 20;
/** So sure of a language that it is worth acting on (a hundred to one). */
const sureLead = Math.log(100);
/** What a language's phrasings never have counts as if it stood there so many times. */
const smoothing = 0.3;

/** Turns counts into logarithms of smoothed shares, in place. */
function sharesOf(counts: Float32Array, languages: number): Float32Array {
  const totals = new Float64Array(languages).fill((smoothing * counts.length) / Math.max(languages, 1));
  for (let at = 0; at < counts.length; at += 1) {
    totals[at % languages] = (totals[at % languages] ?? 0) + (counts[at] ?? 0);
  }
  const logTotals = totals.map(Math.log);
  for (let at = 0; at < counts.length; at += 1) {
    counts[at] = Math.log((counts[at] ?? 0) + smoothing) - (logTotals[at % languages] ?? 0);
  }
  return counts;
}

/** Learns from texts given as the numbers of their words, each with the place of its language among `languages`. */
export function buildLanguageModel(
  languages: readonly string[],
  book: LanguageModel["book"],
  texts: readonly { readonly language: number; readonly words: Uint32Array }[],
): LanguageModel {
  const words = new Float32Array(rowCount(book.trigrams) * languages.length);
  const trigrams = new Float32Array(book.trigramNumbers.size * languages.length);
  for (const { language, words: own } of texts) {
    for (let at = 0; at < own.length; at += 1) {
      const word = own[at] ?? 0;
      // The trigrams of each word once a language: it is known by its letters, not by what people ask most.
      if (add(words, word * languages.length + language) > 1) continue;
      addRow(trigrams, book.trigrams, word, languages.length, language);
    }
  }
  return {
    languages,
    book,
    words: sharesOf(words, languages.length),
    trigrams: sharesOf(trigrams, languages.length),
  };
}

/** Adds one for each item of a row, at item × size + place. */
function addRow(
  counts: Float32Array,
  { starts, items }: Rows,
  row: number,
  size: number,
  place: number,
): void {
  const end = starts[row + 1] ?? 0;
  for (let at = starts[row] ?? 0; at < end; at += 1) add(counts, (items[at] ?? 0) * size + place);
}

/** Adds one to a count, and gives it. */
function add(counts: Float32Array, at: number): number {
  const count = (counts[at] ?? 0) + 1;
  counts[at] = count;
  return count;
}

/** The language of a text as it was typed; undefined where nothing of it is like anything that is known. */
export function writtenLanguage(
  { languages, book, words, trigrams }: LanguageModel,
  text: string,
): Written | undefined {
  const scores = new Float64Array(languages.length);
  const read = normalise(text).split(" ");
  // Words that only concepts have come after those of the texts, and have no share.
  const numbers = read.map((word) => book.numbers.get(word) ?? Infinity);
  const isKnown = (number: number | undefined): boolean => (number ?? Infinity) < rowCount(book.trigrams);
  const unknown = read.filter((_, at) => !isKnown(numbers[at]));
  const known = addShares(scores, words, numbers.filter(isKnown));
  const like = addShares(
    scores,
    trigrams,
    unknown
      .flatMap(trigramsOf)
      .map((trigram) => book.trigramNumbers.get(trigram))
      .filter((trigram) => trigram !== undefined),
  );
  if (languages.includes("ps") && hasPashtoLetter(text)) return { language: "ps", lead: settledLead, known };
  return known + like === 0 ? undefined : leading(languages, scores, known);
}

/**
 * Whether a text is surely in the language that fits it best: a hundred to one, with so many known words in it. Without
 * any, nothing is sure: names, and languages that are none of ours, are made of the same trigrams.
 */
export function isSure({ lead, known }: Written, fewestKnown: number): boolean {
  return lead >= sureLead && known >= fewestKnown;
}

/** Adds each term's shares to the scores; gives how many terms there are. */
function addShares(scores: Float64Array, shares: Float32Array, terms: readonly number[]): number {
  for (const term of terms) {
    for (let place = 0; place < scores.length; place += 1) {
      scores[place] = (scores[place] ?? 0) + (shares[term * scores.length + place] ?? 0);
    }
  }
  return terms.length;
}

function leading(languages: readonly string[], scores: Float64Array, known: number): Written | undefined {
  const [first, second] = languages
    .map((language, place) => ({ language, score: scores[place] ?? 0 }))
    .sort((a, b) => b.score - a.score);
  if (first === undefined) return undefined;
  const lead = second === undefined ? settledLead : first.score - second.score;
  return { language: first.language, lead, known };
}
