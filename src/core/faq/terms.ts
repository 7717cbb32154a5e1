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

const gramLength = 3;

function gramsOf(word: string): string[] {
  const edged = ` ${word} `;
  if (edged.length <= gramLength) return [edged];
  const grams: string[] = [];
  for (let at = 0; at + gramLength <= edged.length; at += 1) grams.push(edged.slice(at, at + gramLength));
  return grams;
}

function readWord(word: string, listen: boolean): WordTerms {
  const heard = listen ? sound(word) : "";
  return { stem: stem(word), grams: gramsOf(word), sounds: heard === "" ? [] : [heard] };
}

/** The number of each term of a field, in the order in which they were met. */
export type Vocabulary = ReadonlyMap<string, number>;
/** The terms of a text by their numbers, as often as it has them. */
export type NumberedTerms = Readonly<Record<keyof Terms, readonly number[]>>;

/** Reads words of an index; `listen` where people also type their language in Latin letters. */
export type DocumentReader = {
  readonly read: (words: readonly string[], listen: boolean) => NumberedTerms;
  readonly vocabularies: Readonly<Record<keyof Terms, Vocabulary>>;
};

type NumberedWord = {
  readonly stem: number;
  readonly grams: readonly number[];
  readonly sounds: readonly number[];
};

function numberIn(vocabulary: Map<string, number>, term: string): number {
  const known = vocabulary.get(term);
  if (known !== undefined) return known;
  const next = vocabulary.size;
  vocabulary.set(term, next);
  return next;
}

/** Works something out once for each word: thousands of phrasings share a few thousand of them. */
function remember<T>(make: (word: string) => T): (word: string) => T {
  const known = new Map<string, T>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const made = make(word);
    known.set(word, made);
    return made;
  };
}

/** As `flat` does it, but several times as fast on the many short lists here. */
export function joined(lists: readonly (readonly number[])[]): number[] {
  const all: number[] = [];
  for (const list of lists) for (const one of list) all.push(one);
  return all;
}

/** A reader for the texts of an index, to be thrown away when it is built; it numbers the terms as it meets them. */
export function documentReader(conceptsOf: ConceptsOf): DocumentReader {
  const vocabularies = {
    words: new Map<string, number>(),
    grams: new Map<string, number>(),
    sounds: new Map<string, number>(),
    concepts: new Map<string, number>(),
  };
  const readAs = (listen: boolean) =>
    remember((word): NumberedWord => {
      const { stem: stemmed, grams, sounds } = readWord(word, listen);
      return {
        stem: numberIn(vocabularies.words, stemmed),
        grams: grams.map((gram) => numberIn(vocabularies.grams, gram)),
        sounds: sounds.map((heard) => numberIn(vocabularies.sounds, heard)),
      };
    });
  const aloud = readAs(true);
  const silently = readAs(false);
  const read: DocumentReader["read"] = (words, listen) => {
    const known = words.map(listen ? aloud : silently);
    return {
      words: known.map((word) => word.stem),
      grams: joined(known.map(({ grams }) => grams)),
      sounds: joined(known.map(({ sounds }) => sounds)),
      concepts: conceptsOf(words).map((concept) => numberIn(vocabularies.concepts, concept)),
    };
  };
  return { read, vocabularies };
}

/** The terms of a message (in normal form): its sounds are those of its Latin words only, as the others have their letters. */
export function messageTerms(normal: string, conceptsOf: ConceptsOf, listen: boolean): Terms {
  const words = normal === "" ? [] : normal.split(" ");
  const terms = words.map((word) => readWord(word, listen && !isArabicScript(word)));
  return {
    words: terms.map((term) => term.stem),
    grams: terms.flatMap(({ grams }) => grams),
    sounds: terms.flatMap(({ sounds }) => sounds),
    concepts: conceptsOf(words),
  };
}
