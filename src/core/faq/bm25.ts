/**
 * One field of the search index, ranked by BM25 (Robertson & Zaragoza 2009), with each term's gain for each document
 * worked out ahead. Documents of all languages share one list of terms, so that a message is looked up once, but
 * weights are worked out within each language: its everyday words count for little there, whatever the others hold.
 */

/** What a field is made of: each document's words by their numbers, each word's terms, and each document's language's number. */
export type FieldSource = {
  readonly ids: ReadonlyMap<number, number>;
  readonly documents: readonly (readonly number[])[];
  readonly words: readonly { readonly pieces: readonly number[] }[];
  readonly languageOf: ArrayLike<number>;
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

/** A document's distinct terms, each followed by how often it has it. */
type Counted = readonly number[];

/** Rarer terms tell more; never negative, so that a term in every document is worth nearly nothing. */
const weightOf = (documents: number, having: number): number =>
  Math.log(1 + (documents - having + 0.5) / (having + 0.5));

const add = (numbers: Float64Array | Uint32Array, at: number, more: number): void => {
  numbers[at] = (numbers[at] ?? 0) + more;
};

function countTerms(words: readonly number[], source: FieldSource, counts: Uint32Array): Counted {
  const counted: number[] = [];
  for (const word of words) {
    for (const term of source.words[word]?.pieces ?? []) {
      if (counts[term] === 0) counted.push(term, 0);
      add(counts, term, 1);
    }
  }
  for (let at = 0; at < counted.length; at += 2) {
    const term = counted[at] ?? 0;
    counted[at + 1] = counts[term] ?? 0;
    counts[term] = 0;
  }
  return counted;
}

function forEachTerm(counted: Counted, act: (term: number, count: number) => void): void {
  for (let at = 0; at < counted.length; at += 2) act(counted[at] ?? 0, counted[at + 1] ?? 0);
}

function lengthOf(counted: Counted): number {
  let length = 0;
  forEachTerm(counted, (_, count) => {
    length += count;
  });
  return length;
}

/** The means of the documents' lengths, by language. */
function meanLengths({ languageOf, languages }: FieldSource, lengths: readonly number[]): Float64Array {
  const sizes = new Float64Array(languages);
  const totals = new Float64Array(languages);
  for (const [document, length] of lengths.entries()) {
    add(sizes, languageOf[document] ?? 0, 1);
    add(totals, languageOf[document] ?? 0, length);
  }
  return totals.map((total, language) => Math.max(total / Math.max(sizes[language] ?? 0, 1), 1));
}

function weightsOf({ languageOf, languages }: FieldSource, counted: readonly Counted[], terms: number) {
  const sizes = new Float64Array(languages);
  for (let document = 0; document < counted.length; document += 1) add(sizes, languageOf[document] ?? 0, 1);
  const weights = new Float64Array(terms * languages);
  for (const [document, one] of counted.entries()) {
    forEachTerm(one, (term) => add(weights, term * languages + (languageOf[document] ?? 0), 1));
  }
  for (let at = 0; at < weights.length; at += 1) {
    weights[at] = weightOf(sizes[at % languages] ?? 0, weights[at] ?? 0);
  }
  return { weights, unknown: sizes.map((size) => weightOf(size, 0)) };
}

function startsOf(counted: readonly Counted[], terms: number): Uint32Array {
  const starts = new Uint32Array(terms + 1);
  for (const one of counted) forEachTerm(one, (term) => add(starts, term + 1, 1));
  for (let term = 0; term < terms; term += 1) add(starts, term + 1, starts[term] ?? 0);
  return starts;
}

/** Indexes documents given as their terms; a document's number is its place in the list. */
export function buildField(source: FieldSource, shape: FieldShape): Field {
  const { ids } = source;
  const counts = new Uint32Array(ids.size);
  const counted = source.documents.map((words) => countTerms(words, source, counts));
  const lengths = counted.map(lengthOf);
  const { weights, unknown } = weightsOf(source, counted, ids.size);
  const means = meanLengths(source, lengths);
  const starts = startsOf(counted, ids.size);
  const next = starts.slice();
  const documents = new Uint16Array(starts.at(-1) ?? 0);
  const gains = new Float64Array(documents.length);
  for (const [document, one] of counted.entries()) {
    const language = source.languageOf[document] ?? 0;
    const length = lengths[document] ?? 0;
    const damping =
      shape.saturation * (1 - shape.lengthPenalty + (shape.lengthPenalty * length) / (means[language] ?? 1));
    forEachTerm(one, (term, count) => {
      const at = next[term] ?? 0;
      next[term] = at + 1;
      documents[at] = document;
      const share = (count * (shape.saturation + 1)) / (count + damping);
      gains[at] = share * (weights[term * source.languages + language] ?? 0);
    });
  }
  return { ids, starts, documents, gains, weights, unknown };
}

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
