import fc from "fast-check";
import { expect, it } from "vitest";
import { Slots } from "../../src/core/nouns/slots.ts";

type Step =
  | { readonly kind: "put"; readonly name: string }
  | { readonly kind: "take"; readonly number: number }
  | { readonly kind: "takeAll" };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("put" as const), name: fc.string() }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("take" as const), number: fc.nat({ max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("takeAll" as const) }) },
);

it("gives back what was kept under each number, once, and no more numbers than were in use at once", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const slots = new Slots<{ readonly name: string }>();
      const kept = new Map<number, { readonly name: string }>();
      let most = 0;
      for (const taken of steps) {
        if (taken.kind === "put") {
          const value = { name: taken.name };
          const number = slots.put(value);
          expect(kept.has(number)).toBe(false);
          kept.set(number, value);
          most = Math.max(most, kept.size);
          expect(number).toBeLessThan(most);
        } else if (taken.kind === "take") {
          expect(slots.take(taken.number)).toBe(kept.get(taken.number));
          kept.delete(taken.number);
        } else {
          expect(new Set(slots.takeAll())).toEqual(new Set(kept.values()));
          kept.clear();
        }
        expect(slots.isEmpty).toBe(kept.size === 0);
      }
    }),
  );
});
