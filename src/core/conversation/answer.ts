import { isUnsure, type Value } from "../nouns/value.ts";
import type { Reading, Said } from "./answers/answer-kind.ts";
import { answerKinds } from "./answers/answer-kinds.ts";
import { goOn } from "./go.ts";
import { showQuestion } from "./prompt.ts";
import { lookUp } from "./questions.ts";
import type { TrailEntry } from "./session.ts";
import { gather } from "./steps/outcome.ts";
import { commandButton, isAtRest, own, type Turn, type WaitingStep } from "./turn.ts";

/** Questions that "back" can go through. */
const trailLength = 20;
/** Misunderstood messages in a row after which a person is offered. */
const patience = 3;

/** One of the shown options was chosen, by tap or by its number. */
export function pickOption(turn: Turn, step: WaitingStep, option: string): void {
  take(turn, step, answerKinds[step.answer.kind].pick(step, option, turn));
}

/** Something was written while a question waits. */
export function readAnswer(turn: Turn, step: WaitingStep, said: Said): void {
  const reading = answerKinds[step.answer.kind].read(step, said, turn);
  if (reading.kind === "other") notAnAnswer(turn, step, said);
  else take(turn, step, reading);
}

function take(turn: Turn, step: WaitingStep, reading: Reading): void {
  switch (reading.kind) {
    case "value":
      return answered(turn, step, reading.value, reading.option);
    case "asking":
      if (reading.asking === undefined) delete turn.session.asking;
      else turn.session.asking = reading.asking;
      return showQuestion(turn, step);
    case "not-possible":
      delete turn.session.asking;
      turn.parts.push(...reading.parts);
      return missed(turn, step);
    case "other":
      return missed(turn, step);
  }
}

/** A text that is no answer may be a question: it is looked up, and the waiting question is shown again. */
function notAnAnswer(turn: Turn, step: WaitingStep, said: Said): void {
  const looked = lookUp(turn, said.raw);
  if (looked === "suggested") return;
  if (looked === "answered") {
    if (!isAtRest(turn)) showQuestion(turn, step);
    return;
  }
  turn.parts.push(own(isAtRest(turn) ? "faq.none" : "not-understood"));
  missed(turn, step);
}

function missed(turn: Turn, step: WaitingStep): void {
  turn.session.misses += 1;
  if (!isAtRest(turn)) turn.parts.push(step.help ?? own(`help.${step.answer.kind}`));
  if (turn.session.misses >= patience) {
    turn.parts.push(own("offer-person"));
    if (!step.nav.some(({ id }) => id === "c:person")) turn.buttons.push(commandButton("person"));
  }
  showQuestion(turn, step);
}

function answered(turn: Turn, step: WaitingStep, value: Value, option: string): void {
  const { session } = turn;
  remember(turn, step, value, option);
  session.answers = { ...session.answers, [step.place]: value };
  session.misses = 0;
  delete session.asking;
  if (step.keep === "language" && typeof value === "string") {
    session.language = value;
    session.met = true;
  }
  if (step.keep === "time-zone" && typeof value === "string" && !isUnsure(value)) session.timeZone = value;
  const next = typeof step.next === "string" ? step.next : byOption(step.next, option);
  if (next !== undefined) goOn(turn, `${step.inFlow}:${next}`);
  else showQuestion(turn, step);
}

/** What a question's table says for an option: its own line, the one for both no-answers, or the rest. */
function byOption(table: Readonly<Record<string, string>>, option: string): string | undefined {
  return table[option] ?? (isUnsure(option) ? table["unsure"] : undefined) ?? table["otherwise"];
}

function remember(turn: Turn, step: WaitingStep, value: Value, option: string): void {
  const { session } = turn;
  const adds = step.adds === undefined ? undefined : byOption(step.adds, option);
  const added = adds !== undefined && gather(turn, step.inFlow, adds) ? [`${step.inFlow}:${adds}`] : [];
  const below = session.frames.slice(0, -1);
  const was = session.answers[step.place];
  const entry: TrailEntry = {
    ...(sameAsLast(turn, below) ? {} : { below }),
    place: step.place,
    ...(was === undefined || was === value ? {} : { was }),
    ...(added.length === 0 ? {} : { gathered: added }),
  };
  session.trail = trimmed([...session.trail, entry]);
}

function sameAsLast(turn: Turn, below: readonly string[]): boolean {
  const last = framesOf(turn.session.trail, turn.session.trail.length - 1);
  return last !== undefined && last.length === below.length && last.every((frame, at) => frame === below[at]);
}

/** The frames below an entry: its own, or those of the nearest entry before it that has some. */
function framesOf(trail: readonly TrailEntry[], at: number): readonly string[] | undefined {
  return trail.slice(0, at + 1).findLast(({ below }) => below !== undefined)?.below;
}

function trimmed(trail: readonly TrailEntry[]): readonly TrailEntry[] {
  if (trail.length <= trailLength) return trail;
  const [first, ...rest] = trail.slice(-trailLength);
  if (first === undefined) return rest;
  return [{ ...first, below: framesOf(trail, trail.length - trailLength) ?? [] }, ...rest];
}

/** Goes back to the last answered question and takes its answer back. Gives whether there was one. */
export function goBack(turn: Turn): boolean {
  const { session } = turn;
  const entry = session.trail.at(-1);
  if (entry === undefined || !turn.program.steps.has(entry.place)) return false;
  const below = framesOf(session.trail, session.trail.length - 1) ?? [];
  const { [entry.place]: _, ...answers } = session.answers;
  session.answers = entry.was === undefined ? answers : { ...answers, [entry.place]: entry.was };
  session.gathered = session.gathered.filter((key) => entry.gathered?.includes(key) !== true);
  session.trail = session.trail.slice(0, -1);
  session.frames = [...below, entry.place];
  goOn(turn, entry.place);
  return true;
}
