import type { Examples, Vector } from "./examples.ts";
import { oneRow, type Rows, RowWriter, rowCount } from "./rows.ts";

/**
 * What the classifier sees of a text: its concepts, each two of them that stand together, and its stems. Numbers of
 * features: the concepts' own first, then those of pairs that more than one phrasing has, and of stems.
 */
export type FeatureSpace = {
  readonly size: number;
  readonly concepts: number;
  /** The feature of a pair of concepts, at first × concepts + second (the smaller first); 0 where it has none. */
  readonly pairs: Uint32Array;
  /** The feature of a stem by its number; 0 where it has none. */
  readonly stems: Uint32Array;
  /** How much a feature counts: the rarer, the more it tells. */
  readonly strengths: Float64Array;
};

/** Texts as they are counted: the stems of each by their numbers, its concepts in ascending order. */
export type Counted = { readonly stems: Rows; readonly concepts: Rows };

/** Concepts tell most; weights as they did best on phrasings held out, and flat around these values. */
const weights = { concept: 3, pair: 1.5, stem: 1 } as const;
/** A pair that only one phrasing has teaches little and takes space. */
const fewestOfPair = 2;
/** A rambling message has hundreds of pairs, which say little; its concepts still count singly. */
const mostPaired = 14;

const add = (counts: Uint32Array, at: number): void => {
  counts[at] = (counts[at] ?? 0) + 1;
};

function countEach(rows: Rows, counts: Uint32Array): void {
  for (let at = 0; at < rows.items.length; at += 1) add(counts, rows.items[at] ?? 0);
}

/** Where a row ends as far as pairs are made of it. */
const pairedEnd = ({ starts }: Rows, row: number): number =>
  Math.min(starts[row + 1] ?? 0, (starts[row] ?? 0) + mostPaired);

/** How many texts have each two concepts, at first × concepts + second (the smaller first). */
function countPairs(rows: Rows, concepts: number): Uint32Array {
  const counts = new Uint32Array(concepts * concepts);
  for (let row = 0; row < rowCount(rows); row += 1) {
    const end = pairedEnd(rows, row);
    for (let at = rows.starts[row] ?? 0; at < end; at += 1) {
      const from = (rows.items[at] ?? 0) * concepts;
      for (let other = at + 1; other < end; other += 1) add(counts, from + (rows.items[other] ?? 0));
    }
  }
  return counts;
}

/** How many texts have each stem. */
function countStems(rows: Rows, stems: number): Uint32Array {
  const counts = new Uint32Array(stems);
  const last = new Int32Array(stems).fill(-1);
  for (let row = 0; row < rowCount(rows); row += 1) {
    const end = rows.starts[row + 1] ?? 0;
    for (let at = rows.starts[row] ?? 0; at < end; at += 1) {
      const one = rows.items[at] ?? 0;
      if (last[one] !== row) add(counts, one);
      last[one] = row;
    }
  }
  return counts;
}

/** Makes the space of the features of some texts (all stems known); `stems` and `concepts`: how many of each are numbered. */
export function buildFeatureSpace(
  texts: Counted,
  { stems, concepts }: { readonly stems: number; readonly concepts: number },
): FeatureSpace {
  const ofConcept = new Uint32Array(Math.max(concepts, 1));
  countEach(texts.concepts, ofConcept);
  const strengths: number[] = [];
  const feature = (weight: number, having: number): number =>
    strengths.push(weight * Math.log(1 + rowCount(texts.concepts) / Math.max(having, 1))) - 1;
  // Feature 0 stands for none: where there is no concept it is nobody's, and nothing asks for it as a pair or stem.
  for (const having of ofConcept) feature(weights.concept, having);
  const numbered = (counts: Uint32Array, weight: number, fewest: number): Uint32Array => {
    for (let at = 0; at < counts.length; at += 1) {
      const having = counts[at] ?? 0;
      counts[at] = having >= fewest ? feature(weight, having) : 0;
    }
    return counts;
  };
  const pairs = numbered(countPairs(texts.concepts, concepts), weights.pair, fewestOfPair);
  const ofStems = numbered(countStems(texts.stems, stems), weights.stem, 1);
  return { size: strengths.length, concepts, pairs, stems: ofStems, strengths: Float64Array.from(strengths) };
}

/** Adds the features of each two concepts of a row. */
function addPairs({ concepts, pairs }: FeatureSpace, rows: Rows, row: number, features: number[]): void {
  const end = pairedEnd(rows, row);
  for (let at = rows.starts[row] ?? 0; at < end; at += 1) {
    const from = (rows.items[at] ?? 0) * concepts;
    for (let other = at + 1; other < end; other += 1) {
      const pair = pairs[from + (rows.items[other] ?? 0)] ?? 0;
      if (pair !== 0) features.push(pair);
    }
  }
}

/** Adds the features of each known stem of a row, once. */
function addStems({ stems }: FeatureSpace, rows: Rows, row: number, features: number[]): void {
  const from = features.length;
  const end = rows.starts[row + 1] ?? 0;
  for (let at = rows.starts[row] ?? 0; at < end; at += 1) {
    const feature = stems[rows.items[at] ?? 0] ?? 0;
    if (feature !== 0 && features.indexOf(feature, from) === -1) features.push(feature);
  }
}

/** The strengths of the features of each row, as a vector of length 1. */
function valuesOf({ strengths }: FeatureSpace, { starts, items }: Rows): Float32Array {
  const values = new Float32Array(items.length);
  for (let row = 0; row + 1 < starts.length; row += 1) {
    const from = starts[row] ?? 0;
    const end = starts[row + 1] ?? 0;
    const length = lengthOf(strengths, items, from, end);
    for (let at = from; at < end; at += 1) values[at] = (strengths[items[at] ?? 0] ?? 0) / length;
  }
  return values;
}

function lengthOf(strengths: Float64Array, features: Uint32Array, from: number, end: number): number {
  let squares = 0;
  for (let at = from; at < end; at += 1) squares += (strengths[features[at] ?? 0] ?? 0) ** 2;
  return Math.sqrt(squares);
}

/** Adds the features of a text: its concepts, their pairs, its stems. */
function addFeatures(
  space: FeatureSpace,
  { stems, concepts }: Counted,
  row: number,
  features: number[],
): void {
  const end = concepts.starts[row + 1] ?? 0;
  for (let at = concepts.starts[row] ?? 0; at < end; at += 1) features.push(concepts.items[at] ?? 0);
  addPairs(space, concepts, row, features);
  addStems(space, stems, row, features);
}

/** The vectors of texts, one after another, as rows of features. */
export function vectorsOf(space: FeatureSpace, texts: Counted): Omit<Examples, "labels"> {
  const writer = new RowWriter();
  const own: number[] = [];
  for (let row = 0; row < rowCount(texts.concepts); row += 1) {
    own.length = 0;
    addFeatures(space, texts, row, own);
    writer.add(own);
  }
  const { rows } = writer;
  return { ...rows, values: valuesOf(space, rows) };
}

/** The vector of one text; its stems are known ones. */
export function vectorOf(
  space: FeatureSpace,
  { stems, concepts }: { readonly stems: readonly number[]; readonly concepts: readonly number[] },
): Vector {
  const own: number[] = [];
  addFeatures(space, { stems: oneRow(stems), concepts: oneRow(concepts) }, 0, own);
  const features = oneRow(own);
  return { features: features.items, values: valuesOf(space, features) };
}
