import { own } from "../turn.ts";
import {
  type AnswerHandler,
  acceptedOption,
  fixedButtons,
  noInnerPrompt,
  other,
  pickedOption,
  type Reading,
} from "./answer-kind.ts";
import { readNumber } from "./read-number.ts";

/** A number between the question's limits. */
export const number: AnswerHandler<"number"> = {
  buttons: fixedButtons,
  prompt: noInnerPrompt,
  pick: pickedOption,
  read: (step, said) => {
    const value = readNumber(said.raw);
    if (value === undefined) return acceptedOption(step, said.text) ?? other;
    return inRange(value, step.answer.least, step.answer.most);
  },
  numbered: false,
};

/** The value when it is inside the limits, else why not. */
export function inRange(value: number, least: number | undefined, most: number | undefined): Reading {
  const low = least ?? 0;
  const high = most ?? Number.MAX_SAFE_INTEGER;
  if (value >= low && value <= high) return { kind: "value", value, option: "otherwise" };
  return {
    kind: "not-possible",
    parts: [own(most === undefined ? "number.least" : "number.range", { least: low, most: high })],
  };
}
