/**
 * Words that mean nearly the same, in all languages together. A message and an entry that share no word often share
 * what they speak of ("they gave me nothing back" and "did not receive a receipt"), and what the entry is asked for
 * in one language teaches what it is asked for in the others.
 */
import { normalise } from "../text/normalise.ts";
import type { Slices } from "./slices.ts";
import { sound } from "./sound.ts";
import { isArabicScript, stem } from "./stem.ts";
import { addWord, numberIn, type OpenVocabulary } from "./vocabulary.ts";

/** The words and phrases of a language for each concept; concepts of the same name are the same in all languages. */
export type ConceptWords = {
  readonly language: string;
  readonly concepts: Readonly<Record<string, readonly string[]>>;
};

/** Words that mean something together: the stems that follow the first, by their numbers. */
export type Phrase = { readonly rest: readonly number[]; readonly concept: number };

/** What is known of concepts; immutable. */
export type Lexicon = {
  /** How many concepts there are: their numbers are below it. */
  readonly size: number;
  /** How many words it has. */
  readonly words: number;
  /** By the numbers of words and of stems, the concepts of those that have any. */
  readonly ofWord: readonly (readonly number[] | undefined)[];
  readonly ofStem: readonly (readonly number[] | undefined)[];
  readonly ofSound: ReadonlyMap<string, readonly number[]>;
  /** Phrases of several words by the stem of their first. */
  readonly phrases: readonly (readonly Phrase[] | undefined)[];
  /** Whether Latin-script languages use a word: such are not taken for Dari or Pashto by their sound. */
  readonly isLatin: (word: number) => boolean;
};

/** A shorter stem is shared by words that have nothing to do with each other; Arabic script writes few vowels. */
const shortestStem = { latin: 4, arabic: 3 } as const;
/** Fewer consonants are shared by too many words. */
const shortestSound = 3;
/** A Latin spelling of a Dari or Pashto word is no longer than this where it can be an English word as well ("so"). */
const longestAmbiguous = 4;

/** What is being built: by the numbers of words and stems, and by sounds. */
type Builder = {
  readonly vocabulary: OpenVocabulary;
  readonly ofWord: Map<number, number[]>;
  readonly ofStem: Map<number, number[]>;
  readonly ofSound: Map<string, number[]>;
  readonly phrases: Map<number, Phrase[]>;
  readonly isLatin: Lexicon["isLatin"];
};

function put<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else if (!known.includes(value)) known.push(value);
}

/** Adds the only word of a text. */
function addWordOf(builder: Builder, word: string, concept: number, listen: boolean): void {
  const isArabic = isArabicScript(word);
  const number = addWord(builder.vocabulary, word);
  if (listen && !isArabic && word.length <= longestAmbiguous && builder.isLatin(number)) return;
  put(builder.ofWord, number, concept);
  const stemmed = stem(word);
  const shortest = isArabic ? shortestStem.arabic : shortestStem.latin;
  if (stemmed === word || stemmed.length >= shortest) {
    put(builder.ofStem, builder.vocabulary.stemOf[number] ?? -1, concept);
  }
  const heard = listen ? sound(word) : "";
  if (heard.length >= shortestSound) put(builder.ofSound, heard, concept);
}

function addPhrase({ vocabulary, phrases }: Builder, words: readonly string[], concept: number): void {
  const [first = -1, ...rest] = words.map((word) => vocabulary.stemOf[addWord(vocabulary, word)] ?? -1);
  put(phrases, first, { rest, concept });
}

/** Most concepts' first words are written in Arabic script; the others are their Latin spellings. */
const isHeard = ({ concepts }: ConceptWords): boolean => {
  const firsts = Object.values(concepts).map(([first = ""]) => first);
  return firsts.filter(isArabicScript).length * 2 > firsts.length;
};

/**
 * Makes a lexicon of the lists of all languages, whose words it adds to the vocabulary. `isLatin`: whether the texts of
 * Latin-script languages use a word.
 */
export function* buildLexicon(
  lists: readonly ConceptWords[],
  vocabulary: OpenVocabulary,
  isLatin: Lexicon["isLatin"],
): Slices<Lexicon> {
  const ofWord = new Map<number, number[]>();
  const ofStem = new Map<number, number[]>();
  const ofSound = new Map<string, number[]>();
  const phrases = new Map<number, Phrase[]>();
  const builder = { vocabulary, ofWord, ofStem, ofSound, phrases, isLatin };
  const numbers = new Map<string, number>();
  for (const list of lists) {
    const listen = isHeard(list);
    for (const [name, texts] of Object.entries(list.concepts)) {
      const concept = numberIn(numbers, name);
      for (const text of texts) addText(builder, normalise(text), concept, listen);
    }
    yield;
  }
  const { words, stems } = vocabulary;
  return {
    size: numbers.size,
    words: ofWord.size,
    ofWord: listed(ofWord, words.length),
    ofStem: listed(ofStem, stems.size),
    ofSound,
    phrases: listed(phrases, stems.size),
    isLatin,
  };
}

function listed<T>(map: ReadonlyMap<number, T>, count: number): readonly (T | undefined)[] {
  const list = new Array<T | undefined>(count).fill(undefined);
  for (const [at, value] of map) list[at] = value;
  return list;
}

function addText(builder: Builder, normal: string, concept: number, listen: boolean): void {
  const words = normal.split(" ");
  const [first = ""] = words;
  if (words.length > 1) addPhrase(builder, words, concept);
  else if (first.length > 1) addWordOf(builder, first, concept, listen);
}

const none: readonly number[] = [];

/**
 * The concepts of a word in normal form, by its number and its stem's (-1 for unknown ones): as it is written, else by
 * its stem, else by its sound.
 */
export function conceptsOfWord(
  { ofWord, ofStem, ofSound, isLatin }: Lexicon,
  word: string,
  number: number,
  stemNumber: number,
): readonly number[] {
  const exact = number === -1 ? undefined : ofWord[number];
  const written = exact ?? (stemNumber === -1 ? undefined : ofStem[stemNumber]);
  if (written !== undefined) return written;
  if (isArabicScript(word) || isLatin(number)) return none;
  return ofSound.get(sound(word)) ?? none;
}

const noPhrases: readonly Phrase[] = [];

/** The phrases of several words that begin with a stem. */
export function phrasesFrom({ phrases }: Lexicon, stemNumber: number): readonly Phrase[] {
  return (stemNumber === -1 ? undefined : phrases[stemNumber]) ?? noPhrases;
}
