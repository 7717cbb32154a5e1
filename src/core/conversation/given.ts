import type { Place } from "../flow/program.ts";
import { countName, roundName } from "../flow/value-types.ts";
import type { FlowId } from "../nouns/ids.ts";
import type { Value } from "../nouns/value.ts";
import { answerAt, runBegins, withAnswer, withoutFlow } from "./answers-so-far.ts";
import type { Answer } from "./session.ts";
import type { Turn } from "./turn.ts";

/** What a flow is told by whoever enters it: values by the names it reads them by. */
export type Given = Readonly<Record<string, Value>>;

/** Writes what a flow is told. The number of a round opens it: what was answered in earlier ones is not read any more. */
export function give(turn: Turn, flow: FlowId, given: Given): void {
  const { session } = turn;
  const { [roundName]: round, ...others } = given;
  if (round !== undefined)
    session.answers = withAnswer(session.answers, {
      place: `${flow}:${roundName}`,
      value: round,
      opens: true,
    });
  for (const [name, value] of Object.entries(others))
    session.answers = withAnswer(session.answers, { place: `${flow}:${name}`, value });
}

/** What the running flow was told. */
export function givenTo({ program, session }: Turn, flow: FlowId): Given {
  const names = [...(program.flows.get(flow)?.params.keys() ?? []), roundName];
  const given = names.map((name) => [name, answerAt(session, `${flow}:${name}`)] as const);
  return Object.fromEntries(given.filter((one): one is readonly [string, Value] => one[1] !== undefined));
}

/** Goes back to where a running flow (or its last round) began: all answers since are gone, with what came of them. */
export function rewind(turn: Turn, flow: FlowId): void {
  const { session } = turn;
  const from = runBegins(session.answers, flow);
  takeBack(turn, session.answers.slice(from));
  session.answers = session.answers.slice(0, from);
}

/**
 * Forgets the last run of a flow that is entered. In the later rounds of a `repeat`, what came of earlier rounds stays:
 * only this round's is gone.
 */
export function clearFlow(turn: Turn, flow: FlowId, below: readonly Place[]): void {
  const { session } = turn;
  const own = `${flow}:`;
  const since = roundBelow(turn, below);
  if (since === undefined) {
    if (session.gathered.length > 0)
      session.gathered = session.gathered.filter((key) => !key.startsWith(own));
  } else {
    takeBack(
      turn,
      session.answers.filter(({ place }, at) => at >= since && place.startsWith(own)),
    );
  }
  session.answers = withoutFlow(session.answers, flow);
}

function takeBack(turn: Turn, answers: readonly Answer[]): void {
  const added = answers.flatMap(({ adds = [] }) => adds);
  if (added.length > 0) turn.session.gathered = turn.session.gathered.filter((key) => !added.includes(key));
}

/** Where the innermost running round began that is not its repeat's first; undefined when there is none. */
function roundBelow({ program, session }: Turn, below: readonly Place[]): number | undefined {
  const repeat = below
    .map((place) => program.steps.get(place))
    .findLast(
      (step) => step?.kind === "repeat" && (answerAt(session, `${step.place}.${countName}`) ?? 0) !== 0,
    );
  return repeat?.kind === "repeat" ? runBegins(session.answers, repeat.flow) : undefined;
}
