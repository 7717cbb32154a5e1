import type { StepRunner } from "./step-runner.ts";

/** Runs another flow, then goes on here; without a next step the called flow takes this one's place. */
export const call: StepRunner<"call"> = (step) => ({
  kind: "call",
  flow: step.flow,
  back: step.next === undefined ? undefined : step.id,
});
