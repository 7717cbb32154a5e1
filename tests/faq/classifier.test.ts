import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addClassScores, toChances, trainClassifier } from "../../src/core/faq/classifier.ts";

const vector = (...features: number[]) => ({ features, values: features.map(() => 1), core: 1 });
const examples = [
  { vector: vector(0, 2), label: 0 },
  { vector: vector(0, 3), label: 0 },
  { vector: vector(1, 2), label: 1 },
  { vector: vector(1, 3), label: 1 },
];

describe("the classifier", () => {
  it("learns which features speak for a class, and not which don't", () => {
    const classifier = trainClassifier(examples, 4, 2);
    const scores = new Float64Array(2);
    addClassScores(classifier, vector(0), scores);
    expect(scores[0]).toBeGreaterThan(scores[1] ?? 0);
    const apart = (feature: number): number =>
      Math.abs((classifier.weights[feature * 2] ?? 0) - (classifier.weights[feature * 2 + 1] ?? 0));
    expect(apart(0)).toBeGreaterThan(apart(2));
  });

  it("learns the same every time", () => {
    expect(trainClassifier(examples, 4, 2)).toEqual(trainClassifier(examples, 4, 2));
  });

  it("learns nothing of nothing", () => {
    expect(trainClassifier([], 3, 2).weights).toEqual(new Float32Array(6));
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
