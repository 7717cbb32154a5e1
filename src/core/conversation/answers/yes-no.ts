import {
  type AnswerHandler,
  acceptedOption,
  fixedButtons,
  noInnerPrompt,
  other,
  pickedOption,
} from "./answer-kind.ts";

/** Yes or no, in any language's words. */
export const yesNo: AnswerHandler<"yes-no"> = {
  buttons: fixedButtons,
  prompt: noInnerPrompt,
  pick: pickedOption,
  read: (step, said) => acceptedOption(step, said.text) ?? other,
  numbered: true,
};
