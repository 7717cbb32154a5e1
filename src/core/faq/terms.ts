import { tokens } from "../text/normalise.ts";
import type { TermCounts } from "./bm25.ts";
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

function readWord(word: string, listen: boolean): WordTerms {
  const heard = listen ? sound(word) : "";
  return { stem: stem(word), grams: gramsOf(word), sounds: heard === "" ? [] : [heard] };
}

/** A reader that remembers its words: thousands of phrasings share a few thousand of them. */
function rememberingReader(listen: boolean): WordReader {
  const known = new Map<string, WordTerms>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const read = readWord(word, listen);
    known.set(word, read);
    return read;
  };
}

/** The terms of a document, counted. */
export type CountedTerms = Readonly<Record<keyof Terms, TermCounts>>;

function add(counts: Map<string, number>, term: string, times: number): void {
  counts.set(term, (counts.get(term) ?? 0) + times);
}

function countOf(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) add(counts, term, 1);
  return counts;
}

/**
 * A reader for the texts of an index, to be thrown away when it is built. Words that recur are read once; their
 * sounds only where somebody will `listen` for them.
 */
export function documentReader(
  conceptsOf: ConceptsOf,
  listen: boolean,
): (texts: readonly string[]) => CountedTerms {
  const read = rememberingReader(listen);
  return (texts) => {
    // Short texts have a quicker way to their normal form than long ones.
    const all = texts.flatMap((text) => text.split("\n")).flatMap(tokens);
    const words = new Map<string, number>();
    const grams = new Map<string, number>();
    const sounds = new Map<string, number>();
    for (const [word, times] of countOf(all)) {
      const terms = read(word);
      add(words, terms.stem, times);
      for (const gram of terms.grams) add(grams, gram, times);
      for (const heard of terms.sounds) add(sounds, heard, times);
    }
    return { words, grams, sounds, concepts: countOf(conceptsOf(all)) };
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
