import { advance } from "../../../src/core/conversation/advance.ts";
import { answerAt } from "../../../src/core/conversation/answers-so-far.ts";
import { factsOf } from "../../../src/core/conversation/known.ts";
import { newSession, type Session } from "../../../src/core/conversation/session.ts";
import type { Turn } from "../../../src/core/conversation/turn.ts";
import { addDays, isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { holds } from "../../../src/core/flow/condition.ts";
import type { Program, Step } from "../../../src/core/flow/program.ts";
import type { Input } from "../../../src/core/nouns/input.ts";
import type { Ms } from "../../../src/core/nouns/time.ts";

/** What comes about when everything is tried: steps that are run, rows that are taken, frames of questions that wait, outcomes. */
export type Walked = Readonly<Record<"steps" | "rows" | "frames" | "shown", ReadonlySet<string>>>;

/** Gives every answer that could matter to the real engine, until nothing new comes; undefined when there is too much of it. */
export function walk(program: Program, now: Ms, today: string, most: number): Walked | undefined {
  const walked = new Walk(program, now);
  for (const timeZone of [null, "UTC"])
    for (const button of ["f:a", "f:menu"])
      walked.take({ ...newSession("en", program.hash), met: true, timeZone }, { kind: "tap", button });
  for (const session of walked.work) {
    if (walked.work.length > most) return undefined;
    for (const input of inputsFor(program, session, today)) walked.take(session, input);
  }
  return walked;
}

class Walk implements Walked {
  readonly steps = new Set<string>();
  readonly rows = new Set<string>();
  readonly frames = new Set<string>();
  readonly shown = new Set<string>();
  /** Sessions as they came about; grows while it is gone through. */
  readonly work: Session[] = [];
  readonly #known = new Set<string>();
  readonly #program: Program;
  readonly #now: Ms;

  constructor(program: Program, now: Ms) {
    this.#program = program;
    this.#now = now;
  }

  take(before: Session, input: Input): void {
    const { session, effects } = advance(this.#program, before, input, this.#now, (turn) => {
      turn.watch = (step) => this.#see(step, turn);
    });
    for (const effect of effects)
      if (effect.kind === "count" && effect.name.startsWith("outcome "))
        this.shown.add(effect.name.slice("outcome ".length).replace(" ", ":"));
    if (session.asking === null && session.frames.length > 0) this.frames.add(session.frames.join(" "));
    const key = JSON.stringify([session.frames, valuesOf(session), session.asking, session.timeZone]);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.work.push(session);
  }

  #see(step: Step, turn: Turn): void {
    this.steps.add(step.place);
    if (step.kind !== "decide") return;
    const row = step.table.findIndex(({ when }) => holds(when, factsOf(turn, step.inFlow)));
    if (row >= 0) this.rows.add(`${step.place}#${row}`);
  }
}

/** Everything that can be read of a session's answers, with the rounds they belong to and where they were asked. */
function valuesOf({ answers }: Session): unknown {
  const places = [...new Set(answers.map(({ place }) => place))].sort();
  const rounds = answers.flatMap(({ opens, place }) => (opens === true ? [place] : []));
  const belows = [...new Set(answers.map(({ below }) => below?.join(" ")))];
  return [places.map((place) => [place, answerAt({ answers }, place) ?? null]), rounds, belows];
}

function inputsFor(program: Program, session: Session, today: string): readonly Input[] {
  const step = program.steps.get(session.frames.at(-1) ?? "");
  if (step?.kind !== "ask") return [];
  if (session.asking !== null) return [{ kind: "tap", button: session.offered[0] ?? "" }];
  switch (step.answer.kind) {
    case "number":
      return ["0", "1", "2", "3", "4", "5", "6"].map((text) => ({ kind: "text", text }));
    case "date":
      return [-4, -3, -2, -1, 0, 1, 2, 3, 4].flatMap((days) =>
        isCivilDate(today) ? [{ kind: "text", text: addDays(today, days) } as const] : [],
      );
    default:
      // As they are shown: in each round of a `repeat` they have ids of their own.
      return session.offered.filter((id) => id.startsWith("a:")).map((button) => ({ kind: "tap", button }));
  }
}
