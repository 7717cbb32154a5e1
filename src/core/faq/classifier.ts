/**
 * Which entry is asked for, learnt from how people ask: a multinomial logistic regression over sparse features. Its
 * weights begin as what a feature alone says for a class (the logarithm of how much more frequent it is there, as in
 * naive Bayes) and are corrected by stochastic gradient descent with AdaGrad's step sizes (Duchi, Hazan & Singer 2011).
 * A feature has a weight only for classes that it speaks for, a twenty-fifth of all, which is what makes learning quick,
 * and finds more than weights for all did. The order of the examples is fixed, so that the same content
 * always gives the same weights.
 */

import type { Classifier, Examples, Vector } from "./examples.ts";
import { firstWeights } from "./first-weights.ts";
import type { Slices } from "./slices.ts";

/** The second round looks only at what lacks more than this to certainty. */
const misjudged = 0.3;
const rate = 0.7;
/** Classes that are this close to what they should be teach nothing; leaving them out makes it several times as fast. */
const settled = 0.04;
const firstSquare = 1e-8;
/** So many examples are learnt from before others get a turn. */
const stride = 1500;

/** Adds each class's score for a vector to `scores`. */
export function addClassScores(classifier: Classifier, { features, values }: Vector, scores: Float64Array) {
  addScoresOf(classifier, features, values, 0, features.length, scores);
}

/** As above, of the features from one place to another. */
function addScoresOf(
  { starts, classes, weights }: Classifier,
  features: Uint32Array,
  values: Float32Array,
  from: number,
  to: number,
  scores: Float64Array,
): void {
  for (let at = from; at < to; at += 1) {
    const feature = features[at] ?? 0;
    const value = values[at] ?? 0;
    const end = starts[feature + 1] ?? 0;
    for (let cell = starts[feature] ?? 0; cell < end; cell += 1) {
      const place = classes[cell] ?? 0;
      scores[place] = (scores[place] ?? 0) + value * (weights[cell] ?? 0);
    }
  }
}

/** e to the power of minus so many eighties, to 16: as exact as chances need be, and several times as fast as `Math.exp`. */
const perUnit = 80;
const powers = Float64Array.from({ length: 16 * perUnit }, (_, at) => Math.exp(-at / perUnit));

/** Turns scores into odds, the best of which is 1 (very small ones are 0), in place; gives their sum. */
function toOdds(scores: Float64Array): number {
  let most = -Infinity;
  for (let at = 0; at < scores.length; at += 1) {
    const score = scores[at] ?? 0;
    if (score > most) most = score;
  }
  let sum = 0;
  for (let at = 0; at < scores.length; at += 1) {
    const below = (most - (scores[at] ?? 0)) * perUnit + 0.5;
    const odds = below < powers.length ? (powers[below | 0] ?? 0) : 0;
    scores[at] = odds;
    sum += odds;
  }
  return sum;
}

/** Turns scores into chances that add up to 1, in place. */
export function toChances(scores: Float64Array): void {
  const sum = toOdds(scores);
  for (let at = 0; at < scores.length; at += 1) scores[at] = (scores[at] ?? 0) / sum;
}

/** Numbers from 0 on in an order that looks like chance and is always the same (a linear congruential generator). */
function shuffled(count: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) order[at] = at;
  let state = 1;
  for (let at = count - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (at + 1);
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}

/** What is being learnt; `squares`: by weight the sum of the squares of its slopes so far; the others: room to work in. */
type Learning = Classifier & {
  readonly squares: Float32Array;
  readonly scores: Float64Array;
  readonly errors: Float32Array;
};

/** Learns from examples whose features are below `features` and labels below `classes`. */
export function* trainClassifier(examples: Examples, features: number, classes: number): Slices<Classifier> {
  const classifier = firstWeights(examples, features, classes);
  yield;
  const learning = {
    ...classifier,
    squares: new Float32Array(classifier.weights.length).fill(firstSquare),
    scores: new Float64Array(classes),
    errors: new Float32Array(classes),
  };
  const { labels } = examples;
  const order = shuffled(labels.length);
  const missing = new Float32Array(labels.length).fill(1);
  for (const least of [settled, misjudged]) {
    for (let from = 0; from < order.length; from += stride) {
      learnFromAll(learning, examples, order.subarray(from, from + stride), least, missing);
      yield;
    }
  }
  return classifier;
}

/** Learns from some examples, if they lack more than `least` to certainty; `missing`: how much each lacked last. */
function learnFromAll(
  learning: Learning,
  examples: Examples,
  some: Uint32Array,
  least: number,
  missing: Float32Array,
): void {
  for (let at = 0; at < some.length; at += 1) {
    const example = some[at] ?? 0;
    if ((missing[example] ?? 0) > least) missing[example] = learnFrom(learning, examples, example);
  }
}

/** Learns from one example. Gives what the chance of its class lacked to certainty. */
function learnFrom(learning: Learning, examples: Examples, example: number): number {
  const { items: features, values, starts, labels } = examples;
  const { scores } = learning;
  const from = starts[example] ?? 0;
  const to = starts[example + 1] ?? 0;
  scores.fill(0);
  addScoresOf(learning, features, values, from, to, scores);
  const sum = toOdds(scores);
  const label = labels[example] ?? 0;
  const missing = 1 - (scores[label] ?? 0) / sum;
  if (missing <= settled) return missing;
  toErrors(learning, sum, label);
  for (let at = from; at < to; at += 1) correct(learning, features[at] ?? 0, values[at] ?? 0);
  return missing;
}

/** By class the chance given less the one wanted, 0 where that is little. */
function toErrors({ scores, errors }: Learning, sum: number, label: number): void {
  const least = settled * sum;
  for (let place = 0; place < scores.length; place += 1) {
    const odds = scores[place] ?? 0;
    errors[place] = odds > least ? odds / sum : 0;
  }
  errors[label] = (scores[label] ?? 0) / sum - 1;
}

/** One step against the gradient for the weights of one feature. */
function correct({ starts, classes, weights, squares, errors }: Learning, feature: number, value: number) {
  const end = starts[feature + 1] ?? 0;
  for (let cell = starts[feature] ?? 0; cell < end; cell += 1) {
    const error = errors[classes[cell] ?? 0] ?? 0;
    if (error === 0) continue;
    const slope = error * value;
    const square = (squares[cell] ?? 0) + slope * slope;
    squares[cell] = square;
    weights[cell] = (weights[cell] ?? 0) - (rate * slope) / Math.sqrt(square);
  }
}
