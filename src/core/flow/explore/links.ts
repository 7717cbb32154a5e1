import type { FlowId } from "../../nouns/ids.ts";
import type { Place, Program, Step } from "../program.ts";

/** The steps of the same flow that can follow a step, at once or after an answer or a wait. */
export function nextsOf(step: Step): readonly Place[] {
  return [...new Set(namesOf(step))].map((name) => `${step.inFlow}:${name}`);
}

function namesOf(step: Step): readonly string[] {
  switch (step.kind) {
    case "ask":
      return [
        ...(typeof step.next === "string" ? [step.next] : Object.values(step.next)),
        ...(step.wait?.next === undefined ? [] : [step.wait.next]),
      ];
    case "decide":
      return [
        ...step.table.map(({ next }) => next),
        ...(step.otherwise === undefined ? [] : [step.otherwise]),
      ];
    case "remind":
      return [step.next, step.full].filter((name) => name !== undefined);
    case "end":
    case "forget":
      return [];
    default:
      return step.next === undefined ? [] : [step.next];
  }
}

/** The flow that a step runs. */
export function calledBy(step: Step): FlowId | undefined {
  return step.kind === "call" || step.kind === "repeat" ? step.flow : undefined;
}

/** The first step of a flow. */
export function startOf(program: Program, flow: FlowId): Place | undefined {
  const start = program.flows.get(flow)?.start;
  return start === undefined ? undefined : `${flow}:${start}`;
}

/** Every place that can follow a step directly, in its flow or in the one it calls. */
export function followersOf(program: Program, step: Step): readonly Place[] {
  const flow = calledBy(step);
  const start = flow === undefined ? undefined : startOf(program, flow);
  return start === undefined ? nextsOf(step) : [start, ...nextsOf(step)];
}
