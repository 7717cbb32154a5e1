import type { Said } from "./answers/answer-kind.ts";
import { answerKinds } from "./answers/answer-kinds.ts";
import type { Session } from "./session.ts";
import type { Turn, WaitingStep } from "./turn.ts";

/**
 * The button that a bare number picks by its place (from 1) in what was last shown; undefined where it picks none, or is itself
 * an answer to `step`, the waiting question: it stays one also after a nudge, as nothing tells that it was meant for that. With
 * a plus before it, it is how a phone number begins.
 */
export function buttonByNumber(
  { offered, asking }: Session,
  step: WaitingStep | undefined,
  { raw, text }: Pick<Said, "raw" | "text">,
): string | undefined {
  if (text.length > 2 || !/^\d+$/.test(text) || /[+＋]/.test(raw)) return undefined;
  const isAnswer = step !== undefined && !answerKinds[step.answer.kind].numbered && asking === null;
  return isAnswer && !isQuestion(offered[0]) ? undefined : offered[Number(text) - 1];
}

/**
 * The button of what was last shown that is called by its name: of a nudge ("Later") or of an answer ("Where from?"). Undefined
 * where it is none, or says something to `step`, the waiting question.
 */
export function buttonByName(turn: Turn, step: WaitingStep | undefined, said: Said): string | undefined {
  const name = turn.program.buttonNames.get(said.text);
  if (name === undefined) return undefined;
  const button = turn.session.offered.find((id) => id.startsWith(name.begin) && id.endsWith(name.end));
  const isAnswer =
    step !== undefined && answerKinds[step.answer.kind].read(step, said, turn).kind !== "other";
  return isAnswer ? undefined : button;
}

/** Whether a button opens a question of the FAQ: where such stand last, the waiting question has not been shown again. */
function isQuestion(button: string | undefined): boolean {
  return button?.startsWith("q:") === true;
}
