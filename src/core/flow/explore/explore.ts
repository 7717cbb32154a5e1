import { visitFlow } from "../../conversation/go.ts";
import type { Session } from "../../conversation/session.ts";
import { beginTurn, type Turn, waitingStep } from "../../conversation/turn.ts";
import { onWaitOver } from "../../conversation/wait.ts";
import type { Say } from "../../nouns/say.ts";
import type { Ms } from "../../nouns/time.ts";
import type { Place, Program, Step } from "../program.ts";
import { type AnswerClass, classesOf } from "./classes.ts";
import { type Entry, entriesOf } from "./entries.ts";
import type { Edge, Exploration, Finding, Given, State, TooMany } from "./graph.ts";
import { inspect } from "./inspect.ts";
import { home, type Liveness, livenessOf } from "./liveness.ts";
import { merge } from "./merge.ts";
import { type Person, personsAt, worldsOf } from "./persons.ts";
import { enoughFor, type Tested, testedIn } from "./tested.ts";

/** A flow with more states than this is too large to be looked over, by us and by people. */
const mostStates = 200_000;

/** Steps without a question that one turn takes before the engine gives up. */
const mostSteps = 200;

/**
 * Runs every flow from every way in, with every class of answers at every question, until nothing new comes about. It
 * runs the engine itself, one turn at a time; conversations that agree on all that a later step can read are one state.
 * Pure and synchronous; `now` is the day on which it all happens.
 */
export function explore(program: Program, now: Ms, limit = mostStates): Exploration {
  const walk = new Walk(program, now, limit);
  for (const entry of entriesOf(program)) walk.enter(entry);
  walk.run();
  return walk.result();
}

class Walk {
  readonly #now: Ms;
  readonly #limit: number;
  readonly #program: Program;
  readonly #liveness: Liveness;
  readonly #tested: Tested;
  readonly #enough: number;
  readonly #home = new Set<string>();
  readonly #byKey = new Map<string, State>();
  readonly #states: State[] = [];
  readonly #entries: Edge[] = [];
  readonly #reached = new Set<Place>();
  readonly #rows = new Set<string>();
  readonly #classes = new Map<Place, number>();
  readonly #findings = new Map<string, Finding>();
  readonly #inFlow = new Map<string, number>();
  readonly #said = new Map<string, Say>();
  #tooMany: TooMany | undefined;

  constructor(program: Program, now: Ms, limit: number) {
    this.#program = program;
    this.#now = now;
    this.#limit = limit;
    this.#liveness = livenessOf(program);
    this.#tested = testedIn(program);
    this.#enough = enoughFor(program);
  }

  enter(entry: Entry): void {
    for (const { program, session } of this.#personsAt(entry)) {
      const given: Given = { kind: "entry", entry };
      this.#entries.push(
        this.#take(undefined, program, session, given, (turn) => visitFlow(turn, entry.flow, entry.preset)),
      );
    }
  }

  run(): void {
    // The list grows while it is gone through.
    for (const state of this.#states) {
      if (this.#tooMany !== undefined) return;
      this.#leave(state);
    }
  }

  result(): Exploration {
    return {
      states: this.#states,
      entries: this.#entries,
      reached: this.#reached,
      rows: this.#rows,
      classes: this.#classes,
      findings: [...this.#findings.values()],
      tooMany: this.#tooMany,
      said: [...this.#said.values()],
    };
  }

  /** Gives every class of answers in a state. */
  #leave(state: State): void {
    const turn = beginTurn(state.program, state.session, this.#now);
    const step = waitingStep(turn);
    if (step === undefined) return;
    const classes = classesOf(turn, step, this.#tested);
    this.#classes.set(step.place, Math.max(classes.length, this.#classes.get(step.place) ?? 0));
    if (classes.length === 0) this.#find({ kind: "empty", place: step.place, edge: state.by });
    for (const one of classes) state.out.push(this.#answer(state, one));
    if (step.wait?.next !== undefined)
      state.out.push(this.#take(state, state.program, state.session, { kind: "wait" }, waitOver));
  }

  #answer(state: State, { answer, option, give }: AnswerClass): Edge {
    const given: Given = { kind: "answer", answer, option };
    const edge = this.#take(state, state.program, state.session, given, (turn) => {
      const step = waitingStep(turn);
      if (step !== undefined) give(turn, step);
    });
    if (edge.steps.length === 0) this.#find({ kind: "stuck", place: state.place, answer, edge });
    return edge;
  }

  /** Takes one turn, looking at each of its steps. */
  #take(
    from: State | undefined,
    program: Program,
    session: Session,
    given: Given,
    act: (turn: Turn) => void,
  ): Edge {
    const turn = beginTurn(program, session, this.#now);
    const watch = new Watch(turn);
    turn.watch = (step) => watch.see(step);
    act(turn);
    const edge: Edge = {
      from,
      given,
      steps: watch.steps,
      shown: watch.shown,
      added: watch.added(),
      to: undefined,
    };
    for (const place of watch.steps) this.#reached.add(place);
    for (const row of watch.rows) this.#rows.add(row);
    for (const [place, seen] of watch.found) this.#find({ ...seen, place, edge });
    if (watch.steps.length >= mostSteps) this.#find(endless(watch.steps, edge));
    else if (from !== undefined && isHome(turn.session)) this.#comeHome(turn.session, edge);
    else if (!watch.leaves) edge.to = this.#stateOf(program, turn.session, edge);
    this.#hear(turn, watch.steps);
    return edge;
  }

  /**
   * The conversation is back where everyone comes back to: it is over. What the menu asked is still there; what is known
   * of the person is not looked at on the way there, so whoever comes in anew stands for them.
   */
  #comeHome(session: Session, edge: Edge): void {
    const { answers } = merge(this.#program, this.#liveness, this.#enough, session).session;
    const id = JSON.stringify([session.frames, answers]);
    if (this.#home.has(id)) return;
    this.#home.add(id);
    for (const person of this.#personsAt({ flow: home, how: "", preset: {} }))
      this.#stateOf(person.program, { ...person.session, frames: session.frames, answers }, edge);
  }

  #personsAt(entry: Entry): readonly Person[] {
    const start = this.#program.flows.get(entry.flow)?.start ?? "";
    const live = this.#liveness([`${entry.flow}:${start}`]);
    return personsAt(worldsOf(this.#program, this.#enough), entry, live, this.#enough);
  }

  #stateOf(program: Program, session: Session, by: Edge): State | undefined {
    const place = session.frames.at(-1);
    if (place === undefined) return undefined;
    const { session: merged, key } = merge(program, this.#liveness, this.#enough, session);
    const id = `${program.topics.length} ${key}`;
    const known = this.#byKey.get(id);
    if (known !== undefined) return known;
    const state: State = { id: this.#states.length, program, session: merged, place, by, out: [] };
    this.#byKey.set(id, state);
    this.#states.push(state);
    this.#countIn(state);
    return state;
  }

  #countIn({ place }: State): void {
    const flow = place.slice(0, place.indexOf(":"));
    const count = (this.#inFlow.get(flow) ?? 0) + 1;
    this.#inFlow.set(flow, count);
    if (count > this.#limit) this.#tooMany ??= whereTooMany(flow, this.#states, this.#limit);
  }

  #find(finding: Finding): void {
    const { edge: _, ...rest } = finding;
    const id = JSON.stringify("cycle" in rest ? { ...rest, place: "", cycle: rest.cycle.toSorted() } : rest);
    if (!this.#findings.has(id)) this.#findings.set(id, finding);
  }

  #hear(turn: Turn, steps: readonly Place[]): void {
    const says = turn.effects.flatMap((effect) => (effect.kind === "say" ? [effect.say] : []));
    for (const [at, say] of says.entries()) {
      const id = `${steps.join(" ")} ${at}`;
      if (!this.#said.has(id)) this.#said.set(id, say);
    }
  }
}

/** Looks at the steps of one turn as they are run. */
class Watch {
  readonly #turn: Turn;
  readonly steps: Place[] = [];
  readonly rows: string[] = [];
  readonly shown: string[] = [];
  readonly #added = new Set<string>();
  readonly found: (readonly [Place, ReturnType<typeof inspect>["seen"][number]])[] = [];
  /** Whether the conversation left all flows for the menu: what comes then is another entry's. */
  leaves = false;

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  see(step: Step): void {
    if (this.leaves) return;
    for (const outcome of this.#turn.session.gathered) this.#added.add(outcome);
    this.steps.push(step.place);
    const { seen, row } = inspect(step, this.#turn);
    for (const one of seen) this.found.push([step.place, one]);
    if (row !== undefined) this.rows.push(`${step.place}#${row}`);
    if (step.kind === "outcome") this.#show(step);
    this.leaves = (step.kind === "end" && step.then === "menu") || seen.some(({ kind }) => kind === "gap");
  }

  /** The outcomes that were gathered in this turn. */
  added(): readonly string[] {
    if (!this.leaves) for (const outcome of this.#turn.session.gathered) this.#added.add(outcome);
    return [...this.#added];
  }

  #show({ show, outcome, inFlow }: Extract<Step, { kind: "outcome" }>): void {
    if (show === "now" && outcome !== undefined) this.shown.push(`${inFlow}:${outcome}`);
  }
}

function isHome({ frames }: Session): boolean {
  return frames.length === 1 && frames[0]?.startsWith(`${home}:`) === true;
}

function waitOver(turn: Turn): void {
  turn.session.waitUntil = turn.now;
  onWaitOver(turn);
}

/** Which steps come again and again, from the one that is come to first; where none does, there are just too many. */
function endless(steps: readonly Place[], edge: Edge): Finding {
  const last = steps.at(-1) ?? "";
  const before = steps.lastIndexOf(last, -2);
  if (before < 0) return { kind: "long", place: last, edge };
  const round = steps.slice(before + 1);
  const first = steps.find((place) => round.includes(place)) ?? last;
  const at = round.indexOf(first);
  return { kind: "loop", place: first, cycle: [...round.slice(at), ...round.slice(0, at)], edge };
}

/** The question of a flow at which most of its states wait, and the answers that are remembered there. */
function whereTooMany(flow: string, states: readonly State[], limit: number): TooMany {
  const counts = new Map<Place, number>();
  for (const { place } of states)
    if (place.startsWith(`${flow}:`)) counts.set(place, (counts.get(place) ?? 0) + 1);
  const [most = [""]] = [...counts].sort(([, a], [, b]) => b - a);
  const place = most[0];
  const remembered = new Set(
    states.flatMap((state) =>
      state.place === place ? state.session.answers.map((answer) => answer.place) : [],
    ),
  );
  return { flow, place, remembered: [...remembered], limit };
}
