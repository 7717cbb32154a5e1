import type { OutcomeLevel, StepOf, StepSource } from "../core/flow/schema.ts";
import type { FlowId } from "../core/nouns/ids.ts";
import { conditionWords, type SayValue } from "./condition-words.ts";
import type { FlowWords } from "./flow-words.ts";
import type { Row, Tone } from "./picture.ts";

/** What drawing a step needs to know of its flow. */
export type FlowAround = {
  readonly words: FlowWords;
  readonly levelOf: (outcome: string) => OutcomeLevel | undefined;
  readonly sayValue: SayValue;
};

/** How a step looks: its colours, the name of its kind, and what stands in its box. */
export type StepLook = {
  readonly tone: Tone;
  readonly what: string;
  readonly rows: readonly Row[];
  readonly level?: OutcomeLevel | undefined;
  readonly opens?: FlowId;
};

/** Gives how a step of any kind looks. A new kind does not compile until it is here. */
export function lookOf(id: string, step: StepSource, around: FlowAround): StepLook {
  switch (step.kind) {
    case "say":
      return { tone: "say", what: "says", rows: spoken(id, around) };
    case "ask":
      return { tone: "ask", what: `asks (${step.answer.kind})`, rows: askRows(id, step, around) };
    case "decide":
      return { tone: "decide", what: "decides", rows: decideRows(step, around) };
    case "call":
      return { tone: "flow", what: "goes through", rows: flowRows(step), opens: step.flow };
    case "repeat":
      return {
        tone: "flow",
        what: "repeats",
        rows: [...flowRows(step), ...roundRows(step)],
        opens: step.flow,
      };
    case "set":
      return { tone: "act", what: "notes", rows: Object.entries(step.values).map(setRow) };
    case "remind":
      return { tone: "act", what: `reminder: ${step.do}`, rows: remindRows(step) };
    case "subscribe":
      return { tone: "act", what: `topic: ${step.do}`, rows: [tech(valueWords(step.topic))] };
    case "outcome":
      return outcomeLook(id, step, around);
    case "hand-over":
      return {
        tone: "act",
        what: "opens a case",
        rows: [...spoken(id, around), tech(`reason: ${step.reason}`)],
      };
    case "forget":
      return { tone: "act", what: "deletes the person", rows: spoken(id, around) };
    case "faq":
      return { tone: "act", what: "answers a question", rows: [tech(`the one picked in ${step.entry}`)] };
    case "end":
      return { tone: "turn", what: step.then === "menu" ? "to the menu" : "end", rows: [] };
  }
}

function tech(text: string, kind: "tech" | "heading" = "tech"): Row {
  return { kind, text };
}

function spoken(id: string, { words }: FlowAround): readonly Row[] {
  return (["heading", "text", "note"] as const).flatMap((kind) => {
    const text = words.ofStep(id, kind);
    return text === undefined ? [] : [{ kind, text }];
  });
}

function askRows(id: string, step: StepOf<"ask">, around: FlowAround): readonly Row[] {
  const adds = Object.entries(step.adds ?? {}).map(
    ([answer, outcome]): Row => ({
      kind: "adds",
      level: around.levelOf(outcome),
      mark: answerWords(id, answer, around.words),
      text: around.words.ofOutcome(outcome),
    }),
  );
  const { answer } = step;
  const from = answer.kind === "choice" && answer.from !== undefined ? [tech(`one of: ${answer.from}`)] : [];
  const keep = step.keep === undefined ? [] : [tech(`kept: ${step.keep}`)];
  return [...spoken(id, around), ...from, ...keep, ...adds];
}

/** An answer by what is written on its button; `unsure` is both no-answers, `otherwise` the rest. */
export function answerWords(id: string, answer: string, words: FlowWords): string {
  if (answer === "otherwise") return "…";
  if (answer !== "unsure") return words.ofAnswer(id, answer);
  return [words.ofAnswer(id, "dont-know"), words.ofAnswer(id, "rather-not-say")].join(" / ");
}

function decideRows(step: StepOf<"decide">, { sayValue }: FlowAround): readonly Row[] {
  const rules = step.table.map(
    ({ when }, at): Row => ({ kind: "rule", mark: String(at + 1), text: conditionWords(when, sayValue) }),
  );
  return step.otherwise === undefined
    ? rules
    : [...rules, { kind: "rule", mark: otherwise, text: "none of these" }];
}

/** The mark of the way that is gone when no row of a table holds. */
export const otherwise = "else";

function flowRows(step: StepOf<"call"> | StepOf<"repeat">): readonly Row[] {
  const given = Object.entries(step.with ?? {}).map(([name, from]) =>
    tech(`with ${name} = ${valueWords(from)}`),
  );
  return [tech(step.flow, "heading"), ...given];
}

function roundRows({ times, again, most }: StepOf<"repeat">): readonly Row[] {
  const until = again === undefined ? [] : [tech(`again while ${again} is yes`)];
  const rounds = times === undefined ? [] : [tech(`rounds: ${valueWords(times)}`)];
  return [...rounds, ...until, tech(`at most ${most} rounds`)];
}

function setRow([name, from]: readonly [string, Parameters<typeof valueWords>[0]]): Row {
  return tech(`${name} = ${valueWords(from)}`);
}

function valueWords(
  from: { readonly answer: string } | { readonly value: string | number | boolean },
): string {
  return "answer" in from ? `answer of ${from.answer}` : String(from.value);
}

function remindRows({ reminder, which, date, label }: StepOf<"remind">): readonly Row[] {
  const known = { kind: reminder, which, date, "whose date": label };
  return Object.entries(known).flatMap(([name, value]) =>
    value === undefined ? [] : [tech(`${name}: ${value}`)],
  );
}

/** What a step shows or adds, by its `show`. A new one does not compile until it is here. */
const shown: Readonly<Record<StepOf<"outcome">["show"], string>> = {
  now: "shows a result",
  later: "adds a result",
  gathered: "shows all results added so far",
  share: "shows these results once more, to pass on",
  summary: "shows the answers given",
};

function outcomeLook(id: string, step: StepOf<"outcome">, around: FlowAround): StepLook {
  const { words, levelOf } = around;
  const what = shown[step.show];
  if (step.show !== "now" && step.show !== "later") return { tone: "say", what, rows: pageRows(id, around) };
  const level = step.outcome === undefined ? undefined : levelOf(step.outcome);
  const own =
    step.outcome === undefined ? [] : [{ kind: "text", text: words.ofOutcome(step.outcome) } as const];
  return { tone: level ?? "missing", what, level, rows: [...spoken(id, around), ...own] };
}

/** A page has no level of its own; what it says where nothing was gathered stands below. */
function pageRows(id: string, around: FlowAround): readonly Row[] {
  const none = around.words.ofStep(id, "none");
  const empty: readonly Row[] =
    none === undefined ? [] : [tech("when nothing was added:"), { kind: "note", text: none }];
  return [...spoken(id, around), ...empty];
}
