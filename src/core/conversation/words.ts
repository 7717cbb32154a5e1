import { isCivilDate } from "../dates/civil-date.ts";
import { typedOptions } from "../flow/compile-flow.ts";
import type { AnswerParam, Place, StepFrame } from "../flow/program.ts";
import type { ValueType } from "../flow/value-type.ts";
import type { Param, Params, SayPart } from "../nouns/say.ts";
import { isUnsure, notAnswered, type Scalar } from "../nouns/value.ts";
import { maskIdentifiers } from "../text/mask.ts";
import { answerAt } from "./answers-so-far.ts";
import type { Turn, WaitingStep } from "./turn.ts";

/** What a step says, with the answers it speaks of put in. */
export function partsOf(turn: Turn, step: StepFrame): readonly SayPart[] {
  if (step.answerParams.length === 0) return step.parts;
  const params: Record<string, Param> = {};
  for (const param of step.answerParams) params[param.param] = paramOf(turn, param);
  return step.parts.map((part) => withParams(part, params));
}

function withParams(part: SayPart, params: Params): SayPart {
  return "key" in part.words ? { style: part.style, words: { key: part.words.key, params } } : part;
}

/** What was answered to a question, in the words of its options; "" when nothing was. */
export function answerOf(turn: Turn, { place, answer, unsure }: WaitingStep): Param {
  const list = answer.kind === "several";
  const kind = answer.kind === "several" ? "choice" : answer.kind;
  return paramOf(turn, { key: place, type: { kind, list, unsure, question: place } });
}

/** An answer as the person gave it: the option's words rather than its id, money as money, a country by its name. */
function paramOf(turn: Turn, { key, type }: Pick<AnswerParam, "key" | "type">): Param {
  const value = answerAt(turn.session, key);
  if (value === undefined) return "";
  if (typeof value !== "object") return ofOne(turn, type, value);
  const items = value.filter((item) => item !== notAnswered);
  return { kind: "list", items: items.map((item) => ofOne(turn, type, item)) };
}

function ofOne(turn: Turn, type: ValueType | undefined, value: Scalar): Param {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return type?.kind === "money" ? { kind: "money", amount: value } : value;
  return (
    (type?.question === undefined ? undefined : ofOption(turn, type.question, value)) ?? ofText(type, value)
  );
}

function ofText(type: ValueType | undefined, value: string): Param {
  if (isUnsure(value)) return { kind: "words", key: `answers:${value}.label` };
  if (type?.kind === "country" && isCountryCode(value)) return { kind: "country", code: value };
  if (type?.kind === "receipt-number") return maskIdentifiers(value).text;
  return isCivilDate(value) ? { kind: "date", date: value } : value;
}

function isCountryCode(value: string): boolean {
  return /^[A-Z]{2}$/.test(value);
}

/** The words of the option that a value stands for, where the question has such a one. */
function ofOption(turn: Turn, question: Place, value: string): Param | undefined {
  const step = turn.program.steps.get(question);
  if (step?.kind !== "ask") return undefined;
  const option = [...step.values].find(([, stands]) => stands === value)?.[0] ?? value;
  if (typedOptions(step).includes(option)) return { kind: "words", key: `${question}.options.${option}` };
  const words = step.buttons.find(({ id }) => id === `a:${step.hash}:${option}`)?.words;
  return words !== undefined && "key" in words ? { kind: "words", key: words.key } : undefined;
}
