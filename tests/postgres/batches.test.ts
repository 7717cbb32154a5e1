import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Batches } from "../../src/store/postgres/batches.ts";

// PostgreSQL is not asked here: whom a transaction is shared with depends on moments, which only a clock of the test's own gives.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Batches of one lane whose transactions take 5 ms, and what was in each. */
function recorded() {
  const runs: (readonly string[])[] = [];
  const batches = new Batches<string, string>({
    run: async (items) => {
      runs.push(items);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return items.map((value) => ({ kind: "done", value }));
    },
    keys: (item) => [item],
    lanes: 1,
    ended: () => undefined,
    repeated: () => undefined,
    disowned: () => Promise.resolve(),
  });
  return { runs, batches };
}

it("starts at once where none was before", async () => {
  const { runs, batches } = recorded();
  const first = batches.add("first");
  await vi.advanceTimersByTimeAsync(0);
  expect(runs).toEqual([["first"]]);
  await vi.advanceTimersByTimeAsync(5);
  expect(await first).toBe("first");
});

it("shares the next transaction among all that come within two milliseconds after one", async () => {
  const { runs, batches } = recorded();
  const all = [batches.add("first")];
  await vi.advanceTimersByTimeAsync(5);
  all.push(batches.add("second"));
  await vi.advanceTimersByTimeAsync(1);
  all.push(batches.add("third"));
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toEqual([["first"], ["second", "third"]]);
  await vi.advanceTimersByTimeAsync(5);
  expect(await Promise.all(all)).toEqual(["first", "second", "third"]);
});

it("waits for nobody after a pause", async () => {
  const { runs, batches } = recorded();
  const all = [batches.add("first")];
  await vi.advanceTimersByTimeAsync(100);
  all.push(batches.add("second"));
  await vi.advanceTimersByTimeAsync(0);
  expect(runs).toEqual([["first"], ["second"]]);
  await vi.advanceTimersByTimeAsync(5);
  await Promise.all(all);
});

it("ends once what it waits for has been carried out, also where that was gathering", async () => {
  const { runs, batches } = recorded();
  const all = [batches.add("first")];
  await vi.advanceTimersByTimeAsync(5);
  all.push(batches.add("second"));
  const closed = batches.close();
  await expect(batches.add("too late")).rejects.toThrow("the store is closed");
  await vi.advanceTimersByTimeAsync(10);
  await closed;
  expect(runs).toEqual([["first"], ["second"]]);
  expect(await Promise.all(all)).toEqual(["first", "second"]);
});
