import { buildField, type Field, type FieldShape, type FieldSource } from "./bm25.ts";
import { trainClassifier } from "./classifier.ts";
import type { Phrasings } from "./closeness.ts";
import type { Classifier } from "./examples.ts";
import { buildFeatureSpace, type FeatureSpace, vectorsOf } from "./features.ts";
import { buildLexicon, type Lexicon } from "./lexicon.ts";
import type { FaqIndexOptions, FaqPhrasings } from "./phrasings.ts";
import { type Rows, RowWriter } from "./rows.ts";
import { finish, type Slices } from "./slices.ts";
import { buildSpeller, type Speller } from "./spelling.ts";
import { type Document, type Exact, readTexts, type Texts } from "./texts.ts";
import { openVocabulary } from "./vocabulary.ts";
import { conceptsOfTexts, type WordBook, writeWordBook } from "./word-book.ts";
import { buildLanguageModel, type LanguageModel } from "./written-language.ts";

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
  readonly phrasings: readonly Phrasings[];
  /** The document of an entry in a language, at entry × languages + language; -1 where it lacks that language. */
  readonly documentOf: Int32Array;
  readonly letters: Field;
  readonly exact: Exact;
  readonly lexicon: Lexicon;
  readonly speller: Speller;
  readonly book: WordBook;
  readonly space: FeatureSpace;
  readonly classifier: Classifier;
  readonly written: LanguageModel;
};

/** Phrasings of one entry differ much in number, so length counts less than in running text. */
const shape: FieldShape = { saturation: 1.2, lengthPenalty: 0.4 };

function documentTable(documents: readonly Document[], entries: number, languages: number): Int32Array {
  const table = new Int32Array(entries * languages).fill(-1);
  for (const [document, { entry, language }] of documents.entries()) {
    if (entry < entries) table[entry * languages + language] = document;
  }
  return table;
}

/** The items of some rows that stand one after another. */
const itemsOf = ({ starts, items }: Rows, first: number, end: number): Uint32Array =>
  items.subarray(starts[first] ?? 0, starts[end] ?? 0);

/** By document, the words of its phrasings and its answer. */
function documentWords({ documents, asked, answers }: Texts): Rows {
  const writer = new RowWriter();
  for (const [document, { first, end }] of documents.entries()) {
    const answer = itemsOf(answers, document, document + 1);
    const own = itemsOf(asked, first, end);
    const words = new Uint32Array(own.length + answer.length);
    words.set(own);
    words.set(answer, own.length);
    writer.add(words);
  }
  return writer.rows;
}

function wholesOf(entries: readonly FaqPhrasings[], ids: readonly string[]): Uint16Array {
  const place = new Map(ids.map((id, at): [string, number] => [id, at]));
  const wholes = Uint16Array.from(ids, (_, at) => at);
  for (const { id, partOf } of entries) {
    const at = place.get(id) ?? 0;
    wholes[at] = place.get(partOf ?? id) ?? at;
  }
  return wholes;
}

/** By phrasing, the entry that it asks for. */
function labelsOf(documents: readonly Document[]): number[] {
  return documents.flatMap(({ entry, first, end }) => new Array<number>(end - first).fill(entry));
}

/** Learns what the phrasings say of entries. */
function* learn(
  { asked, documents }: Texts,
  book: WordBook,
  lexicon: Lexicon,
  classes: number,
): Slices<Pick<FaqIndex, "space" | "classifier">> {
  const stems = asked.items.map((word) => book.stemOf[word] ?? 0);
  const concepts = conceptsOfTexts(asked, stems, book, lexicon);
  const counted = { stems: { starts: asked.starts, items: stems }, concepts };
  yield;
  const space = buildFeatureSpace(counted, { stems: book.stems.size, concepts: lexicon.size });
  const examples = { ...vectorsOf(space, counted), labels: labelsOf(documents) };
  yield;
  return { space, classifier: yield* trainClassifier(examples, space.size, classes) };
}

/** Builds the index over all entries and languages in slices of some milliseconds. An entry may lack a language. */
export function* indexInSlices(
  entries: readonly FaqPhrasings[],
  options: FaqIndexOptions = {},
): Slices<FaqIndex> {
  const ids = Array.from(new Set(entries.map(({ id }) => id)));
  const languages = Array.from(new Set(entries.map(({ language }) => language)));
  const texts = yield* readTexts(entries, options.outside, ids, languages);
  yield;
  const vocabulary = yield* openVocabulary(texts.words);
  const lexicon = yield* buildLexicon(options.concepts ?? [], vocabulary, texts.isLatin);
  const book = yield* writeWordBook(vocabulary, texts.words.length, lexicon);
  const learnt = yield* learn(texts, book, lexicon, ids.length + 1);
  const { documents, asked, exact, counts } = texts;
  const languageOf = Uint16Array.from(documents, ({ language }) => language);
  const asks = documents.map(({ language, first, end }) => ({ language, words: itemsOf(asked, first, end) }));
  const wholeOf = wholesOf(entries, ids);
  return {
    ids,
    wholeOf,
    members: membersOf(wholeOf),
    languages,
    entryOf: Uint16Array.from(documents, ({ entry }) => entry),
    languageOf,
    phrasings: documents.map(({ first, end }) => ({ rows: asked, first, end })),
    documentOf: documentTable(documents, ids.length, languages.length),
    letters: yield* buildField(fieldOf(texts, book, languageOf, languages.length), shape),
    exact,
    lexicon,
    speller: yield* buildSpeller({ ...vocabulary, counts }),
    book,
    ...learnt,
    written: buildLanguageModel(languages, book, asks),
  };
}

function fieldOf(texts: Texts, book: WordBook, languageOf: Uint16Array, languages: number): FieldSource {
  const { trigrams, trigramNumbers: ids } = book;
  return { ids, termsOfWords: trigrams, documents: documentWords(texts), languageOf, languages };
}

/** See `members` of {@link FaqIndex}. */
function membersOf(wholeOf: Uint16Array): readonly (readonly number[])[] {
  return Array.from(wholeOf, (whole, at) =>
    whole === at ? Array.from(wholeOf.keys()).filter((place) => wholeOf[place] === at) : [at],
  );
}

/** As above, at once. */
export function buildFaqIndex(entries: readonly FaqPhrasings[], options: FaqIndexOptions = {}): FaqIndex {
  return finish(indexInSlices(entries, options));
}
