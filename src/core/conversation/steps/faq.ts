import { answerAt } from "../answers-so-far.ts";
import { sayEntry } from "../questions.ts";
import type { StepRunner } from "./step-runner.ts";

/** Shows the answer to the question that a person picked from a list. */
export const faq: StepRunner<"faq"> = (step, turn) => {
  const picked = answerAt(turn.session, `${step.inFlow}:${step.entry}`);
  if (typeof picked === "string") sayEntry(turn, picked, "short");
  return { kind: "go", step: step.next };
};
