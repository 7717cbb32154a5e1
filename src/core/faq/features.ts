import type { Vector } from "./classifier.ts";

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

/** A text as it is counted: its stems by their numbers (-1 for unknown ones), its concepts in ascending order. */
export type Counted = { readonly stems: readonly number[]; readonly concepts: readonly number[] };

/** Concepts tell most; weights as they did best on phrasings held out, and flat around these values. */
const weights = { concept: 3, pair: 1.5, stem: 1 } as const;
/** A pair that only one phrasing has teaches little and takes space. */
const fewestOfPair = 2;
/** A rambling message has hundreds of pairs, which say little; its concepts still count singly. */
const mostPaired = 14;

/** Calls `see` for each pair of the concepts. */
function eachPair(concepts: readonly number[], size: number, see: (pair: number) => void): void {
  const count = Math.min(concepts.length, mostPaired);
  for (let first = 0; first < count; first += 1) {
    const from = (concepts[first] ?? 0) * size;
    for (let second = first + 1; second < count; second += 1) see(from + (concepts[second] ?? 0));
  }
}

/** Calls `see` for each known stem, once. */
function eachStem(stems: readonly number[], see: (stem: number) => void): void {
  for (let at = 0; at < stems.length; at += 1) {
    const one = stems[at] ?? -1;
    if (one !== -1 && stems.indexOf(one) === at) see(one);
  }
}

const add = (counts: Uint32Array, at: number): void => {
  counts[at] = (counts[at] ?? 0) + 1;
};

/** Makes the space of the features of some texts; `stems` and `concepts`: how many of each are numbered. */
export function buildFeatureSpace(
  texts: readonly Counted[],
  { stems, concepts }: { readonly stems: number; readonly concepts: number },
): FeatureSpace {
  const ofConcept = new Uint32Array(concepts);
  const ofStem = new Uint32Array(stems);
  const ofPair = new Uint32Array(concepts * concepts);
  for (const text of texts) {
    for (const concept of text.concepts) add(ofConcept, concept);
    eachStem(text.stems, (one) => add(ofStem, one));
    eachPair(text.concepts, concepts, (pair) => add(ofPair, pair));
  }
  const strengths: number[] = [];
  const feature = (weight: number, having: number): number =>
    strengths.push(weight * Math.log(1 + texts.length / Math.max(having, 1))) - 1;
  // Feature 0 stands for none where there is no concept, and nothing asks for it as a pair or stem where there is one.
  for (const having of concepts === 0 ? [0] : ofConcept) feature(weights.concept, having);
  const numbered = (counts: Uint32Array, weight: number, fewest: number): Uint32Array =>
    counts.map((having) => (having >= fewest ? feature(weight, having) : 0));
  const pairs = numbered(ofPair, weights.pair, fewestOfPair);
  const ofStems = numbered(ofStem, weights.stem, 1);
  return { size: strengths.length, concepts, pairs, stems: ofStems, strengths: Float64Array.from(strengths) };
}

/** The vector of a text, of length 1 (of length 0 where nothing of it is known). */
export function vectorOf({ concepts, pairs, stems, strengths }: FeatureSpace, text: Counted): Vector {
  const features: number[] = text.concepts.slice();
  const see = (feature: number | undefined): void => {
    if (feature !== undefined && feature !== 0) features.push(feature);
  };
  eachPair(text.concepts, concepts, (pair) => see(pairs[pair]));
  eachStem(text.stems, (one) => see(stems[one]));
  let squares = 0;
  for (const feature of features) squares += (strengths[feature] ?? 0) ** 2;
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  const values = features.map((feature) => (strengths[feature] ?? 0) * scale);
  return { features, values, core: text.concepts.length };
}
