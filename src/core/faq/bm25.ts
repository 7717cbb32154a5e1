/** One field of a search index, ranked by BM25 (Robertson & Zaragoza 2009), with each term's share worked out ahead. */

/** `postings`: the documents that have the term, each followed by the term's share there. */
type Term = { readonly weight: number; readonly postings: readonly number[] };

/** How often a document has each of its terms. */
export type TermCounts = ReadonlyMap<string, number>;

/** An index over the terms of numbered documents. */
export type Field = {
  readonly terms: ReadonlyMap<string, Term>;
  /** What a term that no document has would weigh: the most that any can. */
  readonly unknown: number;
};

/** `saturation` is BM25's k1, `lengthPenalty` its b. */
export type FieldShape = { readonly saturation: number; readonly lengthPenalty: number };

function lengthOf(counts: TermCounts): number {
  let length = 0;
  for (const count of counts.values()) length += count;
  return length;
}

/** Rarer terms tell more; never negative, so that a term in every document is worth nearly nothing. */
const weightOf = (documents: number, having: number): number =>
  Math.log(1 + (documents - having + 0.5) / (having + 0.5));

/** Indexes documents given as their terms; a document's number is its place in the list. */
export function buildField(documents: readonly TermCounts[], shape: FieldShape): Field {
  const lengths = documents.map(lengthOf);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const mean = Math.max(total / Math.max(documents.length, 1), 1);
  const found = new Map<string, number[]>();
  for (const [document, counts] of documents.entries()) {
    const length = lengths[document] ?? 0;
    const damping = shape.saturation * (1 - shape.lengthPenalty + (shape.lengthPenalty * length) / mean);
    for (const [term, count] of counts) {
      const share = (count * (shape.saturation + 1)) / (count + damping);
      const postings = found.get(term);
      if (postings === undefined) found.set(term, [document, share]);
      else postings.push(document, share);
    }
  }
  const terms = new Map<string, Term>();
  for (const [term, postings] of found) {
    terms.set(term, { weight: weightOf(documents.length, postings.length / 2), postings });
  }
  return { terms, unknown: weightOf(documents.length, 0) };
}

/**
 * Adds `factor` times each document's score for the terms to `scores` (by document number), and gives back what
 * a document that has each term once could reach at most, times `factor`.
 */
export function addScores(
  field: Field,
  terms: readonly string[],
  factor: number,
  scores: Float64Array,
): number {
  let possible = 0;
  for (const name of new Set(terms)) {
    const term = field.terms.get(name);
    possible += term?.weight ?? field.unknown;
    if (term === undefined) continue;
    const { weight, postings } = term;
    for (let at = 0; at < postings.length; at += 2) {
      const document = postings[at] ?? 0;
      scores[document] = (scores[document] ?? 0) + factor * weight * (postings[at + 1] ?? 0);
    }
  }
  return possible * factor;
}
