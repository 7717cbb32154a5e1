import { emit } from "../turn.ts";
import { partsOf } from "../words.ts";
import type { StepRunner } from "./step-runner.ts";

/** Deletes the person. What they get last is the receipt, in the words of this step. */
export const forget: StepRunner<"forget"> = (step, turn) => {
  emit(turn, {
    kind: "forget",
    receipt: { parts: partsOf(turn, step), buttons: [], nav: [], lane: "reply" },
  });
  return { kind: "gone" };
};
