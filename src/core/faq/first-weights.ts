import type { Classifier, Examples } from "./examples.ts";
import { type Owners, ownersOf } from "./rows.ts";

/** As if each class had so much of an example more, with every feature as frequent as in all examples. */
const smoothing = 0.5;

const addOne = (counts: Uint32Array, at: number): number => {
  const count = (counts[at] ?? 0) + 1;
  counts[at] = count;
  return count;
};

/** Counts the classes of the examples that have a feature, and gives those classes. */
function labelsOf(
  { starts, rows }: Owners,
  feature: number,
  labels: readonly number[],
  counts: Uint32Array,
): readonly number[] {
  const found: number[] = [];
  const end = starts[feature + 1] ?? 0;
  for (let at = starts[feature] ?? 0; at < end; at += 1) {
    const label = labels[rows[at] ?? 0] ?? 0;
    if (addOne(counts, label) === 1) found.push(label);
  }
  return found;
}

/** Weights that are being written. */
type Written = { readonly starts: Uint32Array; readonly classes: number[]; readonly weights: number[] };

/**
 * The weights that learning begins with: the logarithm of how much more frequent a feature is in a class than in all
 * examples, for each class where it is more frequent at all.
 */
export function firstWeights(examples: Examples, features: number, classes: number): Classifier {
  const { labels } = examples;
  const sizes = new Uint32Array(classes);
  for (const label of labels) addOne(sizes, label);
  const owners = ownersOf(examples, features);
  const written: Written = { starts: new Uint32Array(features + 1), classes: [], weights: [] };
  const counts = new Uint32Array(classes);
  for (let feature = 0; feature < features; feature += 1) {
    const found = labelsOf(owners, feature, labels, counts);
    const having = (owners.starts[feature + 1] ?? 0) - (owners.starts[feature] ?? 0);
    addWeights(written, found, counts, sizes, having / labels.length);
    written.starts[feature + 1] = written.weights.length;
  }
  const { starts, classes: own, weights } = written;
  return { starts, classes: new Uint16Array(own), weights: new Float32Array(weights) };
}

/** Adds the weights of a feature that so many examples of some classes have, and such a share of all; forgets the counts. */
function addWeights(
  { classes, weights }: Written,
  found: readonly number[],
  counts: Uint32Array,
  sizes: Uint32Array,
  share: number,
): void {
  for (let at = 0; at < found.length; at += 1) {
    const label = found[at] ?? 0;
    const likely = ((counts[label] ?? 0) + smoothing * share) / ((sizes[label] ?? 0) + smoothing);
    counts[label] = 0;
    if (likely <= share) continue;
    classes.push(label);
    weights.push(Math.log(likely / share));
  }
}
