import { isCivilDate } from "../dates/civil-date.ts";
import type { AnswerKind } from "../flow/answer-schema.ts";
import { ownOptions, typedOptions } from "../flow/compile-flow.ts";
import type { StepOfKind } from "../flow/program.ts";
import { isUnsure, type Value } from "../nouns/value.ts";

type Ask = StepOfKind<"ask">;

const isText = (_: Ask, value: Value) => typeof value === "string";
const isNumber = (_: Ask, value: Value) => typeof value === "number";

/** Whether a value is of the shape that a question of this kind gives; limits (`most` …) are not looked at. */
const shapes: Readonly<Record<AnswerKind, (step: Ask, value: Value) => boolean>> = {
  "yes-no": (_, value) => value === "yes" || value === "no",
  choice: (step, value) => {
    const { answer } = step;
    if (answer.kind !== "choice" || answer.from !== undefined) return typeof value === "string";
    return [...ownOptions(step), ...typedOptions(step)].some(
      (option) => (step.values.get(option) ?? option) === value,
    );
  },
  several: (step, value) => {
    const options = ownOptions(step);
    return Array.isArray(value) && value.every((one) => options.includes(one));
  },
  date: (_, value) => typeof value === "string" && isCivilDate(value),
  number: isNumber,
  money: isNumber,
  text: isText,
  country: (_, value) => typeof value === "string" && /^[A-Z]{2}$/.test(value),
  phone: (_, value) => typeof value === "string" && value.startsWith("+"),
  "receipt-number": (_, value) => typeof value === "string" && /^[A-Z]{3}\d{10}$/.test(value),
};

/** Whether a question could be answered with this value as it is asked now. */
export function isPossible(step: Ask, value: Value): boolean {
  if (typeof value === "string" && isUnsure(value)) return step.unsure;
  return shapes[step.answer.kind](step, value);
}
