import { normalise, tokens } from "../text/normalise.ts";
import { buildField, type Field, type FieldShape } from "./bm25.ts";
import { type Classifier, trainClassifier } from "./classifier.ts";
import type { PhrasingWords } from "./closeness.ts";
import { buildFeatureSpace, type FeatureSpace, vectorOf } from "./features.ts";
import { buildLexicon, type ConceptWords, type Lexicon } from "./lexicon.ts";
import { buildSpeller, type Speller } from "./spelling.ts";
import { isArabicScript } from "./stem.ts";
import { openWordBook, type ReadText, type WordBook } from "./word-book.ts";
import { buildLanguageModel, type LanguageModel } from "./written-language.ts";

/**
 * An entry's words in one language: its title, how people ask for it, and its answer or gist. A part is found through
 * the entry that it belongs to.
 */
export type FaqPhrasings = {
  readonly id: string;
  readonly partOf?: string | undefined;
  readonly language: string;
  readonly title: string;
  readonly phrasings: readonly string[];
  readonly text: string;
};

/** `concepts`: words that mean nearly the same, by language; `outside`: what people ask that no entry answers. */
export type FaqIndexOptions = {
  readonly concepts?: readonly ConceptWords[];
  readonly outside?: readonly { readonly language: string; readonly phrasings: readonly string[] }[];
};

/** Everything that a search reads; immutable, shared by all searches. */
export type FaqIndex = {
  /** Entries and parts; in the classifier the class after the last of them is what lies outside. */
  readonly ids: readonly string[];
  /** By place in `ids`, the place of the entry that it is a part of; its own where it is none. */
  readonly wholeOf: Uint16Array;
  /** By place in `ids`, the places of the entry and its parts; only of itself for a part. */
  readonly members: readonly (readonly number[])[];
  readonly languages: readonly string[];
  /** By document (one entry in one language): the entry's place in `ids`, the language's in `languages`. */
  readonly entryOf: Uint16Array;
  readonly languageOf: Uint16Array;
  /** By document, the words of its phrasings. */
  readonly phrasings: readonly PhrasingWords[];
  /** The document of an entry in a language, at entry × languages + language; -1 where it lacks that language. */
  readonly documentOf: Int32Array;
  readonly letters: Field;
  /** The entry of each title and phrasing in normal form, by its place in `ids`; -1 where several have it. */
  readonly exact: ReadonlyMap<string, number>;
  readonly lexicon: Lexicon;
  readonly speller: Speller;
  readonly book: WordBook;
  readonly space: FeatureSpace;
  readonly classifier: Classifier;
  readonly written: LanguageModel;
};

/** Phrasings of one entry differ much in number, so length counts less than in running text. */
const shape: FieldShape = { saturation: 1.2, lengthPenalty: 0.4 };

/** A document: an entry in one language, or what lies outside in it. `asked`: title and phrasings in normal form. */
type Document = {
  readonly entry: number;
  readonly language: number;
  readonly asked: readonly string[];
  readonly askedWords: readonly (readonly string[])[];
  readonly textWords: readonly string[];
};

/** A document whose words are in the book. */
type Read = Document & { readonly phrasings: readonly ReadText[]; readonly text: ReadText };

const wordsOf = (normal: string): string[] => (normal === "" ? [] : normal.split(" "));

function documentOf(entry: number, language: number, texts: readonly string[], text: string): Document {
  const asked = Array.from(new Set(texts.map(normalise)));
  // Short texts have a quicker way to their normal form. Placeholders stay: facts have telling names.
  const textWords = text.split("\n").flatMap(tokens);
  return { entry, language, asked, askedWords: asked.map(wordsOf), textWords };
}

function documentsOf(
  entries: readonly FaqPhrasings[],
  outside: FaqIndexOptions["outside"] = [],
  ids: readonly string[],
  languages: readonly string[],
): readonly Document[] {
  const place = new Map(ids.map((id, at): [string, number] => [id, at]));
  const ofLanguage = new Map(languages.map((language, at): [string, number] => [language, at]));
  return [
    ...entries.map(({ id, language, title, phrasings, text }) =>
      documentOf(place.get(id) ?? 0, ofLanguage.get(language) ?? 0, [title, ...phrasings], text),
    ),
    ...outside
      .filter(({ language }) => ofLanguage.has(language))
      .map(({ language, phrasings }) => documentOf(ids.length, ofLanguage.get(language) ?? 0, phrasings, "")),
  ];
}

function exactOf(read: readonly Read[]): Map<string, number> {
  const exact = new Map<string, number>();
  for (const { entry, asked } of read) {
    for (const one of asked) exact.set(one, (exact.get(one) ?? entry) === entry ? entry : -1);
  }
  return exact;
}

function documentTable(read: readonly Read[], entries: number, languages: number): Int32Array {
  const table = new Int32Array(entries * languages).fill(-1);
  for (const [document, { entry, language }] of read.entries()) {
    if (entry < entries) table[entry * languages + language] = document;
  }
  return table;
}

/** The words that languages in Latin letters use, in normal form. Their titles tell which these are. */
function latinWords(documents: readonly Document[]): ReadonlySet<string> {
  const byLanguage = Map.groupBy(documents, ({ language }) => language);
  const latin = [...byLanguage.values()].filter(
    (own) => own.filter(({ asked: [title = ""] }) => isArabicScript(title)).length * 2 <= own.length,
  );
  return new Set(latin.flat().flatMap(({ askedWords }) => askedWords.flat()));
}

function lettersOf(read: readonly Read[], { pieces, words }: WordBook, languages: number): Field {
  const documents = read.map(({ phrasings, text }) => [...phrasings, text].flatMap((one) => one.words));
  const languageOf = Uint16Array.from(read, ({ language }) => language);
  return buildField({ ids: pieces, words, documents, languageOf, languages }, shape);
}

const countedIn =
  ({ words }: WordBook) =>
  ({ words: own, concepts }: ReadText) => ({ stems: own.map((word) => words[word]?.stem ?? -1), concepts });

function wholesOf(entries: readonly FaqPhrasings[], ids: readonly string[]): Uint16Array {
  const place = new Map(ids.map((id, at): [string, number] => [id, at]));
  const wholes = Uint16Array.from(ids, (_, at) => at);
  for (const { id, partOf } of entries) {
    const at = place.get(id) ?? 0;
    wholes[at] = place.get(partOf ?? id) ?? at;
  }
  return wholes;
}

/** Builds the index over all entries and languages. An entry may lack a language. */
export function buildFaqIndex(entries: readonly FaqPhrasings[], options: FaqIndexOptions = {}): FaqIndex {
  const ids = Array.from(new Set(entries.map(({ id }) => id)));
  const languages = Array.from(new Set(entries.map(({ language }) => language)));
  const documents = documentsOf(entries, options.outside, ids, languages);
  const lexicon = buildLexicon(options.concepts ?? [], latinWords(documents));
  const book = openWordBook(lexicon);
  const read = documents.map((one) => ({
    ...one,
    phrasings: one.askedWords.map(book.read),
    text: book.read(one.textWords),
  }));
  const counted = read.map(({ entry, phrasings }) => ({ entry, texts: phrasings.map(countedIn(book)) }));
  const space = buildFeatureSpace(
    counted.flatMap(({ texts }) => texts),
    { stems: book.stems.size, concepts: lexicon.size },
  );
  const examples = counted.flatMap(({ entry, texts }) =>
    texts.map((one) => ({ vector: vectorOf(space, one), label: entry })),
  );
  const wholeOf = wholesOf(entries, ids);
  const { read: _, ...closed } = book;
  return {
    ids,
    wholeOf,
    members: ids.map((_, at) =>
      wholeOf[at] === at ? Array.from(wholeOf.keys()).filter((place) => wholeOf[place] === at) : [at],
    ),
    languages,
    entryOf: Uint16Array.from(read, ({ entry }) => entry),
    languageOf: Uint16Array.from(read, ({ language }) => language),
    phrasings: read.map(({ phrasings }) => phrasings.map(({ words }) => words)),
    documentOf: documentTable(read, ids.length, languages.length),
    letters: lettersOf(read, book, languages.length),
    exact: exactOf(read),
    lexicon,
    speller: buildSpeller(knownWords(book, lexicon)),
    book: closed,
    space,
    classifier: trainClassifier(examples, space.size, ids.length + 1),
    written: buildLanguageModel(languages, book, read),
  };
}

/** Every word of the phrasings and the concepts, and how often it was read. */
function knownWords({ numbers, counts }: WordBook, lexicon: Lexicon): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  for (const word of lexicon.words) known.set(word, 0);
  for (const [word, number] of numbers) known.set(word, counts[number] ?? 0);
  return known;
}
