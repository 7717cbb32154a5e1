import type { Names, Wrong } from "./answer-references.ts";
import type { AnswerKind } from "./answer-schema.ts";
import type { StepOf, StepSource } from "./schema.ts";
import type { ValueType } from "./value-type.ts";

/** Answers that a step uses and can do nothing with: no date where one is counted from, no list's item where one is picked. */
export function wrongValues(names: Names, body: StepSource): readonly Wrong[] {
  switch (body.kind) {
    case "remind":
      return [
        ...wrongDate(names, body),
        ...wrongKind(names, body),
        ...wrongWhich(names, body),
        ...wrongLabel(names, body),
      ];
    case "faq":
      return picked(names, ["entry"], body.entry, {
        from: (list) => list.startsWith("faq/"),
        value: (value) => names.program.faq.entries.has(value),
        mend: "name a choice `from: faq/<topic>`, or one whose options are entries",
      });
    case "subscribe":
      return "answer" in body.topic
        ? picked(names, ["topic", "answer"], body.topic.answer, {
            from: (list) => list === "topics" || list === "subscriptions",
            value: () => true,
            mend: "name a choice `from: topics` or `from: subscriptions`",
          })
        : [];
    default:
      return [];
  }
}

type Remind = StepOf<"remind">;

/** A kind with a ladder counts from a date; a recurring one from today. */
function wrongDate(names: Names, { do: what, reminder, date }: Remind): readonly Wrong[] {
  const kind = typeof reminder === "string" ? names.program.reminders.get(reminder) : undefined;
  if (what === "set" && kind !== undefined && (date === undefined) === (kind.every === undefined))
    return date === undefined
      ? [
          [
            [],
            `\`${kind.kind}\` is counted from a date`,
            "ask for the date, and name the answer with `date:`",
          ],
        ]
      : [[["date"], `\`${kind.kind}\` comes again and again: it takes no date`, "remove it"]];
  const type = typeGiven(names, date);
  return type === undefined || fits(type, ["date"])
    ? []
    : [[["date"], `\`${date}\` is not a date`, "name a date question"]];
}

function wrongKind(names: Names, { reminder }: Remind): readonly Wrong[] {
  if (typeof reminder !== "object") return [];
  return picked(names, ["reminder", "answer"], reminder.answer, {
    from: () => false,
    value: (value) => names.program.reminders.has(value),
    mend: "name an answer whose values are kinds of reminders, files in flows/reminders/",
  });
}

function wrongWhich(names: Names, { which }: Remind): readonly Wrong[] {
  return picked(names, ["which"], which, {
    from: (list) => list === "reminders" || list === "dates",
    value: () => true,
    mend: "name a choice `from: reminders` or `from: dates`",
  });
}

function wrongLabel(names: Names, { label }: Remind): readonly Wrong[] {
  const type = typeGiven(names, label);
  return type === undefined || fits(type, ["text", "choice"])
    ? []
    : [[["label"], `\`${label}\` is no word of the person's own`, "name a text question"]];
}

type Wanted = {
  /** Whether items of a list that is made while talking will do. */
  readonly from: (list: string) => boolean;
  /** Whether an option will do; one of them has to. */
  readonly value: (value: string) => boolean;
  readonly mend: string;
};

function picked(
  names: Names,
  path: Wrong[0],
  name: string | undefined,
  { from, value, mend }: Wanted,
): readonly Wrong[] {
  const type = typeGiven(names, name);
  if (name === undefined || type === undefined) return [];
  const list = listOf(names, type);
  const suits =
    fits(type, ["choice", "text"]) &&
    (list === undefined || from(list)) &&
    (type.values === undefined || type.values.some(value)) &&
    !(type.kind === "text" && type.question !== undefined);
  return suits ? [] : [[path, `nothing that \`${name}\` can be is of use here`, mend]];
}

/** The list that a question picks from, where it is made while talking. */
function listOf({ program }: Names, { question }: ValueType): string | undefined {
  const step = question === undefined ? undefined : program.steps.get(question);
  return step?.kind === "ask" && step.answer.kind === "choice" ? step.answer.from : undefined;
}

function typeGiven({ flow, typeOf }: Names, name: string | undefined): ValueType | undefined {
  return name === undefined ? undefined : typeOf(flow, name);
}

function fits({ kind, list }: ValueType, kinds: readonly AnswerKind[]): boolean {
  return kind === "mixed" || (!list && kinds.some((one) => one === kind));
}
