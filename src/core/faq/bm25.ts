/**
 * One field of the search index, ranked by BM25 (Robertson & Zaragoza 2009), with each term's gain for each document
 * worked out ahead. Documents of all languages share one list of terms, so that a message is looked up once, but
 * weights are worked out within each language: its everyday words count for little there, whatever the others hold.
 */

import { ownersFrom, type Rows, RowWriter, rowCount } from "./rows.ts";
import type { Slices } from "./slices.ts";

/** What a field is made of: the words of each document by their numbers, each word's terms, each document's language's number. */
export type FieldSource = {
  readonly ids: ReadonlyMap<number, number>;
  readonly documents: Rows;
  /** By word, its terms by their numbers. */
  readonly termsOfWords: Rows;
  readonly languageOf: Uint16Array;
  readonly languages: number;
};

/** An index over the terms of numbered documents. */
export type Field = {
  readonly ids: ReadonlyMap<number, number>;
  /** Where the postings of a term begin; those of the next begin where they end. */
  readonly starts: Uint32Array;
  readonly documents: Uint16Array;
  readonly gains: Float64Array;
  /** The weight of a term in a language, at term × languages + language. */
  readonly weights: Float64Array;
  /** By language, what a term that no document has would weigh: the most that any can. */
  readonly unknown: Float64Array;
};

/** `saturation` is BM25's k1, `lengthPenalty` its b. */
export type FieldShape = { readonly saturation: number; readonly lengthPenalty: number };

/** The distinct terms of each document, and how often it has each. */
type Counted = Rows & { readonly times: Uint32Array };

/** Rarer terms tell more; never negative, so that a term in every document is worth nearly nothing. */
const weightOf = (documents: number, having: number): number =>
  Math.log(1 + (documents - having + 0.5) / (having + 0.5));

const add = (numbers: Float64Array | Uint32Array, at: number, more: number): void => {
  numbers[at] = (numbers[at] ?? 0) + more;
};

/** The distinct words of a document; `times`: how often it has each, which have to be 0 before. */
function distinctWords({ starts, items }: Rows, document: number, times: Uint32Array): number[] {
  const distinct: number[] = [];
  const end = starts[document + 1] ?? 0;
  for (let at = starts[document] ?? 0; at < end; at += 1) {
    const word = items[at] ?? 0;
    if (times[word] === 0) distinct.push(word);
    times[word] = (times[word] ?? 0) + 1;
  }
  return distinct;
}

function* countTerms({ ids, documents, termsOfWords }: FieldSource): Slices<Counted> {
  const terms = new RowWriter();
  const times = new RowWriter();
  const ofWord = new Uint32Array(rowCount(termsOfWords));
  const ofTerm = new Uint32Array(ids.size);
  for (let document = 0; document < rowCount(documents); document += 1) {
    const found: number[] = [];
    for (const word of distinctWords(documents, document, ofWord)) {
      countTermsOf(word, termsOfWords, ofWord[word] ?? 0, ofTerm, found);
      ofWord[word] = 0;
    }
    terms.add(found);
    times.add(takeCounts(found, ofTerm));
    if (document % stride === stride - 1) yield;
  }
  return { ...terms.rows, times: times.rows.items };
}

/** Gives the counts of some terms, and leaves them 0. */
function takeCounts(terms: readonly number[], counts: Uint32Array): number[] {
  return terms.map((term) => {
    const count = counts[term] ?? 0;
    counts[term] = 0;
    return count;
  });
}

/** So many documents are counted before others get a turn. */
const stride = 128;

/** Counts the terms of a word that a document has so many times; `found`: those that it has not had before. */
function countTermsOf(
  word: number,
  { starts, items }: Rows,
  times: number,
  counts: Uint32Array,
  found: number[],
): void {
  const end = starts[word + 1] ?? 0;
  for (let at = starts[word] ?? 0; at < end; at += 1) {
    const term = items[at] ?? 0;
    if (counts[term] === 0) found.push(term);
    counts[term] = (counts[term] ?? 0) + times;
  }
}

function lengthsOf({ starts, times }: Counted): Float64Array {
  const lengths = new Float64Array(starts.length - 1);
  for (let document = 0; document < lengths.length; document += 1) {
    const end = starts[document + 1] ?? 0;
    for (let at = starts[document] ?? 0; at < end; at += 1) add(lengths, document, times[at] ?? 0);
  }
  return lengths;
}

/** By language, how many documents it has. */
function sizesOf({ languageOf, languages }: FieldSource): Float64Array {
  const sizes = new Float64Array(languages);
  for (const language of languageOf) add(sizes, language, 1);
  return sizes;
}

/** The means of the documents' lengths, by language. */
function meanLengths(source: FieldSource, sizes: Float64Array, lengths: Float64Array): Float64Array {
  const totals = new Float64Array(source.languages);
  for (const [document, length] of lengths.entries()) add(totals, source.languageOf[document] ?? 0, length);
  return totals.map((total, language) => Math.max(total / Math.max(sizes[language] ?? 0, 1), 1));
}

/** How many documents of a language have a term, at term × languages + language. */
function countHaving(source: FieldSource, counted: Counted): Float64Array {
  const having = new Float64Array(source.ids.size * source.languages);
  for (let document = 0; document < rowCount(counted); document += 1) {
    const language = source.languageOf[document] ?? 0;
    const end = counted.starts[document + 1] ?? 0;
    for (let at = counted.starts[document] ?? 0; at < end; at += 1) {
      add(having, (counted.items[at] ?? 0) * source.languages + language, 1);
    }
  }
  return having;
}

/** Turns how many documents have each term into its weight, in place. */
function toWeights(having: Float64Array, sizes: Float64Array): Float64Array {
  const known = Array.from(sizes, (size) =>
    Float64Array.from({ length: size + 1 }, (_, at) => weightOf(size, at)),
  );
  for (let language = 0; language < known.length; language += 1) {
    const own = known[language] ?? sizes;
    for (let at = language; at < having.length; at += known.length) having[at] = own[having[at] ?? 0] ?? 0;
  }
  return having;
}

/** By document, how much its length damps what more of a term says. */
function dampingsOf(
  source: FieldSource,
  counted: Counted,
  sizes: Float64Array,
  shape: FieldShape,
): Float64Array {
  const lengths = lengthsOf(counted);
  const means = meanLengths(source, sizes, lengths);
  return lengths.map((length, document) => {
    const relative = length / (means[source.languageOf[document] ?? 0] ?? 1);
    return shape.saturation * (1 - shape.lengthPenalty + shape.lengthPenalty * relative);
  });
}

/** Indexes documents given as their words; a document's number is its place in the list. */
export function* buildField(source: FieldSource, shape: FieldShape): Slices<Field> {
  const counted = yield* countTerms(source);
  const sizes = sizesOf(source);
  const weights = toWeights(countHaving(source, counted), sizes);
  yield;
  const { ids, languages } = source;
  const starts = ownersFrom(counted, ids.size);
  const dampings = dampingsOf(source, counted, sizes, shape);
  const next = starts.slice();
  const documents = new Uint16Array(counted.items.length);
  const gains = new Float64Array(documents.length);
  for (const [document, damping] of dampings.entries()) {
    const language = source.languageOf[document] ?? 0;
    const end = counted.starts[document + 1] ?? 0;
    for (let from = counted.starts[document] ?? 0; from < end; from += 1) {
      const term = counted.items[from] ?? 0;
      const at = next[term] ?? 0;
      next[term] = at + 1;
      documents[at] = document;
      const share = shareOf(counted.times[from] ?? 0, damping, shape);
      gains[at] = share * (weights[term * languages + language] ?? 0);
    }
  }
  return { ids, starts, documents, gains, weights, unknown: sizes.map((size) => weightOf(size, 0)) };
}

/** How much of a term's weight a document gains that has it so many times. */
const shareOf = (times: number, damping: number, { saturation }: FieldShape): number =>
  (times * (saturation + 1)) / (times + damping);

/** The field's numbers of the terms, each once; -1 for each that it does not have. */
export function termIds(field: Field, terms: readonly number[]): number[] {
  const found: number[] = [];
  for (const term of new Set(terms)) found.push(field.ids.get(term) ?? -1);
  return found;
}

/** Adds `factor` times each document's score for the terms (by their numbers) to `scores` (by document). */
export function addScores(field: Field, ids: readonly number[], factor: number, scores: Float64Array): void {
  for (const id of ids) {
    const end = id === -1 ? 0 : (field.starts[id + 1] ?? 0);
    for (let at = field.starts[id] ?? 0; at < end; at += 1) {
      add(scores, field.documents[at] ?? 0, factor * (field.gains[at] ?? 0));
    }
  }
}

/** What a document of a language that has each of the terms once could reach at most. */
export function possibleIn({ weights, unknown }: Field, ids: readonly number[], language: number): number {
  const ofUnknown = unknown[language] ?? 0;
  let sum = 0;
  for (const id of ids) sum += id === -1 ? ofUnknown : (weights[id * unknown.length + language] ?? 0);
  return sum;
}
