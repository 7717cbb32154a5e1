/** One field of a search index, ranked by BM25 (Robertson & Zaragoza 2009), with each term's share worked out ahead. */

type Posting = { readonly document: number; readonly share: number };
type Term = { readonly weight: number; readonly postings: readonly Posting[] };

/** An index over the terms of numbered documents. */
export type Field = {
  readonly terms: ReadonlyMap<string, Term>;
  /** What a term that no document has would weigh: the most that any can. */
  readonly unknown: number;
};

/** `saturation` is BM25's k1, `lengthPenalty` its b. */
export type FieldShape = { readonly saturation: number; readonly lengthPenalty: number };

function countOf(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** Rarer terms tell more; never negative, so that a term in every document is worth nearly nothing. */
const weightOf = (documents: number, having: number): number =>
  Math.log(1 + (documents - having + 0.5) / (having + 0.5));

/** Indexes documents given as their terms; a document's number is its place in the list. */
export function buildField(documents: readonly (readonly string[])[], shape: FieldShape): Field {
  const total = documents.reduce((sum, terms) => sum + terms.length, 0);
  const mean = Math.max(total / Math.max(documents.length, 1), 1);
  const counts = new Map<string, Posting[]>();
  for (const [document, terms] of documents.entries()) {
    const damping =
      shape.saturation * (1 - shape.lengthPenalty + (shape.lengthPenalty * terms.length) / mean);
    for (const [term, count] of countOf(terms)) {
      const posting = { document, share: (count * (shape.saturation + 1)) / (count + damping) };
      const postings = counts.get(term);
      if (postings === undefined) counts.set(term, [posting]);
      else postings.push(posting);
    }
  }
  const terms = new Map<string, Term>();
  for (const [term, postings] of counts) {
    terms.set(term, { weight: weightOf(documents.length, postings.length), postings });
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
    for (const { document, share } of term.postings) {
      scores[document] = (scores[document] ?? 0) + factor * term.weight * share;
    }
  }
  return possible * factor;
}
