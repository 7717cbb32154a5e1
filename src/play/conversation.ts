import { advance } from "../core/conversation/advance.ts";
import { factsOf } from "../core/conversation/known.ts";
import { buttonByNumber } from "../core/conversation/offered-button.ts";
import { newSession, type Session } from "../core/conversation/session.ts";
import type { Turn } from "../core/conversation/turn.ts";
import { holds } from "../core/flow/condition.ts";
import type { Place, Program, Step, Topic } from "../core/flow/program.ts";
import type { Effect } from "../core/nouns/effect.ts";
import type { Input } from "../core/nouns/input.ts";
import type { Language } from "../core/nouns/language.ts";
import { day, hour, type Ms, minute } from "../core/nouns/time.ts";
import { normalise } from "../core/text/normalise.ts";
import type { ScriptTurn } from "./script.ts";

/** A step that a turn went through; of a decision table, the row that held (from 1; 0: none did). */
export type TakenStep = { readonly place: Place; readonly row?: number };

/** One input and all that came of it. */
export type Happened = {
  readonly input: Input;
  readonly at: Ms;
  readonly before: Session;
  readonly after: Session;
  readonly effects: readonly Effect[];
  readonly steps: readonly TakenStep[];
};

export type Beginning = {
  readonly now: Ms;
  readonly language: Language;
  readonly topics?: readonly Topic[] | undefined;
};

/** Moments that may fall due in one wait: a fault that schedules without end stops here. */
const mostDue = 500;

/**
 * A conversation that is played: no store, no channel, a clock of its own that goes on by a minute a turn. The session
 * goes through JSON between turns, as it does in a store.
 */
export class Conversation {
  readonly program: Program;
  readonly language: Language;
  readonly scheduled = new Map<string, Ms>();
  /** What happened, as a script. */
  readonly turns: ScriptTurn[] = [];
  readonly #shown: (readonly string[])[] = [];
  session: Session;
  now: Ms;

  constructor(program: Program, { now, language, topics }: Beginning) {
    this.program = topics === undefined ? program : { ...program, topics };
    this.now = now;
    this.language = language;
    this.session = newSession("en", program.hash);
  }

  /** Lets one thing happen; a wait can be several. Throws an Error for a button or a moment that is not there. */
  take(turn: ScriptTurn): readonly Happened[] {
    const happened = "wait" in turn ? this.#pass(lengthOf(turn.wait)) : [this.#handle(this.#inputOf(turn))];
    this.turns.push(turn);
    this.#shown.push(happened.flatMap(({ effects }) => buttonsIn(effects)));
    return happened;
  }

  /** How a script names a button: by the end of its id where that is enough. */
  tapOf(button: string): ScriptTurn {
    const at = this.#shown.findLastIndex((ids) => ids.includes(button));
    const last = button.slice(button.lastIndexOf(":") + 1);
    const short = last === this.language ? "{language}" : last;
    const isEnough = found(this.#shown[at] ?? [], last) === button;
    const ending = isEnough ? short : button;
    const ago = this.#shown.length - at;
    return at < 0 || ago === 1 ? { tap: ending } : { oldTap: ending, ago };
  }

  /** The button that a typed number picks now; undefined where it is none, or an answer itself. */
  buttonByNumber(raw: string): string | undefined {
    const step = this.program.steps.get(this.session.frames.at(-1) ?? "");
    return buttonByNumber(this.session, step?.kind === "ask" ? step : undefined, {
      raw,
      text: normalise(raw),
    });
  }

  #handle(input: Input): Happened {
    const { session: before, now: at } = this;
    const steps: TakenStep[] = [];
    const { session, effects } = advance(this.program, before, input, at, (turn) => {
      turn.watch = (step) => steps.push(takenStep(step, turn));
    });
    this.session = JSON.parse(JSON.stringify(session));
    for (const effect of effects) this.#note(effect);
    this.now += minute;
    return { input, at, before, after: this.session, effects, steps };
  }

  #note(effect: Effect): void {
    if (effect.kind === "schedule") this.scheduled.set(effect.ref, effect.at);
    if (effect.kind === "unschedule") this.scheduled.delete(effect.ref);
    if (effect.kind === "stop" || effect.kind === "forget") this.scheduled.clear();
  }

  #inputOf(turn: Exclude<ScriptTurn, { wait: string }>): Input {
    if ("start" in turn) return { kind: "start", payload: turn.start };
    if ("say" in turn) return this.#said(turn);
    if ("tap" in turn) return this.#tap(turn.tap, 1);
    if ("oldTap" in turn) return this.#tap(turn.oldTap, turn.ago);
    if ("open" in turn) return { kind: "tap", button: `f:${turn.open}` };
    if ("media" in turn) return { kind: "media" };
    if ("blocked" in turn) return { kind: turn.blocked ? "blocked" : "unblocked" };
    return this.#due(turn.due);
  }

  #said({ say, awaited }: Extract<ScriptTurn, { readonly say: unknown }>): Input {
    const text = this.#written(say);
    return awaited === true ? { kind: "text", text, awaited } : { kind: "text", text };
  }

  #written(say: string | Readonly<Record<string, string>>): string {
    return typeof say === "string" ? say : (say[this.language] ?? say["en"] ?? "");
  }

  #tap(ending: string, ago: number): Input {
    const offered = this.#shown.at(-ago) ?? [];
    const wanted = ending.replace("{language}", this.language);
    const button = found(offered, wanted);
    if (button === undefined)
      throw new Error(`no button ends with :${wanted}; offered are ${offered.join(" ")}`);
    return { kind: "tap", button };
  }

  #due(ref: string): Input {
    const at = this.scheduled.get(ref);
    if (at === undefined) {
      const there = [...this.scheduled.keys()].join(", ") || "nothing";
      throw new Error(`nothing is scheduled as ${ref}; there is ${there}`);
    }
    this.now = Math.max(this.now, at);
    this.scheduled.delete(ref);
    return { kind: "due", ref };
  }

  /** Time passes; what falls due in it comes at its moment, in order. */
  #pass(length: Ms): readonly Happened[] {
    const until = this.now + length;
    const happened: Happened[] = [];
    for (
      let due = this.#nextDue(until);
      due !== undefined && happened.length < mostDue;
      due = this.#nextDue(until)
    )
      happened.push(this.#handle(this.#due(due)));
    this.now = Math.max(this.now, until);
    return happened;
  }

  #nextDue(until: Ms): string | undefined {
    const [first] = [...this.scheduled].filter(([, at]) => at <= until).sort(([, a], [, b]) => a - b);
    return first?.[0];
  }
}

function takenStep(step: Step, turn: Turn): TakenStep {
  if (step.kind !== "decide") return { place: step.place };
  const known = factsOf(turn, step.inFlow);
  return { place: step.place, row: step.table.findIndex(({ when }) => holds(when, known)) + 1 };
}

function buttonsIn(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.kind === "say" ? [...effect.say.buttons, ...effect.say.nav].map(({ id }) => id) : [],
  );
}

function found(offered: readonly string[], ending: string): string | undefined {
  return offered.find((id) => id.endsWith(`:${ending}`) || id === ending);
}

const units: Readonly<Record<string, Ms>> = { d: day, h: hour, m: minute };

/** `3d`, `12h`, `30m` in milliseconds. */
function lengthOf(text: string): Ms {
  return Number.parseInt(text, 10) * (units[text.at(-1) ?? ""] ?? 0);
}
