/**
 * Which language a message is written in, by the words and letters of the phrasings of each: so Dari and Pashto in
 * Latin letters are told from English and Spanish, which every common tool takes them for. Naive Bayes.
 */
import { normalise } from "../text/normalise.ts";
import { piecesOf } from "./letters.ts";
import type { WordBook } from "./word-book.ts";

/** The languages; by word and by piece of letters (its number × languages + language) the logarithm of its share. */
export type LanguageModel = {
  readonly languages: readonly string[];
  readonly book: Pick<WordBook, "numbers" | "pieces">;
  readonly words: Float32Array;
  readonly pieces: Float32Array;
};

/**
 * The language that fits best, by how much it leads before the next (the logarithm of their odds), and how many of the
 * words are known.
 */
export type Written = { readonly language: string; readonly lead: number; readonly known: number };

/** Pashto has letters that Persian keyboards lack. Where they stand they settle it; the normal form folds them away. */
const pashtoOnly = /[ټځڅډړږښګڼېۍئ]/u;
const settledLead = 20;
/** What a language's phrasings never have counts as if it stood there so many times. */
const smoothing = 0.3;

/** Turns counts into logarithms of smoothed shares. */
function sharesOf(counts: Float32Array, languages: number): Float32Array {
  const totals = new Float64Array(languages).fill((smoothing * counts.length) / Math.max(languages, 1));
  for (let at = 0; at < counts.length; at += 1) {
    totals[at % languages] = (totals[at % languages] ?? 0) + (counts[at] ?? 0);
  }
  return counts.map((times, at) => Math.log((times + smoothing) / (totals[at % languages] ?? 1)));
}

/** Learns from texts given as the numbers of their words, each with the place of its language among `languages`. */
export function buildLanguageModel(
  languages: readonly string[],
  book: WordBook,
  texts: readonly {
    readonly language: number;
    readonly phrasings: readonly { readonly words: readonly number[] }[];
  }[],
): LanguageModel {
  const words = new Float32Array(book.words.length * languages.length);
  const pieces = new Float32Array(book.pieces.size * languages.length);
  const add = (counts: Float32Array, term: number, language: number): number => {
    const at = term * languages.length + language;
    counts[at] = (counts[at] ?? 0) + 1;
    return counts[at];
  };
  for (const { language, phrasings } of texts) {
    for (const word of phrasings.flatMap((one) => one.words)) {
      // Each word once a language: a language is known by its letters, not by what people ask most.
      if (add(words, word, language) > 1) continue;
      for (const piece of book.words[word]?.pieces ?? []) add(pieces, piece, language);
    }
  }
  return {
    languages,
    book,
    words: sharesOf(words, languages.length),
    pieces: sharesOf(pieces, languages.length),
  };
}

/** The language of a text as it was typed; undefined where nothing of it is like anything that is known. */
export function writtenLanguage(
  { languages, book, words, pieces }: LanguageModel,
  text: string,
): Written | undefined {
  const scores = new Float64Array(languages.length);
  const read = normalise(text).split(" ");
  const unknown = read.filter((word) => !book.numbers.has(word));
  const known = addShares(
    scores,
    words,
    read.map((word) => book.numbers.get(word)),
  );
  const like = addShares(
    scores,
    pieces,
    unknown.flatMap(piecesOf).map((piece) => book.pieces.get(piece)),
  );
  if (languages.includes("ps") && pashtoOnly.test(text)) return { language: "ps", lead: settledLead, known };
  return known + like === 0 ? undefined : leading(languages, scores, known);
}

/** Adds each term's shares to the scores; gives how many of the terms have any. */
function addShares(
  scores: Float64Array,
  shares: Float32Array,
  terms: readonly (number | undefined)[],
): number {
  const known = terms.filter((term) => term !== undefined);
  for (const term of known) {
    for (let place = 0; place < scores.length; place += 1) {
      scores[place] = (scores[place] ?? 0) + (shares[term * scores.length + place] ?? 0);
    }
  }
  return known.length;
}

function leading(languages: readonly string[], scores: Float64Array, known: number): Written | undefined {
  const [first, second] = languages
    .map((language, place) => ({ language, score: scores[place] ?? 0 }))
    .sort((a, b) => b.score - a.score);
  if (first === undefined) return undefined;
  const lead = second === undefined ? settledLead : first.score - second.score;
  return { language: first.language, lead, known };
}
