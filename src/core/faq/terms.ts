import { tokens } from "../text/normalise.ts";
import { sound } from "./sound.ts";
import { isArabicScript, stem } from "./stem.ts";

/** Gives the concepts that words (in normal form) stand for, whatever their language. */
export type ConceptsOf = (words: readonly string[]) => readonly string[];

/** What a text is compared by, one list for each field of the index. */
export type Terms = {
  readonly words: readonly string[];
  readonly grams: readonly string[];
  readonly sounds: readonly string[];
  readonly concepts: readonly string[];
};

type WordTerms = {
  readonly stem: string;
  readonly grams: readonly string[];
  readonly sounds: readonly string[];
};
type WordReader = (word: string) => WordTerms;

const gramLength = 3;

function gramsOf(word: string): string[] {
  const edged = ` ${word} `;
  const count = Math.max(edged.length - gramLength + 1, 1);
  return Array.from({ length: count }, (_, at) => edged.slice(at, at + gramLength));
}

function readWord(word: string): WordTerms {
  const heard = sound(word);
  return { stem: stem(word), grams: gramsOf(word), sounds: heard === "" ? [] : [heard] };
}

/** A reader that remembers its words: thousands of phrasings share a few thousand of them. */
function rememberingReader(): WordReader {
  const known = new Map<string, WordTerms>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const read = readWord(word);
    known.set(word, read);
    return read;
  };
}

/** A reader for the texts of an index, to be thrown away when it is built. */
export function documentReader(conceptsOf: ConceptsOf): (text: string) => Terms {
  const read = rememberingReader();
  return (text) => {
    const words = tokens(text);
    const terms = words.map(read);
    return {
      words: terms.map((term) => term.stem),
      grams: terms.flatMap(({ grams }) => grams),
      sounds: terms.flatMap(({ sounds }) => sounds),
      concepts: conceptsOf(words),
    };
  };
}

/** The terms of a message: its sounds are those of its Latin words only, as the others have their letters. */
export function messageTerms(text: string, conceptsOf: ConceptsOf): Terms {
  const words = tokens(text);
  const latin = words.filter((word) => !isArabicScript(word));
  return {
    words: words.map(stem),
    grams: words.flatMap(gramsOf),
    sounds: latin.map(sound).filter((heard) => heard !== ""),
    concepts: conceptsOf(words),
  };
}
