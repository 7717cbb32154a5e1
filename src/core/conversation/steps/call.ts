import type { StepOfKind } from "../../flow/program.ts";
import { answerAt, withAnswer, withoutPlace } from "../answers-so-far.ts";
import type { Given } from "../given.ts";
import type { Turn } from "../turn.ts";
import type { StepRunner } from "./step-runner.ts";
import { valueFrom } from "./value-from.ts";

/** Runs another flow, then goes on here; without a next step the called flow takes this one's place. */
export const call: StepRunner<"call"> = (step, turn) => ({
  kind: "call",
  flow: step.flow,
  back: step.next === undefined ? undefined : step.id,
  given: givenBy(step, turn),
});

/** What a step gives to the flow it runs; what was not answered is not given. */
export function givenBy(step: StepOfKind<"call"> | StepOfKind<"repeat">, turn: Turn): Given {
  const values = Object.entries(step.with ?? {}).map(
    ([name, from]) => [name, valueFrom(from, step.inFlow, turn)] as const,
  );
  return Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Keeps what the called flow gives back, under this step's name. */
export function keepResults(step: StepOfKind<"call">, turn: Turn): void {
  const { session, program } = turn;
  for (const name of program.flows.get(step.flow)?.results ?? []) {
    const place = `${step.place}.${name}`;
    const value = answerAt(session, `${step.flow}:${name}`);
    session.answers =
      value === undefined
        ? withoutPlace(session.answers, place)
        : withAnswer(session.answers, { place, value });
  }
}
