import type { Edge, State } from "./graph.ts";

/**
 * How many ways there are from these turns to an end. A way that comes back to where it has been counts as one that
 * ends there: counted, not walked, as there can be more of them than could ever be walked.
 */
export function countPaths(from: readonly Edge[]): bigint {
  const counts = new Map<State, bigint>();
  const open = new Set<State>();
  for (const { to } of from) if (to !== undefined && !counts.has(to)) countFrom(to, counts, open);
  return from.reduce((sum, { to }) => sum + (to === undefined ? 1n : (counts.get(to) ?? 1n)), 0n);
}

type Visit = { readonly state: State; next: number; sum: bigint };

/** Depth first without recursion: a flow can be thousands of questions long. */
function countFrom(first: State, counts: Map<State, bigint>, open: Set<State>): void {
  const stack: Visit[] = [];
  const begin = (state: State) => {
    open.add(state);
    stack.push({ state, next: 0, sum: 0n });
  };
  begin(first);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const edge = top.state.out[top.next];
    if (edge === undefined) {
      counts.set(top.state, top.sum === 0n ? 1n : top.sum);
      open.delete(top.state);
      stack.pop();
    } else if (edge.to !== undefined && !open.has(edge.to) && !counts.has(edge.to)) begin(edge.to);
    else {
      top.sum += waysOn(edge, counts, open);
      top.next += 1;
    }
  }
}

function waysOn({ to }: Edge, counts: ReadonlyMap<State, bigint>, open: ReadonlySet<State>): bigint {
  return to === undefined || open.has(to) ? 1n : (counts.get(to) ?? 1n);
}

/** The states from which one of these can be reached, themselves included. */
export function leadingTo(states: readonly State[], isGoal: (state: State) => boolean): ReadonlySet<State> {
  const before = statesBefore(states);
  const found = new Set(states.filter(isGoal));
  // The set grows while it is gone through.
  for (const state of found) for (const one of before.get(state) ?? []) found.add(one);
  return found;
}

function statesBefore(states: readonly State[]): ReadonlyMap<State, readonly State[]> {
  const before = new Map(states.map((state): [State, State[]] => [state, []]));
  for (const state of states)
    for (const { to } of state.out) if (to !== undefined) before.get(to)?.push(state);
  return before;
}
