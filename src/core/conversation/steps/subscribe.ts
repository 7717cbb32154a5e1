import { joinTopic, leaveTopic } from "../subscriptions.ts";
import type { StepRunner } from "./step-runner.ts";
import { valueFrom } from "./value-from.ts";

/** Joins or leaves a topic of an organisation. */
export const subscribe: StepRunner<"subscribe"> = (step, turn) => {
  const topic = valueFrom(step.topic, step.inFlow, turn);
  if (typeof topic === "string") {
    if (step.do === "join") joinTopic(turn, topic);
    else leaveTopic(turn, topic);
  }
  return { kind: "go", step: step.next };
};
