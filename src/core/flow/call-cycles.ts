import type { FlowId } from "../nouns/ids.ts";
import type { CompiledFlow } from "./compile-flow.ts";
import type { Program } from "./program.ts";
import type { Reading } from "./reading.ts";
import type { StepSource } from "./schema.ts";
import { issueAt } from "./source.ts";

/** Finds flows that would run inside themselves: they would never come to their end. */
export function checkCallCycles(reading: Reading, program: Program, flows: readonly CompiledFlow[]): void {
  const called = callsIn(program);
  for (const { flow, source, file } of flows) {
    for (const [id, step] of Object.entries(source.steps)) {
      const way = comesBack(step) ? wayBack(called, step.flow, flow.id) : undefined;
      if (way === undefined) continue;
      const what = `the flow \`${flow.id}\` would run inside itself (${[flow.id, ...way].join(" → ")})`;
      reading.issues.push(
        issueAt(file, ["steps", id, "flow"], what, "go to a step, or end the flow, instead of calling it"),
      );
    }
  }
}

/** A call without a step after it is left for good: going round by such calls never piles up. */
function comesBack(step: StepSource): step is Extract<StepSource, { kind: "call" | "repeat" }> {
  return step.kind === "repeat" || (step.kind === "call" && step.next !== undefined);
}

/** The flows on the shortest way of calls from one flow to another; undefined when none leads there. */
function wayBack(called: Calls, from: FlowId, to: FlowId): readonly FlowId[] | undefined {
  const ways: (readonly FlowId[])[] = [[from]];
  const seen = new Set<FlowId>([from]);
  for (const way of ways) {
    const last = way.at(-1);
    if (last === to) return way;
    for (const next of called.get(last ?? "") ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

type Calls = ReadonlyMap<FlowId, readonly FlowId[]>;

function callsIn(program: Program): Calls {
  const called = new Map<FlowId, FlowId[]>();
  for (const step of program.steps.values()) {
    if (step.kind !== "call" && step.kind !== "repeat") continue;
    called.set(step.inFlow, [...(called.get(step.inFlow) ?? []), step.flow]);
  }
  return called;
}
