import { holds } from "../../flow/condition.ts";
import { factsOf } from "../known.ts";
import type { StepRunner } from "./step-runner.ts";

/** Goes by what is known: the first row that holds. The checks see to it that one always does. */
export const decide: StepRunner<"decide"> = (step, turn) => {
  const known = factsOf(turn, step.inFlow);
  const row = step.table.find(({ when }) => holds(when, known));
  const next = row?.next ?? step.otherwise;
  return next === undefined ? { kind: "menu" } : { kind: "go", step: next };
};
