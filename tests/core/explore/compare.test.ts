import fc from "fast-check";
import { expect, test } from "vitest";
import { compare } from "../../../src/core/flow/explore/compare.ts";
import { explore } from "../../../src/core/flow/explore/explore.ts";
import { outcomeLevels } from "../../../src/core/flow/schema.ts";
import type { Json } from "../../../src/core/flow/source.ts";
import { programOf, today } from "./small-flows.ts";

const now = Date.parse(`${today}T12:00:00Z`);
const length = 8;

type Step =
  | { readonly kind: "ask"; readonly yes: number; readonly no: number }
  | { readonly kind: "outcome"; readonly level: number; readonly next: number };

/** A step that leads only to later ones; the first is a question, the last the end. */
function stepAt(at: number): fc.Arbitrary<Step> {
  const later = fc.integer({ min: at + 1, max: length });
  const ask = fc.record({ kind: fc.constant("ask" as const), yes: later, no: later });
  const outcome = fc.record({
    kind: fc.constant("outcome" as const),
    level: fc.integer({ min: 0, max: outcomeLevels.length - 1 }),
    next: later,
  });
  return at === 0 ? ask : fc.oneof({ weight: 2, arbitrary: ask }, { weight: 1, arbitrary: outcome });
}

const steps = fc.tuple(...Array.from({ length }, (_, at) => stepAt(at)));

const name = (at: number) => (at === length ? "end" : `s${at}`);

function bodyOf(step: Step): Json {
  if (step.kind === "ask")
    return { kind: "ask", answer: { kind: "yes-no" }, next: { yes: name(step.yes), no: name(step.no) } };
  return { kind: "outcome", outcome: `o${step.level}`, show: "now", next: name(step.next) };
}

function flowOf(all: readonly Step[]): Json {
  return {
    start: "s0",
    outcomes: Object.fromEntries(outcomeLevels.map((level, at) => [`o${at}`, { level }])),
    steps: {
      ...Object.fromEntries(all.map((step, at) => [name(at), bodyOf(step)])),
      end: { kind: "end" },
    },
  };
}

/** How urgent the most urgent result is for someone with these answers, one bit for each step. */
function urgency(all: readonly Step[], answers: number): number {
  let most = 0;
  for (let at = 0; at < length; ) {
    const step = all[at];
    if (step === undefined) return most;
    if (step.kind === "outcome") most = Math.max(most, outcomeLevels.length - step.level);
    at = step.kind === "outcome" ? step.next : (answers >> at) % 2 === 1 ? step.yes : step.no;
  }
  return most;
}

test("a promise is broken exactly where two people break it", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const people = Array.from({ length: 2 ** (length - 1) }, (_, others) => others * 2);
      const broken = people.some((person) => urgency(all, person + 1) < urgency(all, person));
      const program = programOf({ a: flowOf(all) });
      const { states } = explore(program, now);
      expect(compare(program, states, "a:s0", ["no", "yes"]).kind).toBe(broken ? "broken" : "holds");
    }),
    { numRuns: 300, endOnFailure: true },
  );
});
