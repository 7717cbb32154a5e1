import { withoutBidiControls } from "../../render/bidi.ts";
import { own } from "../turn.ts";
import {
  type AnswerHandler,
  acceptedOption,
  fixedButtons,
  noInnerPrompt,
  other,
  pickedOption,
} from "./answer-kind.ts";

/** Whatever the person writes, up to the question's length; it will stand in sentences, so nothing in it may turn them round. */
export const text: AnswerHandler<"text"> = {
  buttons: fixedButtons,
  prompt: noInnerPrompt,
  pick: pickedOption,
  read: (step, said) => {
    const accepted = acceptedOption(step, said.text);
    if (accepted !== undefined) return accepted;
    const value = withoutBidiControls(said.raw).trim();
    if (value === "") return other;
    if (value.length > step.answer.most)
      return { kind: "not-possible", parts: [own("text.too-long", { most: step.answer.most })] };
    return { kind: "value", value, option: "otherwise" };
  },
  numbered: false,
};
