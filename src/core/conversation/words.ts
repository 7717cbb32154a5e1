import { isCivilDate } from "../dates/civil-date.ts";
import type { StepFrame } from "../flow/program.ts";
import type { Param, Params, SayPart } from "../nouns/say.ts";
import type { Value } from "../nouns/value.ts";
import { answerAt } from "./answers-so-far.ts";
import type { Turn } from "./turn.ts";

/** What a step says, with the answers it speaks of put in. */
export function partsOf(turn: Turn, step: StepFrame): readonly SayPart[] {
  if (step.answerParams.length === 0) return step.parts;
  const params: Record<string, Param> = {};
  for (const { param, key } of step.answerParams) params[param] = asParam(answerAt(turn.session, key));
  return step.parts.map((part) => withParams(part, params));
}

function withParams(part: SayPart, params: Params): SayPart {
  return "key" in part.words ? { style: part.style, words: { key: part.words.key, params } } : part;
}

function asParam(value: Value | undefined): Param {
  if (value === undefined) return "";
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "string") return { kind: "list", items: value };
  return isCivilDate(value) ? { kind: "date", date: value } : value;
}
