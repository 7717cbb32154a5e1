import { type Advanced, advance } from "../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../src/core/conversation/session.ts";
import type { Program } from "../../src/core/flow/program.ts";
import type { Effect } from "../../src/core/nouns/effect.ts";
import type { Input } from "../../src/core/nouns/input.ts";
import type { Say } from "../../src/core/nouns/say.ts";
import { type Ms, minute } from "../../src/core/nouns/time.ts";

/** Freezes a value with all that is in it, so that whoever changes it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

/** One conversation, kept as the app keeps it: the session goes through JSON, schedules are held by their ref. */
export class Talk {
  readonly program: Program;
  session: Session;
  now: Ms;
  /** What is scheduled, by ref. */
  readonly scheduled = new Map<string, Ms>();
  /** The effects of the last turn. */
  effects: readonly Effect[] = [];

  constructor(program: Program, now: Ms, session: Session = newSession("en", program.hash)) {
    this.program = program;
    this.now = now;
    this.session = frozen(session);
  }

  /** Takes an input; the clock goes on by a minute afterwards. */
  take(input: Input): Advanced {
    const advanced = advance(this.program, this.session, input, this.now);
    this.session = frozen(JSON.parse(JSON.stringify(advanced.session)));
    this.effects = advanced.effects;
    for (const effect of advanced.effects) {
      if (effect.kind === "schedule") this.scheduled.set(effect.ref, effect.at);
      if (effect.kind === "unschedule") this.scheduled.delete(effect.ref);
      if (effect.kind === "stop" || effect.kind === "forget") this.scheduled.clear();
    }
    this.now += minute;
    return advanced;
  }

  /** Something is written. */
  say(text: string): this {
    this.take({ kind: "text", text });
    return this;
  }

  /** The last shown button whose id ends with this is tapped, e.g. `menu` or `policy-news:join`. */
  tap(ending: string): this {
    const button = this.session.offered.find((id) => id === ending || id.endsWith(`:${ending}`));
    if (button === undefined) throw new Error(`no button ${ending} in ${this.session.offered.join(" ")}`);
    this.take({ kind: "tap", button });
    return this;
  }

  /** The scheduled moment of this ref comes; the clock goes there. */
  due(ref: string): this {
    const at = this.scheduled.get(ref);
    if (at === undefined) throw new Error(`nothing is scheduled as ${ref}`);
    this.scheduled.delete(ref);
    this.now = Math.max(this.now, at);
    this.take({ kind: "due", ref });
    return this;
  }

  /** What was said in the last turn. */
  get said(): readonly Say[] {
    return this.effects.flatMap((effect) => (effect.kind === "say" ? [effect.say] : []));
  }

  /** The keys of the words said in the last turn, in order. */
  get keys(): readonly string[] {
    return this.said.flatMap(({ parts }) =>
      parts.flatMap(({ words }) => ("key" in words ? [words.key] : [])),
    );
  }

  /** Where the conversation waits. */
  get place(): string | undefined {
    return this.session.frames.at(-1);
  }

  /** The value last given at a place. */
  answer(place: string) {
    return this.session.answers.findLast((answer) => answer.place === place)?.value;
  }
}

/** A conversation that stands at a place, language chosen, with nothing answered yet. */
export function talkAt(program: Program, now: Ms, language: string, ...frames: readonly string[]): Talk {
  const talk = new Talk(program, now, {
    ...newSession(language, program.hash),
    met: true,
    frames,
  });
  talk.take({ kind: "tap", button: "c:continue" });
  return talk;
}
