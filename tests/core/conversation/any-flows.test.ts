import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSource } from "../../../src/content/read-source.ts";
import { makeTranslator } from "../../../src/content/translator.ts";
import { advance } from "../../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../../src/core/conversation/session.ts";
import { sessionOf, sessionText } from "../../../src/core/conversation/session-text.ts";
import { isCivilDate } from "../../../src/core/dates/civil-date.ts";
import type { AnswerKind } from "../../../src/core/flow/answer-schema.ts";
import { compile } from "../../../src/core/flow/compile.ts";
import type { Program } from "../../../src/core/flow/program.ts";
import type { Json, Source, SourceFile } from "../../../src/core/flow/source.ts";
import type { Effect } from "../../../src/core/nouns/effect.ts";
import type { Input } from "../../../src/core/nouns/input.ts";
import type { Say } from "../../../src/core/nouns/say.ts";
import { minute } from "../../../src/core/nouns/time.ts";
import { type Renderer, render } from "../../../src/core/render/render.ts";
import { tree } from "../../content/tree.ts";
import { smallContent } from "../flow/small-content.ts";
import { withTopics } from "../shipped.ts";
import { frozen } from "../talk.ts";
import { arbitraryFlows, type MadeFlow } from "./arbitrary-flows.ts";

const runs = 60;
const longestRun = 40;

const file = (path: string, data: Json): SourceFile => ({ path, data, lineOf: () => 1 });

/** The small content with these flows. Nothing is wrong with them: that is looked at too. */
function compiled(small: Source, flows: readonly MadeFlow[]): Renderer & { readonly program: Program } {
  const source: Source = {
    flows: new Map([
      ...small.flows,
      ...flows.map(({ id, data }) => [id, file(`flows/${id}.yaml`, data)] as const),
    ]),
    locales: new Map(small.locales).set(
      "en",
      new Map([
        ...(small.locales.get("en") ?? []),
        ...flows.map(({ id, words }) => [id, file(`locales/en/${id}.json`, words)] as const),
      ]),
    ),
  };
  const { program, issues } = compile(source);
  if (program === undefined)
    throw new Error(
      `${issues.map(({ file: path, what }) => `${path}: ${what}`).join("\n")}\n${JSON.stringify(flows, null, 1)}`,
    );
  return { program: withTopics(program), translator: makeTranslator(source) };
}

type Act =
  | { readonly kind: "offered" | "old"; readonly which: number }
  | { readonly kind: "text"; readonly text: string }
  /** Something that answers the question that waits. */
  | { readonly kind: "answer"; readonly which: number }
  | { readonly kind: "open" }
  | { readonly kind: "due" };

const fitting: Readonly<Record<AnswerKind, readonly string[]>> = {
  "yes-no": ["yes", "no"],
  choice: ["red", "blue", "1"],
  several: ["1 2", "tea salt", "done"],
  date: ["2026-12-01", "3 June 2027", "yes"],
  number: ["2", "3", "0"],
  money: ["1200", "2"],
  text: ["my son", "x"],
  country: ["Afghanistan", "Iran"],
  phone: ["+93701234567", "yes"],
  "receipt-number": ["IOE0912345678", "yes"],
};
const texts = fc.oneof(
  fc.constantFrom("back", "start again", "menu", "continue", "what is it?", "I don't know", "please stop"),
  fc.constantFrom(...Object.values(fitting).flat()),
  fc.string({ maxLength: 8 }),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: fc.nat().map((which): Act => ({ kind: "answer", which })) },
  { weight: 4, arbitrary: fc.nat().map((which): Act => ({ kind: "offered", which })) },
  { weight: 2, arbitrary: fc.nat().map((which): Act => ({ kind: "old", which })) },
  { weight: 4, arbitrary: texts.map((text): Act => ({ kind: "text", text })) },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ kind: "due" }, { kind: "open" }) },
);

/** A conversation in one of these programs, and every button it has shown. */
class World {
  readonly #made: Renderer & { readonly program: Program };
  readonly #shown: string[] = [];
  session: Session;
  now = Date.UTC(2026, 10, 23, 10);

  constructor(made: Renderer & { readonly program: Program }) {
    this.#made = made;
    const { program } = made;
    this.session = frozen({ ...newSession("en", program.hash), met: true, frames: ["menu:choose"] });
    this.take({ kind: "tap", button: "f:f0" });
  }

  do(one: Act): void {
    const input = this.#inputOf(one);
    if (input === undefined) return;
    const before = this.session;
    this.take(input);
    if (input.kind === "tap" && input.button.startsWith("a:") && this.#movedFrom(before, input.button))
      this.#repeat(input);
  }

  /** Whether the question that a button answered is over and another waits: the button is not shown any more. */
  #movedFrom(before: Session, button: string): boolean {
    const { offered, frames } = this.session;
    return before.offered.includes(button) && !offered.includes(button) && frames.length > 0;
  }

  /** The same button again, as when a thumb or a network stutters: it answers nothing. */
  #repeat(input: Input): void {
    const kept = whatCounts(this.session);
    this.take(input);
    if (!isDeepStrictEqual(kept, whatCounts(this.session)))
      expect.fail(`a button tapped twice counted twice: ${JSON.stringify(input)}`);
  }

  take(input: Input): void {
    const { program } = this.#made;
    const after = advance(program, this.session, input, this.now);
    const again = advance(program, sessionOf(sessionText(this.session)), input, this.now);
    if (!isDeepStrictEqual(after, again)) expect.fail("a session that went through JSON behaves otherwise");
    if (!isDeepStrictEqual(after.session, sessionOf(sessionText(after.session))))
      expect.fail(`the session does not survive being stored: ${JSON.stringify(after.session)}`);
    for (const effect of after.effects) this.#checkEffect(effect);
    expect(after.session.frames.filter((frame) => !program.steps.has(frame))).toEqual([]);
    this.session = frozen(after.session);
    this.#shown.push(...after.session.offered);
    this.now += minute;
  }

  #inputOf(one: Act): Input | undefined {
    if (one.kind === "text") return { kind: "text", text: one.text.replaceAll("{", "(") };
    if (one.kind === "open") return { kind: "tap", button: "f:f0" };
    if (one.kind === "answer") return this.#fitting(one.which);
    if (one.kind === "due") {
      const { waitUntil } = this.session;
      if (waitUntil === null) return undefined;
      this.now = Math.max(this.now, waitUntil);
      return { kind: "due", ref: "wait" };
    }
    const from = one.kind === "old" ? this.#shown : this.session.offered;
    const button = from[one.which % Math.max(1, from.length)];
    return button === undefined ? undefined : { kind: "tap", button };
  }

  #fitting(which: number): Input {
    const step = this.#made.program.steps.get(this.session.frames.at(-1) ?? "");
    const answers = step?.kind === "ask" && step.inFlow !== "menu" ? fitting[step.answer.kind] : [];
    const text = answers[which % Math.max(1, answers.length)];
    return text === undefined ? { kind: "tap", button: "f:f0" } : { kind: "text", text };
  }

  #checkEffect(effect: Effect): void {
    if (effect.kind === "count" && effect.name === "step-budget") expect.fail("the step budget ran out");
    if (effect.kind === "say") this.#check(effect.say);
    if (effect.kind === "forget") this.#check(effect.receipt);
  }

  #check(say: Say): void {
    const today = "2026-11-23";
    if (!isCivilDate(today)) return;
    const { message } = render(this.#made, say, "en", today);
    const labels = [...message.buttons, ...message.nav].map(({ label }) => label);
    const bad = [...message.parts.map(({ text }) => text), ...labels].find((text) => text.includes("{{"));
    if (bad !== undefined) expect.fail(`“${bad}” in ${JSON.stringify(say)}`);
  }
}

function whatCounts({ frames, answers, gathered, reminders }: Session) {
  return { frames, answers, gathered, reminders };
}

test("in whatever flows, whatever people send, every promise holds", () => {
  const small = readSource(tree(smallContent)).source;
  fc.assert(
    fc.property(fc.gen(), fc.array(act, { minLength: 1, maxLength: longestRun, size: "max" }), (g, acts) => {
      const world = new World(compiled(small, arbitraryFlows(g)));
      for (const one of acts) world.do(one);
    }),
    { numRuns: runs, endOnFailure: true },
  );
});
