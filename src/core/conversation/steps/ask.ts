import { showQuestion } from "../prompt.ts";
import { forgetAtMenu } from "../rest.ts";
import type { StepRunner } from "./step-runner.ts";

/** Asks, and waits for the answer. */
export const ask: StepRunner<"ask"> = (step, turn) => {
  turn.session.asking = null;
  turn.session.misses = 0;
  forgetAtMenu(turn, step);
  showQuestion(turn, step);
  return { kind: "wait" };
};
