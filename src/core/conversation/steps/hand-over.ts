import { emit, tellAll } from "../turn.ts";
import { partsOf } from "../words.ts";
import type { StepRunner } from "./step-runner.ts";

/** Opens a case for a person to look at, and says what can be expected of it. */
export const handOver: StepRunner<"hand-over"> = (step, turn) => {
  emit(turn, { kind: "open-case", reason: step.reason });
  tellAll(turn, partsOf(turn, step));
  return { kind: "go", step: step.next };
};
