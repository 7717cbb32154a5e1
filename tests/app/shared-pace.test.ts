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
  expect(pace.waitFor("bulk", 50)).toBeGreaterThanOrEqual(50);
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

it.each([1, 10, 30, 40])(
  "at %i a second, those that wait leave some at a time and none too soon",
  (perSecond) => {
    const pace = new Pace(perSecond);
    const sent: number[] = [];
    const wakes = new Set<number>();
    for (let now = 1_000_000; now < 1_030_000; ) {
      const wait = pace.waitFor("bulk", now);
      wakes.add(now);
      if (wait === 0) sent.push(now);
      else now += wait;
    }
    expect(sent.length / 30).toBeGreaterThan(perSecond * 0.97);
    for (const [at, time] of sent.entries()) {
      const withinASecond = sent.slice(at).filter((other) => other < time + 1_000);
      expect(withinASecond.length).toBeLessThanOrEqual(Math.ceil(perSecond * 1.15) + 1);
    }
    expect(wakes.size).toBeLessThanOrEqual(30 * 10 + 1);
  },
);
