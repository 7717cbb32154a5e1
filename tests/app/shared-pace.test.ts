import { expect, it } from "vitest";
import { Pace } from "../../src/app/pace.ts";

const moment = () => new Promise((resolve) => setImmediate(resolve));

it("where moments are shared, unasked messages leave in those that were taken, and answers at once", async () => {
  const asked: number[] = [];
  const pace = new Pace(25, async (count) => {
    asked.push(count);
    return 100;
  });
  expect(pace.waitFor("bulk", 0)).toBeGreaterThan(0);
  expect(pace.waitFor("reply", 0)).toBe(0);
  await moment();
  expect(asked).toEqual([5]);
  expect(pace.waitFor("bulk", 50)).toBe(50);
  const left = [100, 140, 180, 220, 260].map((at) => pace.waitFor("bulk", at));
  expect(left).toEqual([0, 0, 0, 0, 0]);
  expect(pace.waitFor("bulk", 300)).toBeGreaterThan(0);
  await moment();
  expect(asked).toEqual([5, 5]);
});

it("where moments can't be taken, unasked messages wait and answers do not fail", async () => {
  const pace = new Pace(25, () => Promise.reject(new Error("the store is away")));
  pace.waitFor("nudge", 0);
  await moment();
  expect(pace.waitFor("nudge", 10)).toBeGreaterThan(500);
});
