import { daysBetween, isCivilDate } from "../dates/civil-date.ts";
import { civilDateIn } from "../dates/zone.ts";
import type { Program } from "../flow/program.ts";
import type { Say, SayButton } from "../nouns/say.ts";
import type { Ms } from "../nouns/time.ts";
import { nextNudgeAt, nudgeAt, nudgeKeptUntil, snoozedUntil } from "../schedule/nudges.ts";
import { resume, visitFlow } from "./go.ts";
import { dropReminder, labelOf, reminderRef, scheduleAt, scheduleNudge, zoneOf } from "./reminders.ts";
import type { Reminder, Session } from "./session.ts";
import { count, emit, isAtRest, offer, own, type Turn, tell } from "./turn.ts";

/** A reminder's moment has come: says the one nudge that fits today, and schedules the next. */
export function onNudgeDue(turn: Turn, number: number): void {
  const reminder = turn.session.reminders.find((one) => one.number === number);
  const kind = reminder === undefined ? undefined : turn.program.reminders.get(reminder.kind);
  if (reminder === undefined || kind === undefined || !isCivilDate(reminder.date))
    return count(turn, "nudge-dropped gone");
  const planned = isCivilDate(reminder.next) ? reminder.next : undefined;
  const decision = nudgeAt(kind, reminder.date, planned, zoneOf(turn), turn.now);
  if (decision.kind === "later") {
    count(turn, "nudge-postponed quiet-hours");
    // What it was planned for stays written down: it tells how much was missed.
    emit(turn, { kind: "schedule", ref: reminderRef(number), at: decision.at });
    return;
  }
  for (let missed = 0; missed < decision.missed; missed++) count(turn, "nudge-dropped collapsed");
  if (decision.kind === "too-late") count(turn, "nudge-dropped too-late");
  else say(turn, reminder, decision.until);
  scheduleNudge(turn, reminder);
}

function say(turn: Turn, reminder: Reminder, notAfter: Ms): void {
  const { program, now } = turn;
  const said = nudgeSay(program, reminder, zoneOf(turn), now);
  emit(turn, { kind: "say", say: { ...said, notAfter } });
  // Where there is nothing to tap, it is a numbered list, and the last one that the person saw: a number that comes now is meant
  // for it. The question that was open is shown again after what that does, under its own numbers; the other way round a "1"
  // would be an answer that nobody gave, and nobody be told of it. See `buttonByNumber` for numbers that are themselves answers.
  turn.session.offered = said.buttons.map(({ id }) => id);
}

/**
 * The nudge of a reminder as it is to be said at a later time (ms), after it had to wait: of its date as it stands now, with
 * the days that are left then. Undefined where the reminder is no longer there.
 */
export function nudgeAgain(program: Program, session: Session, number: number, now: Ms): Say | undefined {
  const reminder = session.reminders.find((one) => one.number === number);
  if (reminder === undefined || !program.reminders.has(reminder.kind)) return undefined;
  return nudgeSay(program, reminder, session.timeZone ?? "UTC", now);
}

function nudgeSay(program: Program, reminder: Reminder, zone: string, now: Ms): Say {
  const kind = program.reminders.get(reminder.kind);
  const today = civilDateIn(zone, now);
  const days = isCivilDate(reminder.date) ? daysBetween(today, reminder.date) : 0;
  const when = kind?.every !== undefined ? "again" : days > 0 ? "before" : days === 0 ? "today" : "after";
  const params = {
    count: Math.abs(days),
    date: { kind: "date", date: reminder.date },
    label: labelOf(reminder),
  } as const;
  const words = kind?.words ?? reminder.kind;
  const keptUntil = kind === undefined ? now : nudgeKeptUntil(kind, reminder.date, zone, now);
  return {
    parts: [{ style: "text", words: { key: `reminders/${words}:${when}`, params } }],
    buttons: nudgeButtons(program, reminder),
    nav: [],
    lane: "nudge",
    nudge: { reminder: reminder.number, keptUntil },
  };
}

function nudgeButtons(program: Program, reminder: Reminder): readonly SayButton[] {
  const change = program.reminders.get(reminder.kind)?.change;
  const actions = ["done", "later", ...(change === undefined ? [] : ["change"]), "stop", "what"];
  return actions.map((action) => ({
    id: `r:${reminder.number}:${action}`,
    words: { key: `conversation:nudge.${action}` },
  }));
}

/** A button of a nudge was tapped; false when that reminder is no longer there. */
export function tapNudge(turn: Turn, rest: string): boolean {
  const [number, action = ""] = rest.split(":");
  const reminder = turn.session.reminders.find((one) => String(one.number) === number);
  const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (reminder === undefined || act === undefined) return false;
  act(turn, reminder);
  return true;
}

/** Schedules the next nudge and says on which day it will come. */
function promise(turn: Turn, reminder: Reminder, at: Ms): void {
  scheduleAt(turn, reminder, at);
  tell(turn, own("nudge.later-said", { date: { kind: "date", date: civilDateIn(zoneOf(turn), at) } }));
  resume(turn);
}

const actions: Readonly<Record<string, (turn: Turn, reminder: Reminder) => void>> = {
  done: (turn, reminder) => {
    const kind = turn.program.reminders.get(reminder.kind);
    const again =
      kind?.every === undefined ? undefined : nextNudgeAt(kind, reminder.date, zoneOf(turn), turn.now);
    if (again === undefined) {
      dropReminder(turn, reminder.number);
      tell(turn, own("nudge.done-said"));
      return resume(turn);
    }
    promise(turn, reminder, again);
  },
  later: (turn, reminder) => {
    const kind = turn.program.reminders.get(reminder.kind);
    if (kind === undefined) return resume(turn);
    promise(turn, reminder, snoozedUntil(kind, reminder.date, zoneOf(turn), turn.now));
  },
  change: (turn, reminder) => {
    const flow = turn.program.reminders.get(reminder.kind)?.change;
    if (flow === undefined) return resume(turn);
    visitFlow(turn, flow, { which: String(reminder.number) });
  },
  what: (turn, reminder) => {
    tell(turn, { style: "text", words: { key: `reminders/${reminder.kind}:about` } });
    if (isAtRest(turn)) offer(turn, ...nudgeButtons(turn.program, reminder));
    resume(turn);
  },
  stop: (turn, reminder) => {
    dropReminder(turn, reminder.number);
    tell(turn, own("nudge.stopped-said"));
    resume(turn);
  },
};
