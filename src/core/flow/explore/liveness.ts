import type { FlowId } from "../../nouns/ids.ts";
import type { Place, Program, Step } from "../program.ts";
import { roundName } from "../value-types.ts";
import { calledBy, followersOf, nextsOf, startOf } from "./links.ts";
import { personKeys, type Read, readsOf, readsOnReturn, type Use, writesOf } from "./reads.ts";

/** What may still be read, as bits: one for each key that is read anywhere, by how closely it is looked at. */
type Live = { readonly value: bigint; readonly presence: bigint };

/** How closely a key is still looked at; undefined when it is not read any more. */
export type LiveAt = (key: string) => Use | undefined;

/** Which answers matter while a question waits with these frames: two conversations that agree on them go on alike. */
export type Liveness = (frames: readonly Place[]) => LiveAt;

const nothing: Live = { value: 0n, presence: 0n };

/** Finds what is live before each step: a fixed point, backwards over the steps and into the flows that they call. */
export function livenessOf(program: Program): Liveness {
  const analysis = new Analysis(program);
  const known = new Map<string, LiveAt>();
  return (frames) => {
    const id = frames.join(" ");
    const made = known.get(id) ?? analysis.at(frames);
    known.set(id, made);
    return made;
  };
}

class Analysis {
  readonly #program: Program;
  readonly #bits: ReadonlyMap<string, bigint>;
  readonly #before = new Map<Place, Live>();
  /** What a flow forgets of its last run when it is entered. */
  readonly #forgotten = new Map<FlowId, bigint>();
  readonly #ofPerson: bigint;

  constructor(program: Program) {
    this.#program = program;
    const keys = new Set(
      [...program.steps.values()].flatMap((step) => allReads(program, step).map(({ key }) => key)),
    );
    this.#bits = new Map([...keys].map((key, at) => [key, 1n << BigInt(at)]));
    this.#ofPerson = this.#maskOf(Object.values(personKeys));
    for (const { id, params } of program.flows.values()) {
      const given = new Set([roundName, ...params.keys()].map((name) => `${id}:${name}`));
      const own = [...keys].filter((key) => key.startsWith(`${id}:`) && !given.has(key));
      this.#forgotten.set(id, this.#maskOf(own));
    }
    this.#solve();
  }

  /**
   * What is live while a question waits: from it on, and from where each call below it goes on. The menu is where
   * everything ends: what is known of the person there is looked at as if they came in anew.
   */
  at(frames: readonly Place[]): LiveAt {
    const live = frames.reduce((all, place, at) => {
      const step = this.#program.steps.get(place);
      if (step === undefined || at === frames.length - 1) return join(all, this.#before.get(place));
      const below = join(
        this.#after(step, step.kind === "repeat"),
        this.#usesOf(readsOnReturn(this.#program, step)),
      );
      return join(all, step.inFlow === home ? without(below, this.#ofPerson) : below);
    }, nothing);
    return (key) => {
      const bit = this.#bits.get(key) ?? 0n;
      if ((live.value & bit) !== 0n) return "value";
      return (live.presence & bit) === 0n ? undefined : "presence";
    };
  }

  #solve(): void {
    const leading = leadingTo(this.#program);
    const work = new Set([...this.#program.steps.keys()].reverse());
    // The set grows while it is gone through.
    for (const place of work) {
      work.delete(place);
      if (this.#settle(place)) for (const one of leading.get(place) ?? []) work.add(one);
    }
  }

  /** Works out what is live before a step; gives whether that has changed. */
  #settle(place: Place): boolean {
    const step = this.#program.steps.get(place);
    if (step === undefined) return false;
    const forgotten = this.#forgotten.get(calledBy(step) ?? "") ?? 0n;
    const after = without(this.#after(step, true), forgotten | this.#maskOf(writesOf(step)));
    const live = join(after, this.#usesOf(allReads(this.#program, step)));
    const old = this.#before.get(place);
    if (old !== undefined && old.value === live.value && old.presence === live.presence) return false;
    this.#before.set(place, live);
    return true;
  }

  /** What is live behind a step: on its ways on, and (`inside`) in the flow that it runs, which begins with nothing of its own. */
  #after(step: Step, inside: boolean): Live {
    const next = nextsOf(step).reduce((all, place) => join(all, this.#before.get(place)), nothing);
    const flow = inside ? calledBy(step) : undefined;
    if (flow === undefined) return next;
    const start = startOf(this.#program, flow);
    const called = start === undefined ? undefined : this.#before.get(start);
    return called === undefined ? next : join(next, without(called, this.#forgotten.get(flow) ?? 0n));
  }

  #maskOf(keys: readonly string[]): bigint {
    return keys.reduce((all, key) => all | (this.#bits.get(key) ?? 0n), 0n);
  }

  #usesOf(reads: readonly Read[]): Live {
    const of = (use: Use) => this.#maskOf(reads.flatMap((read) => (read.use === use ? [read.key] : [])));
    return { value: of("value"), presence: of("presence") };
  }
}

/** The flow that everyone comes back to. */
export const home: FlowId = "menu";

function allReads(program: Program, step: Step): readonly Read[] {
  return [...readsOf(program, step), ...readsOnReturn(program, step)];
}

function leadingTo(program: Program): ReadonlyMap<Place, readonly Place[]> {
  const leading = new Map<Place, Place[]>();
  for (const step of program.steps.values())
    for (const next of followersOf(program, step)) {
      const all = leading.get(next) ?? [];
      all.push(step.place);
      leading.set(next, all);
    }
  return leading;
}

function join(one: Live, other: Live | undefined): Live {
  if (other === undefined || (other.value === 0n && other.presence === 0n)) return one;
  return { value: one.value | other.value, presence: one.presence | other.presence };
}

function without(live: Live, mask: bigint): Live {
  return mask === 0n ? live : { value: live.value & ~mask, presence: live.presence & ~mask };
}
