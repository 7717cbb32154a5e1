import { type Place, placeNear, type StepFrame } from "../flow/program.ts";
import type { FlowId } from "../nouns/ids.ts";
import { isAbove, isAsked, withoutAbove, withoutFlow, withoutVisit } from "./answers-so-far.ts";
import { clearFlow, type Given, give, givenTo, rewind } from "./given.ts";
import { showQuestion } from "./prompt.ts";
import { forgetAtMenu } from "./rest.ts";
import { keepResults } from "./steps/call.ts";
import { endRound } from "./steps/repeat.ts";
import { runStep } from "./steps/run-step.ts";
import type { Move } from "./steps/step-runner.ts";
import { commandButton, count, isAtRest, own, sendOff, type Turn, tell, waitingStep } from "./turn.ts";

/** Steps that one turn may take without waiting. Content that passes the checks needs far fewer. */
const stepBudget = 200;

/** Goes from a step of the running flow until something has to be waited for. */
export function goOn(turn: Turn, from: Place): void {
  let place: Place | undefined = from;
  for (let taken = 0; taken < stepBudget && place !== undefined; taken++) {
    const step = turn.program.steps.get(place);
    if (step === undefined) return leave(turn);
    turn.session.frames = movedTo(turn.session.frames, step);
    turn.watch?.(step);
    place = follow(turn, step, runStep(step, turn));
  }
  if (place !== undefined) {
    count(turn, "step-budget");
    leave(turn);
  }
}

/** The frames with the last of them at this step. Mostly there is only one. */
function movedTo(frames: readonly Place[], { place, alone }: StepFrame): readonly Place[] {
  return frames.length <= 1 ? alone : frames.with(-1, place);
}

/** Carries out a move; gives the place to go on from, or undefined when the turn rests. */
function follow(turn: Turn, step: StepFrame, move: Move): Place | undefined {
  switch (move.kind) {
    case "wait":
      return undefined;
    case "go":
      return placeNear(step, move.step);
    case "call":
      return enter(
        turn,
        move.flow,
        move.back === undefined ? turn.session.frames.slice(0, -1) : turn.session.frames,
        move,
      );
    case "return":
      return comeBack(turn);
    case "menu":
      return openRoot(turn, "menu");
    case "gone":
      wipe(turn);
      return undefined;
  }
}

/** What a flow is told when it is entered, and whether its earlier rounds stay. */
type Entering = { readonly given: Given; readonly again?: boolean };

/**
 * Enters a flow on top of the given frames, with nothing left of its last run. Where it is already running there, it
 * begins anew in its own place, with what its caller gave it: so going round through calls and visits never piles up.
 */
function enter(
  turn: Turn,
  flow: FlowId,
  below: readonly Place[],
  { given, again = false }: Entering,
): Place | undefined {
  const { session } = turn;
  const start = turn.program.flows.get(flow)?.start;
  if (start === undefined) return undefined;
  const own = `${flow}:`;
  const running = below.findIndex((frame) => frame.startsWith(own));
  const before = running < 0 ? {} : givenTo(turn, flow);
  if (running >= 0) {
    rewind(turn, flow);
    session.answers = withoutAbove(session.answers, below.slice(0, running + 1));
  } else if (!again) clearFlow(turn, flow, below);
  give(turn, flow, { ...before, ...given });
  const place = `${flow}:${start}`;
  session.frames = [...(running < 0 ? below : below.slice(0, running)), place];
  return place;
}

/** The running flow is over: goes on after the call, or shows again the question that it was put on top of. */
function comeBack(turn: Turn): Place | undefined {
  const ended = turn.session.frames.at(-1)?.split(":")[0] ?? "";
  turn.session.frames = turn.session.frames.slice(0, -1);
  const place = turn.session.frames.at(-1);
  const step = place === undefined ? undefined : turn.program.steps.get(place);
  if (step?.kind === "call" && step.next !== undefined) {
    keepResults(step, turn);
    return placeNear(step, step.next);
  }
  if (step?.kind === "repeat") return follow(turn, step, endRound(step, turn));
  if (step?.kind === "ask") {
    // What was only visited leaves no answers behind, and "back" does not lead into it.
    turn.session.answers = withoutVisit(withoutFlow(turn.session.answers, ended), turn.session.frames);
    forgetAtMenu(turn, step);
    showQuestion(turn, step);
  } else if (place === undefined) {
    reset(turn);
    sendOff(turn, [], [commandButton("menu")]);
  } else if (step === undefined || step.kind === "call") return comeBack(turn);
  // What called is no caller any more, after a publish: it is gone on from.
  else return place;
  return undefined;
}

/** Forgets where the conversation was and what was answered; what was kept with the person stays. */
export function reset(turn: Turn): void {
  const { session } = turn;
  session.frames = [];
  session.answers = [];
  session.gathered = [];
  session.misses = 0;
  session.asking = null;
}

/** Leaves nothing of the person in the session, nor anything to be said after their receipt. */
function wipe(turn: Turn): void {
  const { session } = turn;
  reset(turn);
  session.met = false;
  session.stopped = false;
  session.reminders = [];
  session.nextReminder = 1;
  session.subscriptions = [];
  session.offered = [];
  session.timeZone = null;
  session.waitUntil = null;
  turn.parts = [];
  turn.buttons = [];
}

function openRoot(turn: Turn, flow: FlowId): Place | undefined {
  reset(turn);
  return enter(turn, flow, [], { given: {} });
}

/** Leaves every flow and opens this one. */
export function openFlow(turn: Turn, flow: FlowId): void {
  const place = openRoot(turn, flow);
  if (place !== undefined) goOn(turn, place);
}

/** Leaves every flow for the menu, or for the welcome where we have not met yet; gives where that begins, without going there. */
export function enterHome(turn: Turn): Place | undefined {
  return openRoot(turn, turn.session.met ? "menu" : "onboarding");
}

/** Opens the menu; for someone we have not met yet, the welcome. */
export function openHome(turn: Turn): void {
  const place = enterHome(turn);
  if (place !== undefined) goOn(turn, place);
}

/** Puts a flow on top of where the conversation is, with some of its answers given; when it ends, the waiting question is shown again. */
export function visitFlow(turn: Turn, flow: FlowId, preset: Given = {}): void {
  const { session } = turn;
  const place = enter(turn, flow, session.frames, { given: preset });
  session.asking = null;
  if (place !== undefined) goOn(turn, place);
}

/**
 * Leaves what was put on top of a waiting question, unless one of its own questions was answered already. Gives
 * whether it did.
 */
export function leaveVisit(turn: Turn): boolean {
  const { session, program } = turn;
  const at = session.frames.findLastIndex(
    (frame, index) => index < session.frames.length - 1 && program.steps.get(frame)?.kind === "ask",
  );
  const frames = session.frames.slice(0, at + 1);
  const answered = session.answers.findLast(isAsked);
  if (at < 0 || isAbove(answered?.below ?? [], frames)) return false;
  session.frames = frames;
  session.misses = 0;
  showWaiting(turn);
  return true;
}

/** Shows again what waits for an answer; the menu when nothing does. */
export function showWaiting(turn: Turn): void {
  if (turn.moved) tell(turn, own("questions-changed"));
  turn.moved = false;
  const step = waitingStep(turn);
  if (step !== undefined) return showQuestion(turn, step);
  // After a publish the place may be a step that asks nothing: the conversation goes on from it.
  const place = turn.session.frames.at(-1);
  if (place === undefined || isAtRest(turn) || !turn.program.steps.has(place)) openHome(turn);
  else goOn(turn, place);
}

/** Sends off what was said; shows the waiting question again when leaving it unsaid would lose the thread. */
export function resume(turn: Turn): void {
  if (!turn.session.met && turn.session.frames.length === 0) openHome(turn);
  else if (isAtRest(turn)) sendOff(turn, [], [commandButton("menu")]);
  else showWaiting(turn);
}

/** The place is no longer there: rest, and offer the menu. */
function leave(turn: Turn): void {
  reset(turn);
  tell(turn, { style: "text", words: { key: "conversation:moved-on" } });
  sendOff(turn, [], [commandButton("menu")]);
}
