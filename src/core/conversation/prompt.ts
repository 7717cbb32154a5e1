import { answerKinds } from "./answers/answer-kinds.ts";
import { sendOff, type Turn, type WaitingStep } from "./turn.ts";
import { partsOf } from "./words.ts";

/** Shows the waiting question (after what was said before it, in the same message). */
export function showQuestion(turn: Turn, step: WaitingStep): void {
  const { asking } = turn.session;
  const kind = answerKinds[step.answer.kind];
  const inner = asking === null ? undefined : kind.prompt(step, asking, turn);
  if (inner !== undefined) {
    turn.parts.push(...inner.parts);
    sendOff(turn, inner.buttons, step.nav);
    return;
  }
  for (const part of partsOf(turn, step)) turn.parts.push(part);
  const buttons = kind.buttons(step, turn);
  sendOff(turn, buttons, step.nav, buttons === step.buttons ? step.offered : undefined);
}

/**
 * The option that a tapped answer button stands for, when the button belongs to the question that waits now:
 * it carries the hash of (flow, step, option ids), so an old keyboard of the same question still works.
 */
export function tappedOption(turn: Turn, step: WaitingStep, button: string): string | undefined {
  const { asking } = turn.session;
  const kind = answerKinds[step.answer.kind];
  const buttons =
    (asking === null ? undefined : kind.prompt(step, asking, turn)?.buttons) ?? kind.buttons(step, turn);
  if (!buttons.some((offered) => offered.id === button)) return undefined;
  return button.slice(button.indexOf(":", 2) + 1);
}
