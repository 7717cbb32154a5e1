import { placeNear } from "../flow/program.ts";
import { day, hour, type Ms } from "../nouns/time.ts";
import { goOn, reset } from "./go.ts";
import { count, emit, isAtRest, type Turn, waitingStep } from "./turn.ts";

/** How long an unanswered conversation, and the answers in it, are kept unless its step says otherwise. */
const defaultWait: Ms = 30 * day;

/** The wait for an answer is scheduled anew only when it moved by more than this, so that most turns leave it alone. */
const slack: Ms = day;

/**
 * Sees to it that a waiting question does not wait for ever, nor answers stay for ever: of whoever said "stop" too. Only what
 * the person does moves the end of a wait: a reminder that comes every two weeks would keep the answers for ever.
 */
export function setWait(turn: Turn): void {
  const { session } = turn;
  const step = isAtRest(turn) && session.answers.length === 0 ? undefined : waitingStep(turn);
  if (step === undefined) {
    if (session.waitUntil === null) return;
    session.waitUntil = null;
    emit(turn, { kind: "unschedule", ref: "wait" });
    return;
  }
  if (turn.lane !== "reply" && session.waitUntil !== null) return;
  const until =
    Math.ceil((turn.now + (step.wait === undefined ? defaultWait : step.wait.days * day)) / hour) * hour;
  const { waitUntil } = session;
  if (waitUntil !== null && waitUntil <= until && until - waitUntil < slack) return;
  session.waitUntil = until;
  emit(turn, { kind: "schedule", ref: "wait", at: until });
}

/** Nobody answered: goes where the step says, else (and with whoever wants no messages) rests and forgets the answers. */
export function onWaitOver(turn: Turn): void {
  const { session } = turn;
  if (session.waitUntil === null || session.waitUntil > turn.now) return;
  session.waitUntil = null;
  const step = waitingStep(turn);
  count(turn, "wait-over");
  if (!session.stopped && step?.wait?.next !== undefined) return goOn(turn, placeNear(step, step.wait.next));
  reset(turn);
}
