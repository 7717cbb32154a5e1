import { isCivilDate } from "../../dates/civil-date.ts";
import type { FlowId } from "../../nouns/ids.ts";
import { linesOf } from "../condition.ts";
import type { Condition, DaysFrom, Test } from "../condition-schema.ts";
import type { Program, Step, StepOfKind } from "../program.ts";
import type { ValueFrom } from "../schema.ts";
import { countName, resultOf } from "../value-types.ts";

/** How closely a value is looked at: the value itself, or only whether there is one. */
export type Use = "value" | "presence";

/** A read of an answer (by its place) or of what is known of the person (`person.…`), and how the author names it. */
export type Read = { readonly key: string; readonly use: Use; readonly name: string };

/** A test of a condition with the name it reads. */
export type NamedTest = { readonly name: string; readonly test: Test };

/** What a person's lists and settings are called, as one thing each: whatever touches them touches all of it. */
export const personKeys = {
  reminders: "person.reminders",
  topics: "person.topics",
  zone: "person.time-zone",
  stopped: "person.stopped",
} as const;

/** Every test in a condition, those under `any`, `all` and `not` too. */
export function testsIn(condition: Condition): readonly NamedTest[] {
  return linesOf(condition).flatMap((line) => {
    if (line.kind === "test") return [{ name: line.name, test: line.test }];
    return line.kind === "not" ? testsIn(line.condition) : line.conditions.flatMap(testsIn);
  });
}

/** Names of the other answers that a test compares a date with. */
export function comparedIn(test: Test | undefined): readonly string[] {
  if (typeof test !== "object") return [];
  const here = [test.before, test.after, startOf(test.within), startOf(test["older-than"])];
  const inner = "some" in test || "every" in test || "count" in test ? listTestsOf(test) : [];
  return [
    ...here.flatMap((than) => (than === undefined || than === "today" || isCivilDate(than) ? [] : [than])),
    ...inner.flatMap(comparedIn),
  ];
}

/** The tests of the items in a test of a list. */
export function listTestsOf(test: Extract<Test, object>): readonly Test[] {
  return [test.some, test.every, test.count?.of].filter((one) => one !== undefined);
}

function startOf(from: DaysFrom | undefined): string | undefined {
  return typeof from === "object" ? from.of : undefined;
}

/** The key under which a name that a flow speaks of is kept: a place, or one of the person's keys. */
export function keyOfName(program: Program, name: string, flow: FlowId): string {
  if (name === "person.dates") return personKeys.reminders;
  if (name === "person.subscriptions") return personKeys.topics;
  if (name.startsWith("person.")) return name;
  const dot = name.lastIndexOf(".");
  if (dot < 0 || resultOf(program, flow, name) !== undefined) return `${flow}:${name}`;
  return `${name.slice(0, dot)}:${name.slice(dot + 1)}`;
}

/** What a step reads when it is run. */
export function readsOf(program: Program, step: Step): readonly Read[] {
  const read = (name: string | undefined, use: Use = "value"): readonly Read[] =>
    name === undefined ? [] : [{ key: keyOfName(program, name, step.inFlow), use, name }];
  const from = (value: ValueFrom | undefined) =>
    value !== undefined && "answer" in value ? read(value.answer) : [];
  const spoken = step.answerParams.map(({ param, key }): Read => {
    return { key, use: "presence", name: param.slice("answers.".length) };
  });
  switch (step.kind) {
    case "decide":
      return step.table
        .flatMap(({ when }) => testsIn(when))
        .flatMap(({ name, test }) => [
          ...read(name, onlyWhether(test) ? "presence" : "value"),
          ...comparedIn(test).flatMap((one) => read(one)),
        ]);
    case "ask":
      return [...spoken, ...listReads(step.answer)];
    case "set":
      return Object.values(step.values).flatMap(from);
    case "call":
      return Object.values(step.with ?? {}).flatMap(from);
    case "repeat":
      return [...Object.values(step.with ?? {}).flatMap(from), ...from(step.times)];
    case "remind":
      return [
        ...remindReads(step.do),
        ...read(step.which),
        ...read(step.date, "presence"),
        ...read(step.label, "presence"),
        ...read(typeof step.reminder === "object" ? step.reminder.answer : undefined),
      ];
    case "subscribe":
      return [topicsRead, ...from(step.topic)];
    case "faq":
      return read(step.entry);
    case "say":
    case "outcome":
    case "hand-over":
    case "forget":
    case "end":
      return spoken;
  }
}

/** Whether a test only asks if there is a value. */
function onlyWhether(test: Test): boolean {
  return typeof test === "object" && test.answered !== undefined && Object.keys(test).length === 1;
}

/** What a step reads when the flow that it ran is over: that flow's results, and for rounds what it kept so far. */
export function readsOnReturn(program: Program, step: Step): readonly Read[] {
  if (step.kind !== "call" && step.kind !== "repeat") return [];
  if (step.next === undefined) return [];
  const results = program.flows.get(step.flow)?.results ?? [];
  const own = results.map((name) => valueAt(`${step.flow}:${name}`));
  if (step.kind === "call") return own;
  return [
    ...own,
    ...[countName, ...results].map((name) => valueAt(`${step.place}.${name}`)),
    ...(step.again === undefined ? [] : [valueAt(`${step.flow}:${step.again}`)]),
    ...readsOf(program, step),
  ];
}

function valueAt(key: string): Read {
  return { key, use: "value", name: key };
}

const topicsRead: Read = { key: personKeys.topics, use: "value", name: "person.topics" };
const remindersRead: Read = { key: personKeys.reminders, use: "value", name: "person.reminders" };

/** Changing or stopping looks for the reminder; setting one adds to whatever there is, telling of a kind looks at none. */
function remindReads(what: StepOfKind<"remind">["do"]): readonly Read[] {
  return what === "set" || what === "about" ? [] : [remindersRead];
}

function listReads(answer: StepOfKind<"ask">["answer"]): readonly Read[] {
  if (answer.kind !== "choice") return [];
  if (answer.from === "reminders" || answer.from === "dates") return [remindersRead];
  return answer.from === "topics" || answer.from === "subscriptions" ? [topicsRead] : [];
}

/** The keys that a step gives a new value, whatever they had before. */
export function writesOf(step: Step): readonly string[] {
  if (step.kind === "ask") return [step.place];
  if (step.kind !== "set") return [];
  // A value that is not there is not written: what was there before stays.
  return Object.entries(step.values).flatMap(([name, from]) =>
    "value" in from ? [`${step.inFlow}:${name}`] : [],
  );
}

/** Values that a step gives another name: to which key, from which. */
export function handedOn(program: Program, step: Step): readonly (readonly [to: string, from: string])[] {
  const pairs = (values: Readonly<Record<string, ValueFrom>>, flow: FlowId) =>
    Object.entries(values).flatMap(([name, from]) =>
      "answer" in from ? [[`${flow}:${name}`, keyOfName(program, from.answer, step.inFlow)] as const] : [],
    );
  if (step.kind === "set") return pairs(step.values, step.inFlow);
  if (step.kind !== "call" && step.kind !== "repeat") return [];
  const results = program.flows.get(step.flow)?.results ?? [];
  return [
    ...pairs(step.with ?? {}, step.flow),
    ...results.map((name) => [`${step.place}.${name}`, `${step.flow}:${name}`] as const),
  ];
}
