import {
  type AnswerHandler,
  acceptedOption,
  fixedButtons,
  noInnerPrompt,
  other,
  pickedOption,
} from "./answer-kind.ts";
import { inRange } from "./number.ts";
import { readNumber } from "./read-number.ts";

/** An amount in U.S. dollars. */
export const money: AnswerHandler<"money"> = {
  buttons: fixedButtons,
  prompt: noInnerPrompt,
  pick: pickedOption,
  read: (step, said) => {
    const value = readNumber(said.raw);
    return value === undefined
      ? (acceptedOption(step, said.text) ?? other)
      : inRange(value, 0, step.answer.most);
  },
  numbered: false,
};
