import type { StepOf, StepSource } from "../core/flow/schema.ts";
import { unsureAnswers } from "../core/nouns/value.ts";
import type { FlowWords } from "./flow-words.ts";
import { answerWords, otherwise } from "./step-rows.ts";

/** One way on from a step. */
export type Way = {
  readonly to: string;
  readonly labels: readonly string[];
  readonly spoken: boolean;
  readonly late?: boolean;
};

/** The ways on from a step of any kind. A new kind does not compile until it is here. */
export function waysOf(id: string, step: StepSource, words: FlowWords): readonly Way[] {
  switch (step.kind) {
    case "ask":
      return askWays(id, step, words);
    case "decide":
      return decideWays(step);
    case "call":
      return step.next === undefined ? [] : [plain(step.next)];
    case "say":
    case "repeat":
    case "set":
    case "subscribe":
    case "outcome":
    case "hand-over":
    case "faq":
      return [plain(step.next)];
    case "remind":
      return [plain(step.next), ...fullWay(step)];
    case "end":
    case "forget":
      return [];
  }
}

function fullWay({ full, next }: StepOf<"remind">): readonly Way[] {
  return full === undefined || full === next
    ? []
    : [{ to: full, labels: ["no room for another"], spoken: false, late: true }];
}

function plain(to: string): Way {
  return { to, labels: [], spoken: false };
}

function askWays(id: string, step: StepOf<"ask">, words: FlowWords): readonly Way[] {
  const { next, wait } = step;
  const late =
    wait?.next === undefined
      ? []
      : [{ to: wait.next, labels: [`no answer for ${wait.days} days`], spoken: false, late: true }];
  if (typeof next === "string")
    return [{ to: next, labels: allAnswers(id, step, words), spoken: true }, ...late];
  const ways = Object.entries(next).map(([answer, to]) => ({
    to,
    labels: [answerWords(id, answer, words)],
    spoken: true,
  }));
  return [...ways, ...late];
}

/** What can be tapped; nothing for what has to be written. */
function allAnswers(id: string, { answer, unsure }: StepOf<"ask">, words: FlowWords): readonly string[] {
  const own = answer.kind === "yes-no" ? ["yes", "no"] : "options" in answer ? optionIds(answer.options) : [];
  return [...own, ...(unsure ? unsureAnswers : [])].map((option) => words.ofAnswer(id, option));
}

function optionIds(
  options: readonly string[] | Readonly<Record<string, string>> | undefined,
): readonly string[] {
  return Array.isArray(options) ? options : Object.keys(options ?? {});
}

function decideWays(step: StepOf<"decide">): readonly Way[] {
  const rows = step.table.map(({ next }, at) => ({ to: next, labels: [String(at + 1)], spoken: false }));
  return step.otherwise === undefined
    ? rows
    : [...rows, { to: step.otherwise, labels: [otherwise], spoken: false }];
}
