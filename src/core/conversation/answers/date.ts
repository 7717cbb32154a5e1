import { addDays, isCivilDate } from "../../dates/civil-date.ts";
import { type DateReading, readDate } from "../../dates/read-date.ts";
import { shortHash } from "../../flow/short-hash.ts";
import type { SayButton } from "../../nouns/say.ts";
import { isUnsure } from "../../nouns/value.ts";
import type { Asking } from "../session.ts";
import { own, type Turn, todayOf } from "../turn.ts";
import {
  type AnswerHandler,
  type AskOf,
  acceptedOption,
  fixedButtons,
  other,
  type Reading,
} from "./answer-kind.ts";

type Confirm = Extract<Asking, { kind: "confirm" }>;

/** Which sentence reads a date back, by what is doubtful about it. */
const confirmWords: Readonly<Record<Confirm["doubt"], string>> = {
  none: "date.confirm",
  placeholder: "date.confirm-placeholder",
  far: "date.confirm-far",
};

/** A day, in either calendar. It is always read back in both calendars, and used only when the person confirms it. */
export const date: AnswerHandler<"date"> = {
  buttons: fixedButtons,
  prompt: (step, asking) => {
    if (asking.kind === "confirm") {
      const hash = shortHash(step.place, "confirm", asking.date);
      return {
        parts: [own(confirmWords[asking.doubt], { date: { kind: "date", date: asking.date } })],
        buttons: [answer(hash, "yes"), answer(hash, "change")],
      };
    }
    if (asking.kind !== "choose") return undefined;
    const hash = shortHash(step.place, "choose", ...asking.dates);
    const buttons = asking.dates.map(
      (day): SayButton => ({
        id: `a:${hash}:${day}`,
        words: { key: "conversation:date.row", params: { date: { kind: "short-date", date: day } } },
      }),
    );
    return { parts: [own("date.choose")], buttons: [...buttons, answer(hash, "change")] };
  },
  pick: (step, option, turn) => {
    if (isUnsure(option)) return { kind: "value", value: option, option };
    const { asking } = turn.session;
    if (option === "yes" && asking?.kind === "confirm")
      return { kind: "value", value: asking.date, option: "otherwise" };
    if (isCivilDate(option))
      return {
        kind: "asking",
        asking: { kind: "confirm", date: option, doubt: doubtOf(step, option, isNewYear(option), turn) },
      };
    return { kind: "asking", asking: null };
  },
  read: (step, said, turn) => {
    const { asking } = turn.session;
    const word = step.accept.get(said.text);
    if (asking?.kind === "confirm" && (word === "yes" || word === "no"))
      return date.pick(step, word === "yes" ? "yes" : "change", turn);
    if (word === "yes" || word === "no") return other;
    const unsure = acceptedOption(step, said.text);
    if (unsure !== undefined) return unsure;
    return taken(
      step,
      readDate(said.raw, {
        language: turn.session.language,
        today: todayOf(turn),
        words: turn.program.dateWords,
      }),
      turn,
    );
  },
  numbered: true,
};

function answer(hash: string, option: "yes" | "change"): SayButton {
  return { id: `a:${hash}:${option}`, words: { key: `answers:${option}.label` } };
}

function taken(step: AskOf<"date">, reading: DateReading, turn: Turn): Reading {
  switch (reading.kind) {
    case "date":
      return {
        kind: "asking",
        asking: {
          kind: "confirm",
          date: reading.date,
          doubt: doubtOf(step, reading.date, reading.placeholder, turn),
        },
      };
    case "choose":
      return { kind: "asking", asking: { kind: "choose", dates: reading.dates } };
    case "year-only":
    case "no-year":
    case "no-day":
    case "impossible":
      return { kind: "not-possible", parts: [own(`date.${reading.kind}`)] };
    case "unclear":
      return other;
  }
}

/** Only Gregorian dates can be read in several ways; of those, papers print 1 January where nobody knows the day. */
function isNewYear(day: string): boolean {
  return day.endsWith("-01-01");
}

function doubtOf(step: AskOf<"date">, day: string, placeholder: boolean, turn: Turn): Confirm["doubt"] {
  const { earliest, latest } = step.answer;
  const tooEarly = earliest !== undefined && day < addDays(todayOf(turn), earliest);
  const tooLate = latest !== undefined && day > addDays(todayOf(turn), latest);
  if (tooEarly || tooLate) return "far";
  return placeholder ? "placeholder" : "none";
}
