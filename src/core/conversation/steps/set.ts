import type { Value } from "../../nouns/value.ts";
import { valueFrom } from "./value-from.ts";
import type { StepRunner } from "./step-runner.ts";

/** Writes values, so that later steps can read them. */
export const set: StepRunner<"set"> = (step, turn) => {
  const answers: Record<string, Value> = { ...turn.session.answers };
  for (const [name, from] of Object.entries(step.values)) {
    const value = valueFrom(from, step.inFlow, turn);
    if (value !== undefined) answers[`${step.inFlow}:${name}`] = value;
  }
  turn.session.answers = answers;
  return { kind: "go", step: step.next };
};
