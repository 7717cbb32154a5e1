import { tellAll } from "../turn.ts";
import { partsOf } from "../words.ts";
import type { StepRunner } from "./step-runner.ts";

/** Tells something; what follows goes into the same message. */
export const say: StepRunner<"say"> = (step, turn) => {
  tellAll(turn, partsOf(turn, step));
  return { kind: "go", step: step.next };
};
