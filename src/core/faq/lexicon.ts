/**
 * Words that mean nearly the same, in all languages together. A message and an entry that share no word often share
 * what they speak of ("they gave me nothing back" and "did not receive a receipt"), and what the entry is asked for
 * in one language teaches what it is asked for in the others.
 */
import { normalise } from "../text/normalise.ts";
import { sound } from "./sound.ts";
import { isArabicScript, stem } from "./stem.ts";

/** The words and phrases of a language for each concept; concepts of the same name are the same in all languages. */
export type ConceptWords = {
  readonly language: string;
  readonly concepts: Readonly<Record<string, readonly string[]>>;
};

/** Words that mean something together, by their stems. */
export type Phrase = { readonly stems: readonly string[]; readonly concept: number };
type Lookup = ReadonlyMap<string, readonly number[]>;

/** What is known of concepts; immutable. */
export type Lexicon = {
  /** How many concepts there are: their numbers are below it. */
  readonly size: number;
  /** Every word in it, for those who look for what a mistyped word was meant to be. */
  readonly words: readonly string[];
  readonly exact: Lookup;
  readonly stems: Lookup;
  readonly sounds: Lookup;
  /** Phrases of several words by the stem of their first. */
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>;
  /** Words that Latin-script languages use: these are not taken for Dari or Pashto by their sound. */
  readonly latin: ReadonlySet<string>;
};

/** A shorter stem is shared by words that have nothing to do with each other; Arabic script writes few vowels. */
const shortestStem = { latin: 4, arabic: 3 } as const;
/** Fewer consonants are shared by too many words. */
const shortestSound = 3;
/** A Latin spelling of a Dari or Pashto word is no longer than this where it can be an English word as well ("so"). */
const longestAmbiguous = 4;

type Builder = Record<"exact" | "stems" | "sounds", Map<string, number[]>> & {
  readonly phrases: Map<string, Phrase[]>;
};

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else if (!known.includes(value)) known.push(value);
}

function addWord(builder: Builder, word: string, concept: number, listen: boolean): void {
  put(builder.exact, word, concept);
  const stemmed = stem(word);
  const shortest = isArabicScript(word) ? shortestStem.arabic : shortestStem.latin;
  if (stemmed === word || stemmed.length >= shortest) put(builder.stems, stemmed, concept);
  const heard = listen ? sound(word) : "";
  if (heard.length >= shortestSound) put(builder.sounds, heard, concept);
}

function addPhrase({ phrases }: Builder, words: readonly string[], concept: number): void {
  const stems = words.map(stem);
  put(phrases, stems[0] ?? "", { stems, concept });
}

/** Most words of the list are written in Arabic script; the others are their Latin spellings. */
const isHeard = ({ concepts }: ConceptWords): boolean => {
  const words = Object.values(concepts).flat();
  return words.filter(isArabicScript).length * 2 > words.length;
};

/**
 * Makes a lexicon of the lists of all languages. `latin`: the words (in normal form) that the texts of Latin-script
 * languages use.
 */
export function buildLexicon(lists: readonly ConceptWords[], latin: ReadonlySet<string>): Lexicon {
  const builder: Builder = { exact: new Map(), stems: new Map(), sounds: new Map(), phrases: new Map() };
  const numbers = new Map<string, number>();
  for (const list of lists) {
    const listen = isHeard(list);
    for (const [name, texts] of Object.entries(list.concepts)) {
      const concept = numbers.get(name) ?? numbers.size;
      numbers.set(name, concept);
      for (const text of texts) addText(builder, normalise(text), concept, listen, latin);
    }
  }
  return { ...builder, size: numbers.size, words: [...builder.exact.keys()], latin };
}

function addText(
  builder: Builder,
  normal: string,
  concept: number,
  listen: boolean,
  latin: ReadonlySet<string>,
): void {
  const words = normal.split(" ");
  const [first = ""] = words;
  if (words.length > 1) return addPhrase(builder, words, concept);
  const ambiguous = listen && !isArabicScript(first) && first.length <= longestAmbiguous && latin.has(first);
  if (first.length > 1 && !ambiguous) addWord(builder, first, concept, listen);
}

const none: readonly number[] = [];

/** The concepts of one word in normal form: as it is written, else by its stem, else by its sound. */
export function conceptsOfWord(lexicon: Lexicon, word: string): readonly number[] {
  const written = lexicon.exact.get(word) ?? lexicon.stems.get(stem(word));
  if (written !== undefined) return written;
  if (isArabicScript(word) || lexicon.latin.has(word)) return none;
  return lexicon.sounds.get(sound(word)) ?? none;
}

const noPhrases: readonly Phrase[] = [];

/** The phrases of several words that begin with a stem. */
export function phrasesFrom({ phrases }: Lexicon, stemmed: string): readonly Phrase[] {
  return phrases.get(stemmed) ?? noPhrases;
}
