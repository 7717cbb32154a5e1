import { answerAt } from "../../conversation/answers-so-far.ts";
import { factsOf } from "../../conversation/known.ts";
import type { Turn } from "../../conversation/turn.ts";
import { isCivilDate } from "../../dates/civil-date.ts";
import { holds, type Known, type Line, linesOf, testHolds } from "../condition.ts";
import type { Condition } from "../condition-schema.ts";
import type { Step, StepOfKind } from "../program.ts";
import { comparedIn, keyOfName, readsOf } from "./reads.ts";

/** Something that should not come about, seen at a step while a conversation runs. */
export type Seen =
  | { readonly kind: "gap" }
  | { readonly kind: "overlap"; readonly rows: readonly [number, number] }
  /** A row or a sentence reads an answer that was not given; `row` where it stands in a table. */
  | { readonly kind: "unasked"; readonly name: string; readonly row: number | undefined }
  /** A reminder that is not set, as the answer named holds no date or no kind of reminder. */
  | { readonly kind: "unset"; readonly name: string; readonly lacks: "date" | "kind" };

/** What is wrong with a step as it is about to be run, and which row of a table it will take. */
export function inspect(
  step: Step,
  turn: Turn,
): { readonly seen: readonly Seen[]; readonly row: number | undefined } {
  if (step.kind === "decide") return inspectTable(step, turn);
  const missing = readsOf(turn.program, step).filter(
    ({ key }) => !key.startsWith("person.") && answerAt(turn.session, key) === undefined,
  );
  const unasked = missing.map(({ name }): Seen => ({ kind: "unasked", name, row: undefined }));
  return {
    seen: step.kind === "remind" ? [...unasked, ...inspectReminder(step, turn)] : unasked,
    row: undefined,
  };
}

/** The engine passes over a reminder that it can't set: people would be told that it is. */
function inspectReminder(step: StepOfKind<"remind">, turn: Turn): readonly Seen[] {
  const given = (name: string | undefined) =>
    name === undefined ? undefined : answerAt(turn.session, keyOfName(turn.program, name, step.inFlow));
  const date = step.do === "set" || step.do === "change" ? given(step.date) : undefined;
  const answer = typeof step.reminder === "object" ? step.reminder.answer : undefined;
  const kind = given(answer);
  return [
    ...(step.date === undefined || date === undefined || isCivilDate(date)
      ? []
      : [{ kind: "unset", name: step.date, lacks: "date" } as const]),
    ...(answer === undefined || kind === undefined || turn.program.reminders.has(String(kind))
      ? []
      : [{ kind: "unset", name: answer, lacks: "kind" } as const]),
  ];
}

function inspectTable({ table, otherwise, inFlow }: StepOfKind<"decide">, turn: Turn) {
  const known = factsOf(turn, inFlow);
  const verdicts = table.map(({ when }) => judge(when, known));
  // What the engine does where an answer is missing is its own matter: a test on it does not hold.
  const row = table.findIndex(({ when }) => holds(when, known));
  const seen: Seen[] = verdicts.flatMap((verdict, at): readonly Seen[] =>
    typeof verdict === "object" && (row < 0 || at <= row)
      ? [{ kind: "unasked", name: verdict.unknown, row: at }]
      : [],
  );
  if (row < 0 && otherwise === undefined) seen.push({ kind: "gap" });
  const other = verdicts.findIndex(
    (verdict, at) => verdict === true && at > row && table[at]?.next !== table[row]?.next,
  );
  if (row >= 0 && other >= 0) seen.push({ kind: "overlap", rows: [row, other] });
  return { seen, row: row < 0 ? undefined : row };
}

/** Whether a condition holds, or the name of an answer that is not there and would have to be known to say so. */
type Verdict = boolean | { readonly unknown: string };

function judge(condition: Condition, known: Known): Verdict {
  return allOf(linesOf(condition).map((line) => judgeLine(line, known)));
}

function judgeLine(line: Line, known: Known): Verdict {
  switch (line.kind) {
    case "all":
      return allOf(line.conditions.map((one) => judge(one, known)));
    case "any":
      return anyOf(line.conditions.map((one) => judge(one, known)));
    case "not": {
      const verdict = judge(line.condition, known);
      return typeof verdict === "boolean" ? !verdict : verdict;
    }
    case "test":
      return judgeTest(line, known);
  }
}

function judgeTest({ name, test }: Extract<Line, { kind: "test" }>, known: Known): Verdict {
  const value = known.value(name);
  const guarded = typeof test === "object" && test.answered !== undefined;
  if (value === undefined && !guarded && !isOfPerson(name)) return { unknown: name };
  const other = comparedIn(test).find((one) => known.value(one) === undefined);
  return value !== undefined && other !== undefined ? { unknown: other } : testHolds(test, value, known);
}

function isOfPerson(name: string): boolean {
  return name.startsWith("person.");
}

function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.find((verdict) => typeof verdict === "object") ?? true;
}

function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(true)) return true;
  return verdicts.find((verdict) => typeof verdict === "object") ?? false;
}
