import type { Place, Program } from "../program.ts";
import { type OutcomeLevel, outcomeLevels } from "../schema.ts";
import type { Edge, State } from "./graph.ts";

/** Two people who answer all questions alike but one: how each goes on from it. */
export type TwoWays = { readonly less: readonly Edge[]; readonly more: readonly Edge[] };

/** What came of comparing: no counterexample, one, or too many pairs to look at. */
export type Compared =
  | { readonly kind: "holds" }
  | { readonly kind: "broken"; readonly at: State; readonly ways: TwoWays }
  | { readonly kind: "too-many" };

/** Pairs of conversations that are looked at before giving up. */
const mostPairs = 500_000;

/** One of the two: where it waits (undefined: it is over), and how urgent its most urgent result was so far. */
type Run = { readonly state: State | undefined; readonly urgency: number };

/** Both, with the answers that one of them gave to questions that the other may still be asked. */
type Pair = {
  readonly less: Run;
  readonly more: Run;
  readonly given: ReadonlyMap<Place, string>;
  readonly before: Pair | undefined;
  readonly steps: readonly (readonly ["less" | "more", Edge])[];
};

/** How urgent a level is: 0 for none, the most urgent highest. */
function urgencyOf(program: Program, outcome: string): number {
  const colon = outcome.lastIndexOf(":");
  const level: OutcomeLevel | undefined = program.flows
    .get(outcome.slice(0, colon))
    ?.outcomes.get(outcome.slice(colon + 1))?.level;
  return level === undefined ? 0 : outcomeLevels.length - outcomeLevels.indexOf(level);
}

/**
 * Compares everyone who gives the one answer to a question with everyone who gives the other and all else alike: whether
 * the second's most urgent result is ever less urgent than the first's.
 */
export function compare(
  program: Program,
  states: readonly State[],
  place: Place,
  answers: readonly [less: string, more: string],
): Compared {
  const comparison = new Comparison(program, place, states);
  for (const state of states.filter((one) => one.place === place)) {
    const found = comparison.from(state, answers);
    if (found !== undefined) return found;
  }
  return { kind: "holds" };
}

class Comparison {
  readonly #program: Program;
  readonly #place: Place;
  readonly #ahead: ReadonlyMap<Place, ReadonlySet<Place>>;
  readonly #known = new Set<string>();

  constructor(program: Program, place: Place, states: readonly State[]) {
    this.#program = program;
    this.#place = place;
    this.#ahead = placesAhead(states);
  }

  from(state: State, [less, more]: readonly [string, string]): Compared | undefined {
    const edges = [less, more].map((answer) => state.out.find((edge) => answerOf(edge) === answer));
    const [one, other] = edges;
    if (one === undefined || other === undefined) return undefined;
    const first: Pair = {
      less: this.#after({ state, urgency: 0 }, one),
      more: this.#after({ state, urgency: 0 }, other),
      given: new Map(),
      before: undefined,
      steps: [
        ["less", one],
        ["more", other],
      ],
    };
    const work = [first];
    for (const pair of work) {
      if (this.#known.size > mostPairs) return { kind: "too-many" };
      if (isBroken(pair)) return { kind: "broken", at: state, ways: waysOf(pair) };
      if (canBreak(pair) && this.#isNew(pair)) work.push(...this.#next(pair));
    }
    return undefined;
  }

  #isNew({ less, more, given }: Pair): boolean {
    const run = ({ state, urgency }: Run) => `${state?.id ?? "-"} ${urgency}`;
    const key = `${run(less)} ${run(more)} ${JSON.stringify([...given].sort())}`;
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    return true;
  }

  #after({ urgency }: Run, { to, shown, added }: Edge): Run {
    const most = Math.max(urgency, ...[...shown, ...added].map((one) => urgencyOf(this.#program, one)));
    // Whoever is asked the same question anew begins anew.
    return { state: to?.place === this.#place ? undefined : to, urgency: most };
  }

  /** What both can come to next: at the same question they answer alike, else one of them goes on alone. */
  #next(pair: Pair): readonly Pair[] {
    const { less, more } = pair;
    if (less.state !== undefined && more.state !== undefined && less.state.place === more.state.place)
      return this.#together(pair, less.state, more.state);
    const who = this.#whoGoesOn(pair);
    const state = pair[who].state;
    return state === undefined ? [] : this.#alone(pair, who, state);
  }

  #together(pair: Pair, less: State, more: State): readonly Pair[] {
    return less.out.flatMap((one) => {
      const other = more.out.find((edge) => answerOf(edge) === answerOf(one));
      if (other === undefined) return [];
      return [
        {
          less: this.#after(pair.less, one),
          more: this.#after(pair.more, other),
          given: pair.given,
          before: pair,
          steps: [["less", one] as const, ["more", other] as const],
        },
      ];
    });
  }

  /** Whoever is not over; rather the one whose question the other gave an answer to, or will not be asked any more. */
  #whoGoesOn({ less, more, given }: Pair): "less" | "more" {
    if (less.state === undefined) return "more";
    if (more.state === undefined || given.has(less.state.place)) return "less";
    if (given.has(more.state.place) || !this.#isAhead(less.state, more.state.place)) return "more";
    return "less";
  }

  #isAhead(state: State | undefined, place: Place): boolean {
    return state !== undefined && (this.#ahead.get(state.place)?.has(place) ?? false);
  }

  #alone(pair: Pair, who: "less" | "more", state: State): readonly Pair[] {
    const told = pair.given.get(state.place);
    const other = who === "less" ? pair.more.state : pair.less.state;
    const edges = told === undefined ? state.out : state.out.filter((edge) => answerOf(edge) === told);
    return edges.map((edge) => {
      const given = new Map(pair.given);
      given.delete(state.place);
      if (told === undefined && this.#isAhead(other, state.place)) given.set(state.place, answerOf(edge));
      const run = this.#after(pair[who], edge);
      return { ...pair, [who]: run, given, before: pair, steps: [[who, edge] as const] };
    });
  }
}

function answerOf({ given }: Edge): string {
  return given.kind === "answer" ? given.answer : given.kind;
}

function isBroken({ less, more }: Pair): boolean {
  return less.state === undefined && more.state === undefined && more.urgency < less.urgency;
}

/** Urgency only grows: where the second's is already as high as the first's can become, nothing can break. */
function canBreak({ less, more }: Pair): boolean {
  const most = less.state === undefined ? less.urgency : outcomeLevels.length;
  return more.urgency < most;
}

function waysOf(last: Pair): TwoWays {
  const ways: { less: Edge[]; more: Edge[] } = { less: [], more: [] };
  for (let pair: Pair | undefined = last; pair !== undefined; pair = pair.before)
    for (const [who, edge] of pair.steps) ways[who].unshift(edge);
  return ways;
}

/** For each question, those that can still be asked after it. */
function placesAhead(states: readonly State[]): ReadonlyMap<Place, ReadonlySet<Place>> {
  const next = new Map<Place, Set<Place>>();
  for (const { place, out } of states) {
    const all = next.get(place) ?? new Set();
    next.set(place, all);
    for (const { to } of out) if (to !== undefined) all.add(to.place);
  }
  return new Map([...next].map(([place, direct]) => [place, closureOf(direct, next)]));
}

function closureOf(
  direct: ReadonlySet<Place>,
  next: ReadonlyMap<Place, ReadonlySet<Place>>,
): ReadonlySet<Place> {
  const found = new Set(direct);
  // The set grows while it is gone through.
  for (const place of found) for (const one of next.get(place) ?? []) found.add(one);
  return found;
}
