/**
 * Which entry is asked for, learnt from how people ask: a multinomial logistic regression over sparse features,
 * fitted when the index is built by a few rounds of stochastic gradient descent with AdaGrad's step sizes (Duchi,
 * Hazan & Singer 2011). The order of the examples is fixed, so that the same content always gives the same weights.
 */

/** Features by their numbers and how strong each is. */
export type Vector = {
  readonly features: readonly number[];
  readonly values: readonly number[];
  /** So many of the features, the first, are concepts. */
  readonly core: number;
};

/** Weights at feature × classes + class. */
export type Classifier = { readonly classes: number; readonly weights: Float32Array };

export type Example = { readonly vector: Vector; readonly label: number };

/**
 * The first round looks at concepts only: few features, which carry most, and whose weights stay in the processor's
 * cache. The second looks at everything, the third only at what is still misjudged. As good on held-out phrasings as
 * a third round over everything, and better than any two.
 */
type Round = "core" | "all" | "misjudged";
const rounds: readonly Round[] = ["core", "all", "misjudged"];
/** An example is misjudged when its own class lacks more than this to certainty. */
const misjudged = 0.5;
const rate = 0.5;
/** Classes that are this close to what they should be teach nothing; leaving them out makes it several times as fast. */
const settled = 0.04;
const firstStep = 1e-8;

/** Adds each class's score for a vector to `scores`. */
export function addClassScores(classifier: Classifier, vector: Vector, scores: Float64Array): void {
  addScoresOf(classifier, vector, vector.features.length, scores);
}

/** As above, of the first `count` features. */
function addScoresOf(
  { classes, weights }: Classifier,
  { features, values }: Vector,
  count: number,
  scores: Float64Array,
): void {
  for (let at = 0; at < count; at += 1) {
    const from = (features[at] ?? 0) * classes;
    const value = values[at] ?? 0;
    for (let place = 0; place < classes; place += 1) {
      scores[place] = (scores[place] ?? 0) + value * (weights[from + place] ?? 0);
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
  const order = Uint32Array.from({ length: count }, (_, at) => at);
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

/** What is being learnt: the weights, and by weight the sum of the squares of its slopes so far. */
type Learning = Classifier & { readonly squares: Float32Array };

/** Learns from examples whose features are below `features` and labels below `classes`. */
export function trainClassifier(examples: readonly Example[], features: number, classes: number): Classifier {
  const weights = new Float32Array(features * classes);
  const learning = { classes, weights, squares: new Float32Array(weights.length).fill(firstStep) };
  const scores = new Float64Array(classes);
  const order = shuffled(examples.length);
  const missing = new Float32Array(examples.length);
  for (const round of rounds) {
    for (const place of order) {
      const example = examples[place];
      if (example === undefined || (round === "misjudged" && (missing[place] ?? 0) < misjudged)) continue;
      missing[place] = learnFrom(learning, example, round, scores);
    }
  }
  return { classes, weights };
}

/** One example; `scores` is room to work in. Gives what the chance of its class lacked to certainty. */
function learnFrom(
  learning: Learning,
  { vector, label }: Example,
  round: Round,
  scores: Float64Array,
): number {
  const count = round === "core" ? vector.core : vector.features.length;
  scores.fill(0);
  addScoresOf(learning, vector, count, scores);
  const sum = toOdds(scores);
  const least = settled * sum;
  for (let place = 0; place < scores.length; place += 1) {
    const odds = scores[place] ?? 0;
    if (place !== label && odds > least) correct(learning, vector, count, place, odds / sum);
  }
  const missing = 1 - (scores[label] ?? 0) / sum;
  if (missing > settled) correct(learning, vector, count, label, -missing);
  return missing;
}

/** One step against the gradient for one class; `error`: the chance given less the one wanted. */
function correct(
  { classes, weights, squares }: Learning,
  { features, values }: Vector,
  count: number,
  place: number,
  error: number,
): void {
  for (let at = 0; at < count; at += 1) {
    const cell = (features[at] ?? 0) * classes + place;
    const slope = error * (values[at] ?? 0);
    const square = (squares[cell] ?? 0) + slope * slope;
    squares[cell] = square;
    weights[cell] = (weights[cell] ?? 0) - (rate * slope) / Math.sqrt(square);
  }
}
