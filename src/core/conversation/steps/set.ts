import { withAnswer } from "../answers-so-far.ts";
import type { StepRunner } from "./step-runner.ts";
import { valueFrom } from "./value-from.ts";

/** Writes values, so that later steps can read them. */
export const set: StepRunner<"set"> = (step, turn) => {
  for (const [name, from] of Object.entries(step.values)) {
    const value = valueFrom(from, step.inFlow, turn);
    if (value === undefined) continue;
    turn.session.answers = withAnswer(turn.session.answers, {
      place: `${step.inFlow}:${name}`,
      value,
    });
  }
  return { kind: "go", step: step.next };
};
