import { partsOf } from "../words.ts";
import type { StepRunner } from "./step-runner.ts";

/** Opens a case for a person to look at, and says what can be expected of it. */
export const handOver: StepRunner<"hand-over"> = (step, turn) => {
  turn.effects.push({ kind: "open-case", reason: step.reason });
  turn.parts.push(...partsOf(turn, step));
  return { kind: "go", step: step.next };
};
