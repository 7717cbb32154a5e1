import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Recent } from "../../src/core/nouns/recent.ts";

const key = fc.nat({ max: 12 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("set" as const), key, value: fc.nat() }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("get" as const), key }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The map beside one that forgets nothing, and in which order keys were used. */
class Beside {
  readonly recent: Recent<number, number>;
  readonly all = new Map<number, number>();
  readonly used: number[] = [];

  constructor(most: number) {
    this.recent = new Recent(most);
  }

  take(step: Step): void {
    switch (step.kind) {
      case "set":
        this.recent.set(step.key, step.value);
        this.all.set(step.key, step.value);
        this.used.push(step.key);
        return;
      case "get": {
        const found = this.recent.get(step.key);
        expect([undefined, this.all.get(step.key)]).toContain(found);
        if (found !== undefined) this.used.push(step.key);
        return;
      }
      case "delete":
        this.recent.delete(step.key);
        this.all.delete(step.key);
        return;
      case "clear":
        this.recent.clear();
        this.all.clear();
    }
  }

  check(most: number): void {
    const entries = [...this.recent.entries()];
    const held = new Map(entries);
    expect(entries.length).toBe(held.size);
    expect(held.size).toBeLessThanOrEqual(most);
    for (const [at, value] of held) expect(this.all.get(at)).toBe(value);
    const ofLate = this.used.slice(Math.max(0, this.used.length - Math.floor(most / 2)));
    for (const at of ofLate) expect(held.get(at)).toBe(this.all.get(at));
  }
}

describe("what was used of late", () => {
  it("holds what was put last, never more than it may, and always what is among the half used last", () => {
    const most = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(most, fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const beside = new Beside(limit);
        for (const one of steps) {
          beside.take(one);
          beside.check(limit);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
