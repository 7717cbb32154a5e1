import { tokens } from "../text/normalise.ts";
import { sound } from "./sound.ts";
import { isArabicScript, stem } from "./stem.ts";

/** Gives the concepts that words (in normal form) stand for, whatever their language; the same word may give several. */
export type ConceptsOf = (words: readonly string[]) => readonly string[];

/** What a text is compared by, one list for each field of the index. */
export type Terms = {
  readonly words: readonly string[];
  readonly grams: readonly string[];
  readonly sounds: readonly string[];
  readonly concepts: readonly string[];
};

const gramLength = 3;

function gramsOf(word: string): string[] {
  const edged = ` ${word} `;
  const count = Math.max(edged.length - gramLength + 1, 1);
  return Array.from({ length: count }, (_, at) => edged.slice(at, at + gramLength));
}

const soundsOf = (words: readonly string[]): string[] => words.map(sound).filter((heard) => heard !== "");

function termsOf(words: readonly string[], spoken: readonly string[], conceptsOf: ConceptsOf): Terms {
  return {
    words: words.map(stem),
    grams: words.flatMap(gramsOf),
    sounds: soundsOf(spoken),
    concepts: conceptsOf(words),
  };
}

/** The terms of a phrasing or an answer's text. */
export function documentTerms(text: string, conceptsOf: ConceptsOf): Terms {
  const words = tokens(text);
  return termsOf(words, words, conceptsOf);
}

/** The terms of a message: its sounds are those of its Latin words only, as the others have their letters. */
export function messageTerms(text: string, conceptsOf: ConceptsOf): Terms {
  const words = tokens(text);
  const latin = words.filter((word) => !isArabicScript(word));
  return termsOf(words, latin, conceptsOf);
}
