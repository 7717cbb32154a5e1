import fc from "fast-check";
import { expect, test } from "vitest";
import { readSource } from "../../../src/content/read-source.ts";
import { makeTranslator } from "../../../src/content/translator.ts";
import { advance } from "../../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../../src/core/conversation/session.ts";
import { isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { compile } from "../../../src/core/flow/compile.ts";
import type { Program } from "../../../src/core/flow/program.ts";
import type { Json, Source, SourceFile } from "../../../src/core/flow/source.ts";
import type { Input } from "../../../src/core/nouns/input.ts";
import { hour, minute } from "../../../src/core/nouns/time.ts";
import { type Renderer, render } from "../../../src/core/render/render.ts";
import { tree } from "../../content/tree.ts";
import { smallContent } from "../flow/small-content.ts";
import { withTopics } from "../shipped.ts";
import { frozen } from "../talk.ts";
import { arbitraryFlows, type MadeFlow } from "./arbitrary-flows.ts";

type Made = Renderer & { readonly program: Program };

const file = (path: string, data: Json): SourceFile => ({ path, data, lineOf: () => 1 });

/** The small content with these flows; undefined where an edit is one that no check would let pass. */
function compiled(small: Source, flows: readonly MadeFlow[]): Made | undefined {
  const source: Source = {
    flows: new Map([...small.flows, ...flows.map(({ id, data }) => [id, file(id, data)] as const)]),
    locales: new Map(small.locales).set(
      "en",
      new Map([
        ...(small.locales.get("en") ?? []),
        ...flows.map(({ id, words }) => [id, file(id, words)] as const),
      ]),
    ),
  };
  const { program } = compile(source);
  return program === undefined
    ? undefined
    : { program: withTopics(program), translator: makeTranslator(source) };
}

/** The flows once more, with what was renamed said or not: each step's name has a letter more. */
function renamed(flows: readonly MadeFlow[], said: boolean): readonly MadeFlow[] {
  const [first, ...others] = flows;
  if (first === undefined) return flows;
  const names = Object.keys(first.data["steps"] ?? {}).filter((name) => name.startsWith("s"));
  const rename = (value: Json): Json =>
    JSON.parse(
      names.reduce((text, name) => text.replaceAll(`"${name}"`, `"${name}x"`), JSON.stringify(value)),
    );
  const data = Object.fromEntries(Object.entries(first.data).map(([key, value]) => [key, rename(value)]));
  const words = Object.fromEntries(
    Object.entries(first.words).map(([key, value]) => [names.includes(key) ? `${key}x` : key, value]),
  );
  const steps = Object.fromEntries(names.map((name) => [name, `${name}x`]));
  return [{ ...first, words, data: said ? { ...data, renamed: { steps } } : data }, ...others];
}

type Act = Input | number;

const written = [
  ...[
    "yes",
    "no",
    "red",
    "1",
    "1 2",
    "done",
    "2026-12-01",
    "3",
    "Afghanistan",
    "+93701234567",
    "IOE0912345678",
  ],
  ...["back", "start again", "continue", "menu", "what is it?", "danger", "help", "I don't know"],
];
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...written).map((text): Input => ({ kind: "text", text })) },
  { weight: 6, arbitrary: fc.nat({ max: 9 }) },
  { weight: 1, arbitrary: fc.constant<Input>({ kind: "media" }) },
  { weight: 1, arbitrary: fc.constant<Input>({ kind: "due", ref: "wait" }) },
);

/** Where the conversation waits and what was said can be relied upon, whatever it was begun in. */
function sane({ program, ...words }: Made, session: Session, input: Input, at: number): Session {
  const after = advance(program, session, input, at);
  const today = "2026-11-23";
  for (const effect of after.effects) {
    if (effect.kind === "count" && effect.name === "step-budget") expect.fail("the step budget ran out");
    if (effect.kind === "say" && isCivilDate(today)) render({ program, ...words }, effect.say, "en", today);
  }
  const again = advance(program, JSON.parse(JSON.stringify(session)), input, at);
  expect(again).toEqual(after);
  const { frames, answers, content } = after.session;
  // Who has not been told yet keeps their place, and with it what tells that it is an old one.
  if (content === program.hash) {
    expect(frames.filter((place) => !program.steps.has(place))).toEqual([]);
    expect(
      answers.filter(({ below, place }) => below !== undefined && program.steps.get(place)?.kind !== "ask"),
    ).toEqual([]);
  }
  return frozen(after.session);
}

/** What is done in some content; whoever goes on after it is told, and stands at a question or at the menu. */
function live(made: Made, before: Session, acts: readonly Act[], from: number): Session {
  let session = before;
  for (const [at, one] of acts.entries()) {
    const offered = typeof one === "number" ? session.offered[one % Math.max(1, session.offered.length)] : "";
    const input: Input = typeof one === "number" ? { kind: "tap", button: offered ?? "c:continue" } : one;
    session = sane(made, session, input, from + at * minute);
  }
  session = sane(made, session, { kind: "tap", button: "c:continue" }, from + acts.length * minute);
  expect(session.content).toBe(made.program.hash);
  expect(made.program.steps.get(session.frames.at(-1) ?? "menu:choose")?.kind).toBe("ask");
  return session;
}

test("whatever is edited while people are in the middle, no conversation is lost and nothing throws", () => {
  const small = readSource(tree(smallContent)).source;
  const edit = fc.constantFrom("other", "renamed", "silently-renamed", "back");
  const phase = fc.tuple(edit, fc.array(act, { minLength: 1, maxLength: 8 }));
  fc.assert(
    fc.property(fc.gen(), fc.array(phase, { minLength: 2, maxLength: 4 }), (g, phases) => {
      const first = arbitraryFlows(g);
      const flows = {
        other: () => arbitraryFlows(g),
        renamed: () => renamed(first, true),
        "silently-renamed": () => renamed(first, false),
        back: () => first,
      };
      let made = compiled(small, first);
      if (made === undefined) throw new Error("flows that are made do not compile");
      let now = Date.UTC(2026, 10, 23, 10);
      const met: Session = { ...newSession("en", made.program.hash), met: true, frames: ["menu:choose"] };
      let session = live(made, frozen(met), [{ kind: "tap", button: "f:f0" }], now);
      for (const [how, acts] of phases) {
        made = compiled(small, flows[how]()) ?? made;
        now += hour;
        session = live(made, session, acts, now);
      }
    }),
    { numRuns: 50, endOnFailure: true },
  );
});
