import fc from "fast-check";
import { compileFlow } from "../../../src/core/flow/compile-flow.ts";
import type { Program } from "../../../src/core/flow/program.ts";
import type { Reading } from "../../../src/core/flow/reading.ts";
import type { Json, Source, SourceFile } from "../../../src/core/flow/source.ts";
import { shippedContent } from "../shipped.ts";

const shipped = shippedContent();

function fileOf(path: string, data: Json): SourceFile {
  return { path, data, lineOf: () => 1 };
}

/** The shipped program with these flows alone, and a way into `a`. References are not looked at. */
export function programOf(flows: Readonly<Record<string, Json>>): Program {
  const reading: Reading = { source: shipped.source, languages: shipped.program.languages, issues: [] };
  const compiled = Object.entries(flows).map(([id, data]) => {
    const one = compileFlow(reading, id, fileOf(`flows/${id}.yaml`, data));
    if (one === undefined) throw new Error(JSON.stringify([id, reading.issues, data]));
    return one;
  });
  return {
    ...shipped.program,
    flows: new Map(compiled.map(({ flow }) => [flow.id, flow])),
    steps: new Map(compiled.flatMap(({ steps }) => steps).map((step) => [step.place, step])),
    commands: new Map([["go", { do: "visit", flow: "a" }]]),
    faq: { ...shipped.program.faq, entries: new Map() },
  };
}

/** These flows as files, with the shipped words. */
export function sourceOf(flows: Readonly<Record<string, Json>>): Source {
  const files = Object.entries(flows).map(([id, data]) => [id, fileOf(`flows/${id}.yaml`, data)] as const);
  return { flows: new Map(files), locales: shipped.source.locales };
}

/** Days around the one on which it all happens. */
export const today = "2026-11-22";

const menu: Json = {
  start: "choose",
  nav: [],
  steps: {
    choose: {
      kind: "ask",
      answer: { kind: "choice", options: ["a", "rest"] },
      next: { a: "go", rest: "choose" },
    },
    go: { kind: "call", flow: "a", next: "choose" },
  },
};

const stepNames = ["s0", "s1", "s2", "s3", "s4", "end"];
const asked = fc.constantFrom("s0", "s1");
const small = fc.integer({ min: 0, max: 4 });
const days = fc.integer({ min: 0, max: 2 });

/** A step to go to: mostly the next one, so that flows get somewhere. */
function after(at: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...stepNames.slice(at + 1, at + 3)) },
    { weight: 1, arbitrary: fc.constantFrom(...stepNames) },
  );
}

const ofDate = fc.oneof(
  fc.constantFrom<Json>({ before: "today" }, { after: "today" }, { before: "s1" }, { after: "s0" }),
  days.map((within) => ({ within })),
  days.map((long) => ({ "older-than": long })),
  fc.tuple(days, asked).map(([long, of]) => ({ within: { days: long, of } })),
);
const ofNumber = fc.oneof(
  small.map((limit) => ({ "at-least": limit })),
  small.map((limit) => ({ "less-than": limit })),
  fc.tuple(small, small).map(([low, high]) => ({ "more-than": low, "at-most": high })),
  small,
);
const ofWord = fc.constantFrom<Json>("yes", "no", "dont-know", { "one-of": ["yes", 2] });
const test: fc.Arbitrary<Json> = fc.oneof(
  ofDate,
  ofNumber,
  ofWord,
  fc.boolean().map((answered) => ({ answered })),
  small.map((limit) => ({ answered: true, "at-least": limit })),
);
/** Names that a condition reads: answers of this flow, of another, results, and what is known of the person. */
const name = fc.oneof(
  { weight: 8, arbitrary: asked },
  { weight: 2, arbitrary: fc.constantFrom("kept", "b.s1", "a.s0", "s3.s1", "s3.count", "p") },
  { weight: 1, arbitrary: fc.constant("person.time-zone") },
);
const plain = fc.dictionary(name, test, { minKeys: 1, maxKeys: 2 });
const condition: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: plain },
  {
    weight: 2,
    arbitrary: fc
      .oneof(ofWord, ofNumber)
      .map((some) => ({ "s3.s1": typeof some === "object" ? { some } : { every: some } })),
  },
  { weight: 1, arbitrary: small.map((least) => ({ "s3.s1": { count: { of: "yes", "at-least": least } } })) },
  { weight: 1, arbitrary: fc.array(plain, { minLength: 1, maxLength: 2 }).map((any) => ({ any })) },
  { weight: 1, arbitrary: plain.map((not) => ({ not })) },
);

type Body = (at: number) => fc.Arbitrary<Json>;

const ask: Body = (at) =>
  fc.oneof(
    fc.record({
      kind: fc.constant("ask"),
      answer: fc.constant({ kind: "yes-no" }),
      unsure: fc.boolean(),
      next: after(at),
    }),
    fc.tuple(after(at), after(at)).map(([yes, no]) => ({
      kind: "ask",
      answer: { kind: "yes-no" },
      adds: { yes: "good" },
      next: { yes, no },
    })),
    ...["number", "date"].map((kind) =>
      fc.record({
        kind: fc.constant("ask"),
        answer: fc.constant(kind === "number" ? { kind, most: 6 } : { kind }),
        next: after(at),
      }),
    ),
  );
const decide: Body = (at) =>
  fc
    .tuple(
      fc.array(fc.record({ when: condition, next: after(at) }), { minLength: 1, maxLength: 3 }),
      after(at),
    )
    .map(([table, otherwise]) => ({ kind: "decide", table, otherwise }));
const flow = fc.constantFrom("b", "c");
const run: Body = (at) =>
  fc.oneof(
    fc.record({ kind: fc.constant("call"), flow, next: after(at) }),
    fc.tuple(flow, asked, after(at)).map(([called, answer, next]) => ({
      kind: "call",
      flow: called,
      with: { p: { answer } },
      next,
    })),
    fc
      .tuple(flow, asked, after(at))
      .map(([called, answer, next]) => ({ kind: "repeat", flow: called, times: { answer }, most: 2, next })),
    fc
      .tuple(flow, after(at))
      .map(([called, next]) => ({ kind: "repeat", flow: called, again: "s1", most: 2, next })),
  );
const set: Body = (at) =>
  fc
    .tuple(
      fc.constantFrom("kept", "s0"),
      fc.oneof(
        fc.constantFrom("s0", "s1", "kept").map((answer) => ({ answer })),
        small.map((value) => ({ value })),
      ),
      after(at),
    )
    .map(([to, from, next]) => ({ kind: "set", values: { [to]: from }, next }));
const other: Body = (at) =>
  fc.oneof(
    set(at),
    fc.record({ kind: fc.constant("say"), next: after(at) }),
    fc
      .tuple(fc.constantFrom("now", "later"), after(at))
      .map(([show, next]) => ({ kind: "outcome", outcome: "good", show, next })),
    fc.constantFrom<Json>({ kind: "end" }, { kind: "end", then: "menu" }),
  );

function flowOf(...kinds: readonly Body[]): fc.Arbitrary<Json> {
  return fc.tuple(...kinds.map((body, at) => body(at))).map((bodies) => ({
    start: "s0",
    params: { p: { answer: { kind: "number" } } },
    results: ["s1"],
    outcomes: { good: { level: "worth-asking" } },
    steps: { ...Object.fromEntries(bodies.map((body, at) => [stepNames[at], body])), end: { kind: "end" } },
  }));
}

const either =
  (...bodies: readonly Body[]): Body =>
  (at) =>
    fc.oneof(...bodies.map((body) => body(at)));

/** Arbitrary small flows that call one another, with a question or two each, and a menu that leads to `a`. */
export const smallFlows = fc
  .record({
    a: flowOf(ask, either(ask, decide), either(decide, set), either(run, other), decide),
    b: flowOf(either(ask, decide), either(ask, set), either(decide, other), either(run, other), decide),
    c: flowOf(ask, other, decide, other, other),
  })
  .map((flows): Readonly<Record<string, Json>> => ({ menu, ...flows }));
