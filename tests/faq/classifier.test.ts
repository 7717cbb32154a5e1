import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addClassScores, toChances, trainClassifier } from "../../src/core/faq/classifier.ts";
import type { Classifier } from "../../src/core/faq/examples.ts";
import { finish } from "../../src/core/faq/slices.ts";

const examples = {
  starts: Uint32Array.of(0, 2, 4, 6, 8),
  items: Uint32Array.of(0, 2, 0, 3, 1, 2, 1, 3),
  values: new Float32Array(8).fill(1),
};
const train = (labels: readonly number[]) => finish(trainClassifier({ ...examples, labels }, 4, 2));

function scoresOf(classifier: Classifier, features: readonly number[]): number[] {
  const scores = new Float64Array(2);
  const vector = { features: Uint32Array.from(features), values: new Float32Array(features.length).fill(1) };
  addClassScores(classifier, vector, scores);
  return Array.from(scores);
}

describe("the classifier", () => {
  const classifier = train([0, 0, 1, 1]);

  it("learns which features speak for a class, and not which don't", () => {
    const lead = (feature: number): number => {
      const [first = 0, second = 0] = scoresOf(classifier, [feature]);
      return first - second;
    };
    expect(lead(0)).toBeGreaterThan(0);
    expect(lead(1)).toBeLessThan(0);
    expect(Math.abs(lead(0))).toBeGreaterThan(Math.abs(lead(2)));
  });

  it("learns the same every time", () => {
    expect(train([0, 0, 1, 1])).toEqual(classifier);
  });

  it("learns nothing of nothing", () => {
    const nothing = {
      starts: Uint32Array.of(0),
      items: new Uint32Array(),
      values: new Float32Array(),
      labels: [],
    };
    expect(scoresOf(finish(trainClassifier(nothing, 3, 2)), [0, 1, 2])).toEqual([0, 0]);
  });
});

describe("toChances", () => {
  it("gives chances that add up to 1, in the order of the scores, close to the softmax", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -40, max: 40, noNaN: true }), { minLength: 1 }), (scores) => {
        const chances = Float64Array.from(scores);
        toChances(chances);
        const most = Math.max(...scores);
        const sum = scores.reduce((all, score) => all + Math.exp(score - most), 0);
        for (const [at, score] of scores.entries()) {
          expect(Math.abs((chances[at] ?? 0) - Math.exp(score - most) / sum)).toBeLessThan(0.02);
        }
        expect(chances.reduce((all, chance) => all + chance, 0)).toBeCloseTo(1);
      }),
      { endOnFailure: true },
    );
  });
});
