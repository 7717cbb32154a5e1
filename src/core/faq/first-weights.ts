import type { Classifier, Examples } from "./examples.ts";
import { ownersOf } from "./rows.ts";

/** As if each class had so much of an example more, with every feature as frequent as in all examples. */
const smoothing = 0.5;

const addOne = (counts: Uint32Array, at: number): number => {
  const count = (counts[at] ?? 0) + 1;
  counts[at] = count;
  return count;
};

/** Counts the classes of some examples, and adds those that had no count to a list. */
function countLabels(
  own: Uint32Array,
  labels: readonly number[],
  counts: Uint32Array,
  found: number[],
): void {
  for (let at = 0; at < own.length; at += 1) {
    const label = labels[own[at] ?? 0] ?? 0;
    if (addOne(counts, label) === 1) found.push(label);
  }
}

/**
 * The weights that learning begins with: the logarithm of how much more frequent a feature is in a class than in all
 * examples, for each class whose examples have it.
 */
export function firstWeights(examples: Examples, features: number, classes: number): Classifier {
  const { labels } = examples;
  const sizes = new Uint32Array(classes);
  for (const label of labels) addOne(sizes, label);
  const owners = ownersOf(examples, features);
  const starts = new Uint32Array(features + 1);
  const cells: number[] = [];
  const weights: number[] = [];
  const counts = new Uint32Array(classes);
  for (let feature = 0; feature < features; feature += 1) {
    const own = owners.rows.subarray(owners.starts[feature], owners.starts[feature + 1]);
    countLabels(own, labels, counts, cells);
    const share = own.length / labels.length;
    for (const label of cells.slice(weights.length)) {
      const likely = ((counts[label] ?? 0) + smoothing * share) / ((sizes[label] ?? 0) + smoothing);
      weights.push(Math.log(likely / share));
      counts[label] = 0;
    }
    starts[feature + 1] = cells.length;
  }
  return { starts, classes: new Uint16Array(cells), weights: new Float32Array(weights) };
}
