import { pickOption, readAnswer } from "../../conversation/answer.ts";
import { answerKinds } from "../../conversation/answers/answer-kinds.ts";
import { type Turn, todayOf, type WaitingStep } from "../../conversation/turn.ts";
import { type CivilDate, daysBetween } from "../../dates/civil-date.ts";
import { unsureAnswers } from "../../nouns/value.ts";
import { normalise } from "../../text/normalise.ts";
import { typedOptions } from "../compile-flow.ts";
import type { Program } from "../program.ts";
import { datesFor, equalledIn, numbersFor, oneOfEach } from "./representatives.ts";
import type { Tested, TestGroup } from "./tested.ts";

/** One class of answers to a question, by a value that stands for all in it. */
export type AnswerClass = {
  /** What a person taps or writes: an option's id, or the value. */
  readonly answer: string;
  /** Whether it is one of the question's options. */
  readonly option: boolean;
  /** Gives it, in a turn in which the question waits. */
  readonly give: (turn: Turn, step: WaitingStep) => void;
};

type Asked = { readonly step: WaitingStep; readonly turn: Turn; readonly group: TestGroup };

/**
 * The classes of answers to a waiting question: each option, each no-answer, and for open answers a value on each side
 * of every threshold that a condition reads.
 */
export function classesOf(turn: Turn, step: WaitingStep, tested: Tested): readonly AnswerClass[] {
  const asked: Asked = { step, turn, group: tested(step.place) };
  const unsure = step.unsure ? unsureAnswers.map(picked) : [];
  return [...ownClasses(asked), ...unsure];
}

function ownClasses(asked: Asked): readonly AnswerClass[] {
  const { step, turn, group } = asked;
  const { answer } = step;
  switch (answer.kind) {
    case "yes-no":
      return ["yes", "no"].map(picked);
    case "choice": {
      const shown = answerKinds.choice
        .buttons({ ...step, answer }, turn)
        .map(({ id }) => id.slice(id.indexOf(":", 2) + 1))
        .filter((option) => !unsureAnswers.some((one) => one === option));
      return [...shown, ...typedOptions(step)].map(picked);
    }
    case "several":
      return picksOf(Array.isArray(answer.options) ? answer.options : Object.keys(answer.options), group).map(
        pickedAll,
      );
    case "date":
      return oneOfEach(datesFor(group, todayOf(turn)), group, todayOf(turn)).map((day) =>
        confirmed(day, todayOf(turn)),
      );
    case "number":
      return numbers(asked, answer.least ?? 0, answer.most);
    case "money":
      return numbers(asked, 0, answer.most);
    case "text":
      return [...equalledIn(group).filter((value) => typeof value === "string"), "x"].map(written);
    case "country":
      return countries(turn.program, group).map(written);
    case "phone":
      return [readBack("+12025550123")];
    case "receipt-number":
      return [readBack("IOE0123456789")];
  }
}

function picked(option: string): AnswerClass {
  return { answer: option, option: true, give: (turn, step) => pickOption(turn, step, option) };
}

function pickedAll(options: readonly string[]): AnswerClass {
  return {
    answer: options.join(", "),
    option: true,
    give: (turn, step) => {
      turn.session.asking = { kind: "picked", options };
      pickOption(turn, step, "done");
    },
  };
}

function confirmed(date: CivilDate, today: CivilDate): AnswerClass {
  return {
    answer: `${date} (${distance(daysBetween(today, date))})`,
    option: false,
    give: (turn, step) => {
      turn.session.asking = { kind: "confirm", date, doubt: "none" };
      pickOption(turn, step, "yes");
    },
  };
}

/** How far a day is from the one on which it is answered: that is what conditions look at. */
function distance(days: number): string {
  if (days === 0) return "today";
  return `${Math.abs(days)} ${Math.abs(days) === 1 ? "day" : "days"} ${days > 0 ? "from" : "before"} today`;
}

/** A number that was read back and confirmed. */
function readBack(number: string): AnswerClass {
  return {
    answer: number,
    option: false,
    give: (turn, step) => {
      turn.session.asking = { kind: "number", number };
      pickOption(turn, step, "yes");
    },
  };
}

function written(text: string): AnswerClass {
  return {
    answer: text,
    option: false,
    give: (turn, step) => readAnswer(turn, step, { raw: text, text: normalise(text) }),
  };
}

function numbers(
  { turn, group }: Asked,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): readonly AnswerClass[] {
  return oneOfEach(numbersFor(group, least, most), group, todayOf(turn)).map((value) =>
    written(String(value)),
  );
}

/**
 * Sets of options: every mixture of those that a test names, with as many of the others as a test can count. An untested
 * question has one class.
 */
function picksOf(options: readonly string[], group: TestGroup): readonly (readonly string[])[] {
  const named = options.filter((option) => equalledIn(group).includes(option));
  const others = options.filter((option) => !named.includes(option));
  if (group.tests.length === 0) return [options.slice(0, 1)];
  const most = Math.min(others.length, Math.max(1, ...group.tests.map(countedTo)));
  const subsets = Array.from({ length: 2 ** named.length }, (_, bits) =>
    named.filter((_option, at) => Math.floor(bits / 2 ** at) % 2 === 1),
  );
  return subsets
    .flatMap((set) => Array.from({ length: most + 1 }, (_, count) => [...set, ...others.slice(0, count)]))
    .filter((set) => set.length > 0);
}

/** The number from which on a count of a list makes no difference any more. */
function countedTo(test: TestGroup["tests"][number]): number {
  if (typeof test !== "object" || test.count === undefined) return 1;
  return 1 + Math.max(test.count["at-least"] ?? 0, test.count["at-most"] ?? 0);
}

/** The names of the countries that a test names, and of one that none does. */
function countries(program: Program, group: TestGroup): readonly string[] {
  const nameOf = new Map([...program.countries].map(([name, code]) => [code, name]));
  const named = equalledIn(group).flatMap((code) => nameOf.get(String(code)) ?? []);
  const other = [...program.countries].find(([, code]) => !equalledIn(group).includes(code));
  return [...named, ...(other === undefined ? [] : [other[0]])];
}
