import type { CivilDate } from "../dates/civil-date.ts";
import { civilDateIn } from "../dates/zone.ts";
import type { Program, Step, StepOfKind } from "../flow/program.ts";
import type { Effect } from "../nouns/effect.ts";
import type { Lane } from "../nouns/message.ts";
import type { Params, SayButton, SayPart } from "../nouns/say.ts";
import type { Ms } from "../nouns/time.ts";
import type { Session } from "./session.ts";

/** A session being changed. It never leaves the turn: `advance` gives out a new value and leaves the old one alone. */
export type Draft = { -readonly [K in keyof Session]: Session[K] };

/** One call of `advance` at work: what it reads, the session it is changing, and what it wants done. */
export type Turn = {
  readonly program: Program;
  readonly now: Ms;
  readonly session: Draft;
  effects: readonly Effect[];
  /** Said so far and not yet sent off: successive `say` steps and the question after them make one message. */
  parts: readonly SayPart[];
  /** Buttons that go with what was said so far, before the ways out. */
  buttons: readonly SayButton[];
  /** Which queue what is said goes to. */
  lane: Lane;
  /** The waiting question was put in this turn. */
  asked: boolean;
  /** Today in the person's time zone, once someone asked. */
  today: CivilDate | undefined;
  /** The question that waited is no more: before another takes its place, the person is told that the questions have changed. */
  moved: boolean;
  /** Is told of each step before it is run; only those who look over the engine's shoulder (the checks) set it. */
  watch: ((step: Step) => void) | undefined;
};

export type WaitingStep = StepOfKind<"ask">;

const nothing: readonly never[] = [];

/** Begins a turn on a copy of the session. */
export function beginTurn(program: Program, session: Session, now: Ms): Turn {
  return {
    program,
    now,
    session: draftOf(session),
    effects: nothing,
    parts: nothing,
    buttons: nothing,
    lane: "reply",
    asked: false,
    today: undefined,
    moved: false,
    watch: undefined,
  };
}

/** A copy to be changed, always of the same shape: fields written one by one are far faster than a spread of them. */
function draftOf(session: Session): Draft {
  return {
    v: session.v,
    language: session.language,
    met: session.met,
    turn: session.turn,
    content: session.content,
    timeZone: session.timeZone,
    frames: session.frames,
    asking: session.asking,
    answers: session.answers,
    gathered: session.gathered,
    offered: session.offered,
    misses: session.misses,
    reminders: session.reminders,
    nextReminder: session.nextReminder,
    subscriptions: session.subscriptions,
    waitUntil: session.waitUntil,
    stopped: session.stopped,
  };
}

/** Today's civil date where the person is (UTC until they said where). */
export function todayOf(turn: Turn): CivilDate {
  turn.today ??= civilDateIn(turn.session.timeZone ?? "UTC", turn.now);
  return turn.today;
}

/** The question that waits for an answer, if any. */
export function waitingStep(turn: Turn): WaitingStep | undefined {
  const place = turn.session.frames.at(-1);
  const step = place === undefined ? undefined : turn.program.steps.get(place);
  return step?.kind === "ask" ? step : undefined;
}

/** Whether the conversation rests at the main menu or nowhere: nothing is lost when it is left. */
export function isAtRest(turn: Turn): boolean {
  const { frames } = turn.session;
  return frames.length === 0 || (frames.length === 1 && frames[0]?.startsWith("menu:") === true);
}

/** A text part made of one of the engine's own sentences, `conversation:<key>`. */
export function own(key: string, params?: Params, style: SayPart["style"] = "text"): SayPart {
  return {
    style,
    words: params === undefined ? { key: `conversation:${key}` } : { key: `conversation:${key}`, params },
  };
}

/** A button that carries a command, labelled with the command's own name. */
export function commandButton(command: string): SayButton {
  return { id: `c:${command}`, words: { key: `commands:${command}.label` } };
}

/** Sends off what was said so far as one message; nothing when there is nothing to say. */
export function sendOff(turn: Turn, buttons: readonly SayButton[], nav: readonly SayButton[]): void {
  const all = withOffers(turn, buttons);
  if (turn.parts.length === 0 && all.length === 0) return;
  emit(turn, { kind: "say", say: { parts: turn.parts, buttons: all, nav, lane: turn.lane } });
  sentOff(turn, offeredIds(all, nav));
}

/**
 * Sends off the waiting question with what was said before it. `offered`: the ids of the buttons and ways out, where they
 * are known beforehand.
 */
export function sendQuestion(
  turn: Turn,
  buttons: readonly SayButton[],
  nav: readonly SayButton[],
  offered?: readonly string[],
): void {
  const all = withOffers(turn, buttons);
  emit(turn, {
    kind: "say",
    say: { parts: turn.parts, buttons: all, nav, lane: turn.lane, question: "put" },
  });
  turn.asked = true;
  sentOff(turn, offered !== undefined && all === buttons ? offered : offeredIds(all, nav));
}

function withOffers(turn: Turn, buttons: readonly SayButton[]): readonly SayButton[] {
  return turn.buttons.length === 0 ? buttons : [...buttons, ...turn.buttons];
}

function sentOff(turn: Turn, offered: readonly string[]): void {
  turn.session.offered = offered;
  turn.parts = nothing;
  turn.buttons = nothing;
}

function offeredIds(buttons: readonly SayButton[], nav: readonly SayButton[]): readonly string[] {
  const ids: string[] = [];
  for (const button of buttons) ids.push(button.id);
  for (const button of nav) ids.push(button.id);
  return ids;
}

/** Says these with whatever is said besides them. */
export function tell(turn: Turn, ...parts: readonly SayPart[]): void {
  tellAll(turn, parts);
}

/** As {@link tell}; the list is not changed afterwards. */
export function tellAll(turn: Turn, parts: readonly SayPart[]): void {
  turn.parts = turn.parts.length === 0 ? parts : [...turn.parts, ...parts];
}

/** Puts buttons under whatever is said. */
export function offer(turn: Turn, ...buttons: readonly SayButton[]): void {
  turn.buttons = [...turn.buttons, ...buttons];
}

/** One more thing to be done. Most turns have one, for which a list of its own length is a fifth of what `push` sets aside. */
export function emit(turn: Turn, effect: Effect): void {
  turn.effects = turn.effects.length === 0 ? [effect] : [...turn.effects, effect];
}

/** Counts something without saying about whom. */
export function count(turn: Turn, name: string): void {
  emit(turn, { kind: "count", name });
}
