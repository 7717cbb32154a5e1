import type { StepOfKind } from "../../flow/program.ts";
import { countName, roundName } from "../../flow/value-types.ts";
import { notAnswered, type Scalar, type Value } from "../../nouns/value.ts";
import { answerAt, withAnswer } from "../answers-so-far.ts";
import type { Turn } from "../turn.ts";
import { givenBy } from "./call.ts";
import type { Move, StepRunner } from "./step-runner.ts";
import { valueFrom } from "./value-from.ts";

type Repeat = StepOfKind<"repeat">;

/**
 * Runs a flow several times. Under the step's name stand how many rounds there were, and each result of the flow as a
 * list with one item for each round. Nothing else says which round it is: going back takes rounds back with their answers.
 */
export const repeat: StepRunner<"repeat"> = (step, turn) => {
  keep(turn, `${step.place}.${countName}`, 0);
  for (const name of resultsOf(step, turn)) keep(turn, `${step.place}.${name}`, []);
  return step.again === undefined && timesOf(step, turn) < 1
    ? { kind: "go", step: step.next }
    : round(step, turn, 1);
};

/** A round is over: keeps what it gave, then begins the next one or goes on. */
export function endRound(step: Repeat, turn: Turn): Move {
  const counted = answerAt(turn.session, `${step.place}.${countName}`);
  const done = (typeof counted === "number" ? counted : 0) + 1;
  for (const name of resultsOf(step, turn)) {
    const value = answerAt(turn.session, `${step.flow}:${name}`);
    keep(turn, `${step.place}.${name}`, withRound(answerAt(turn.session, `${step.place}.${name}`), value));
  }
  keep(turn, `${step.place}.${countName}`, done);
  return goesOn(step, turn, done) ? round(step, turn, done + 1) : { kind: "go", step: step.next };
}

function goesOn(step: Repeat, turn: Turn, done: number): boolean {
  if (done >= step.most) return false;
  return step.again === undefined
    ? done < timesOf(step, turn)
    : answerAt(turn.session, `${step.flow}:${step.again}`) === "yes";
}

/** How many rounds are wanted; none when that is not known. */
function timesOf(step: Repeat, turn: Turn): number {
  const times = step.times === undefined ? undefined : valueFrom(step.times, step.inFlow, turn);
  return typeof times === "number" ? Math.min(Math.floor(times), step.most) : 0;
}

function round(step: Repeat, turn: Turn, number: number): Move {
  return {
    kind: "call",
    flow: step.flow,
    back: step.id,
    given: { ...givenBy(step, turn), [roundName]: number },
    again: number > 1,
  };
}

function resultsOf(step: Repeat, { program }: Turn): readonly string[] {
  return program.flows.get(step.flow)?.results ?? [];
}

function withRound(before: Value | undefined, value: Value | undefined): readonly Scalar[] {
  const item = typeof value === "object" || value === undefined ? notAnswered : value;
  return [...(typeof before === "object" ? before : []), item];
}

function keep(turn: Turn, place: string, value: Value): void {
  turn.session.answers = withAnswer(turn.session.answers, { place, value });
}
