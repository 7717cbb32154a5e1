import type { FlowId } from "../nouns/ids.ts";
import type { Move, Moves } from "./earlier-names.ts";
import type { Place, Program } from "./program.ts";
import type { FlowSource } from "./schema.ts";

/** Where someone goes on who waits, or comes back, at a place of earlier content. */
export type Fate =
  | { readonly kind: "same" | "renamed"; readonly to: Place }
  /** Told so in the files: `retired`. */
  | { readonly kind: "retired"; readonly to: Place }
  /** A step of this name is there, but it asks nothing: they go on from it. */
  | { readonly kind: "goes-on"; readonly to: Place }
  /** Nobody has said where: the start of its flow; undefined when the flow is no more. */
  | { readonly kind: "gone"; readonly to: Place | undefined };

export type FateKind = Fate["kind"];

type Told = { readonly flow: { readonly id: FlowId }; readonly source: FlowSource };

type Known = Pick<Program, "flows" | "steps" | "moves">;

/** Gathers what the flows say about earlier names. */
export function movesOf(flows: readonly Told[]): Moves {
  const within = (own: (flow: Told) => Readonly<Record<string, string>>) =>
    new Map(
      flows.flatMap((one) =>
        Object.entries(own(one)).map(
          ([old, now]) => [`${one.flow.id}:${old}`, `${one.flow.id}:${now}`] as const,
        ),
      ),
    );
  return {
    flows: new Map<FlowId, Move>(
      flows.flatMap(({ flow, source }) => [
        ...source.renamed.flows.map((old) => [old, { to: flow.id, retired: false }] as const),
        ...source.retired.flows.map((old) => [old, { to: flow.id, retired: true }] as const),
      ]),
    ),
    names: within(({ source }) => source.renamed.steps),
    retired: within(({ source }) => source.retired.steps),
    outcomes: within(({ source }) => source.renamed.outcomes),
    options: new Map(
      flows.flatMap(({ flow, source }) =>
        Object.entries(source.renamed.options).map(
          ([step, names]) => [`${flow.id}:${step}`, new Map(Object.entries(names))] as const,
        ),
      ),
    ),
  };
}

/** The name that stands at the end of a chain of names; the name itself where none does. */
export function lastName<Name extends string>(names: ReadonlyMap<Name, Name>, name: Name): Name {
  const seen = new Set<Name>([name]);
  let at = name;
  for (let next = names.get(at); next !== undefined && !seen.has(next); next = names.get(at)) {
    seen.add(next);
    at = next;
  }
  return at;
}

/** The flow that goes on for one of earlier content, over however many new names; itself where nothing is said. */
export function flowNow(
  { flows, moves }: Pick<Program, "flows" | "moves">,
  flow: FlowId,
): { readonly flow: FlowId; readonly retired: boolean } {
  let at = flow;
  let retired = false;
  for (let step = 0; step <= moves.flows.size && !flows.has(at); step++) {
    const move = moves.flows.get(at);
    if (move === undefined) break;
    at = move.to;
    retired ||= move.retired;
  }
  return { flow: at, retired };
}

/** The place of now for a place, an answer or a result `<flow>:<step>.<result>` of earlier content, as far as names tell. */
export function placeNow(program: Known, place: Place): Place {
  const [old, name] = split(place);
  const { flow } = flowNow(program, old);
  const dot = name.indexOf(".");
  if (dot < 0) return lastName(program.moves.names, `${flow}:${name}`);
  const step = lastName(program.moves.names, `${flow}:${name.slice(0, dot)}`);
  const caller = program.steps.get(step);
  const result = name.slice(dot + 1);
  if (caller?.kind !== "call" && caller?.kind !== "repeat") return `${step}.${result}`;
  return `${step}.${split(lastName(program.moves.names, `${caller.flow}:${result}`))[1]}`;
}

/** What becomes of someone at a place: who `waits` there for their answer, or `calls` from there and comes back to it. */
export function whereTo(program: Known, place: Place, role: "waits" | "calls"): Fate {
  const { flow, retired } = flowNow(program, split(place)[0]);
  const start = program.flows.get(flow)?.start;
  if (start === undefined) return { kind: "gone", to: undefined };
  if (retired) return { kind: "retired", to: `${flow}:${start}` };
  const now = placeNow(program, place);
  const step = program.steps.get(now);
  if (step?.kind === "ask" || (role === "calls" && (step?.kind === "call" || step?.kind === "repeat")))
    return { kind: now === place ? "same" : "renamed", to: now };
  const told = program.moves.retired.get(now);
  if (told !== undefined) return { kind: "retired", to: told };
  return step === undefined ? { kind: "gone", to: `${flow}:${start}` } : { kind: "goes-on", to: now };
}

/** A place's flow, and what stands behind it. */
export function split(place: Place): readonly [flow: FlowId, name: string] {
  const colon = place.indexOf(":");
  return [place.slice(0, colon), place.slice(colon + 1)];
}
