import fc from "fast-check";
import { expect, test } from "vitest";
import {
  answerAt,
  withAnswer,
  withoutAbove,
  withoutFlow,
} from "../../../src/core/conversation/answers-so-far.ts";
import type { Answer } from "../../../src/core/conversation/session.ts";

const runs = 200;

const flows = ["a", "b", "c"];
const place = fc
  .tuple(fc.constantFrom(...flows), fc.integer({ min: 0, max: 40 }))
  .map(([flow, n]) => `${flow}:s${n}`);
const frames = fc.constantFrom<readonly string[]>([], ["m:x"], ["m:x", "a:s1"], ["m:x", "b:s2"]);
const given = fc.record({ place, value: fc.integer(), asked: fc.boolean(), frames });

type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

/** Every answer with the frames it was asked on, told in full. */
type Full = {
  readonly place: string;
  readonly value: number;
  readonly frames: readonly string[] | undefined;
};

function built(all: readonly Given[]): readonly Answer[] {
  return all.reduce<readonly Answer[]>(
    (answers, { place: at, value, asked, frames: below }) =>
      withAnswer(answers, { place: at, value, ...(asked ? { below } : {}) }),
    [],
  );
}

const told = (answers: readonly Answer[]): readonly Full[] =>
  answers.map(({ place: at, value, below }) => ({ place: at, value: Number(value), frames: below }));

const fullOf = ({ place: at, value, asked, frames: below }: Given): Full => ({
  place: at,
  value,
  frames: asked ? below : undefined,
});

test("the frames of each question survive whatever is dropped around it", () => {
  fc.assert(
    fc.property(fc.array(given, { maxLength: 120, size: "max" }), fc.constantFrom(...flows), (all, flow) => {
      const answers = built(all);
      const kept = told(answers);
      expect(answers.length).toBe(Math.min(64, all.length));
      const wanted = all.map(fullOf);
      for (const one of kept) expect(wanted).toContainEqual(one);
      expect(kept.at(-1)).toEqual(wanted.at(-1));
      expect(told(withoutFlow(answers, flow))).toEqual(
        kept.filter((one) => !one.place.startsWith(`${flow}:`)),
      );
      expect(told(withoutAbove(answers, ["m:x", "a:s1"]))).toEqual(
        kept.filter((one) => one.frames?.join() !== "m:x,a:s1"),
      );
    }),
    { numRuns: runs, endOnFailure: true },
  );
});

test("the latest value of a place stays while an older one of the same place can go", () => {
  const answers = built(
    Array.from({ length: 200 }, (_, at) => ({
      place: at === 3 ? "a:once" : `b:s${at % 10}`,
      value: at,
      asked: true,
      frames: ["m:x"],
    })),
  );
  expect(answerAt({ answers }, "a:once")).toBe(3);
  expect(answerAt({ answers }, "b:s9")).toBe(199);
  expect(answerAt({ answers }, "b:none")).toBeUndefined();
});
