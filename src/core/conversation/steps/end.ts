import type { StepRunner } from "./step-runner.ts";

/** Ends the flow. */
export const end: StepRunner<"end"> = (step) =>
  step.then === "menu" ? { kind: "menu" } : { kind: "return" };
