import { roundName } from "../flow/value-types.ts";
import type { FlowId } from "../nouns/ids.ts";
import type { Value } from "../nouns/value.ts";
import { answerAt, roundBegins, withAnswer, withoutFlow } from "./answers-so-far.ts";
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
      asked: false,
      opens: true,
    });
  for (const [name, value] of Object.entries(others))
    session.answers = withAnswer(session.answers, { place: `${flow}:${name}`, value, asked: false });
}

/** What the running flow was told. */
export function givenTo({ program, session }: Turn, flow: FlowId): Given {
  const names = [...(program.flows.get(flow)?.params.keys() ?? []), roundName];
  const given = names.map((name) => [name, answerAt(session, `${flow}:${name}`)] as const);
  return Object.fromEntries(given.filter((one): one is readonly [string, Value] => one[1] !== undefined));
}

/** Forgets what was answered in a flow and what came of it; of a running one that has rounds, only its last round. */
export function clearFlow(turn: Turn, flow: FlowId, running: boolean): void {
  const { session } = turn;
  const own = `${flow}:`;
  const from = running ? roundBegins(session.answers, flow) : 0;
  if (session.gathered.length > 0) {
    const added = session.answers
      .slice(from)
      .flatMap(({ place, adds = [] }) => (place.startsWith(own) ? adds : []));
    session.gathered = session.gathered.filter((key) =>
      from === 0 ? !key.startsWith(own) : !added.includes(key),
    );
  }
  session.answers = withoutFlow(session.answers, flow, from);
}
