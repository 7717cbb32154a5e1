import { isCivilDate } from "../dates/civil-date.ts";
import type { Place, StepFrame } from "../flow/program.ts";
import type { Param, Params, SayPart } from "../nouns/say.ts";
import { answerAt } from "./answers-so-far.ts";
import type { Turn, WaitingStep } from "./turn.ts";

/** What a step says, with the answers it speaks of put in. */
export function partsOf(turn: Turn, step: StepFrame): readonly SayPart[] {
  if (step.answerParams.length === 0) return step.parts;
  const params: Record<string, Param> = {};
  for (const { param, key } of step.answerParams) params[param] = paramOf(turn, key);
  return step.parts.map((part) => withParams(part, params));
}

function withParams(part: SayPart, params: Params): SayPart {
  return "key" in part.words ? { style: part.style, words: { key: part.words.key, params } } : part;
}

/** An answer as the person gave it: the option's words rather than its id, money as money, a country by its name. */
function paramOf(turn: Turn, place: Place): Param {
  const value = answerAt(turn.session, place);
  const step = turn.program.steps.get(place);
  if (value === undefined) return "";
  if (typeof value === "object")
    return {
      kind: "list",
      items: value.map((option) => (step?.kind === "ask" ? ofOption(step, option) : option)),
    };
  if (typeof value === "number")
    return step?.kind === "ask" && step.answer.kind === "money" ? { kind: "money", amount: value } : value;
  if (typeof value === "boolean") return String(value);
  return step?.kind === "ask" ? ofOption(step, value) : ofText(value);
}

function ofOption(step: WaitingStep, value: string): Param {
  const option = [...step.values].find(([, stands]) => stands === value)?.[0] ?? value;
  const words = step.buttons.find(({ id }) => id === `a:${step.hash}:${option}`)?.words;
  if (words !== undefined && "key" in words) return { kind: "words", key: words.key };
  return step.answer.kind === "country" ? { kind: "country", code: value } : ofText(value);
}

function ofText(value: string): Param {
  return isCivilDate(value) ? { kind: "date", date: value } : value;
}
