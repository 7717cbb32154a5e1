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

/** The language that fits best, and by how much it leads before the next: the logarithm of their odds. */
export type Written = { readonly language: string; readonly lead: number };

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
export function writtenLanguage(model: LanguageModel, text: string): Written | undefined {
  const { languages, book } = model;
  if (languages.includes("ps") && pashtoOnly.test(text)) return { language: "ps", lead: settledLead };
  const scores = new Float64Array(languages.length);
  let known = 0;
  const add = (shares: Float32Array, term: number | undefined): void => {
    if (term === undefined) return;
    known += 1;
    for (let place = 0; place < scores.length; place += 1) {
      scores[place] = (scores[place] ?? 0) + (shares[term * scores.length + place] ?? 0);
    }
  };
  for (const word of normalise(text).split(" ")) {
    const number = book.numbers.get(word);
    add(model.words, number);
    if (number === undefined) for (const piece of piecesOf(word)) add(model.pieces, book.pieces.get(piece));
  }
  return known === 0 ? undefined : leading(languages, scores);
}

function leading(languages: readonly string[], scores: Float64Array): Written | undefined {
  const [first, second] = languages
    .map((language, place) => ({ language, score: scores[place] ?? 0 }))
    .sort((a, b) => b.score - a.score);
  if (first === undefined) return undefined;
  return { language: first.language, lead: second === undefined ? settledLead : first.score - second.score };
}
