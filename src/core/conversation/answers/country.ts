import {
  type AnswerHandler,
  acceptedOption,
  fixedButtons,
  noInnerPrompt,
  other,
  pickedOption,
} from "./answer-kind.ts";

/** A country by its name in any of the languages, as an ISO 3166-1 alpha-2 code. */
export const country: AnswerHandler<"country"> = {
  buttons: fixedButtons,
  prompt: noInnerPrompt,
  pick: pickedOption,
  read: (step, said, turn) => {
    const code = turn.program.countries.get(said.text);
    return code === undefined
      ? (acceptedOption(step, said.text) ?? other)
      : { kind: "value", value: code, option: "otherwise" };
  },
  numbered: true,
};
