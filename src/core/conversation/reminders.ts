import { isCivilDate } from "../dates/civil-date.ts";
import { civilDateIn, instantOf } from "../dates/zone.ts";
import type { Param } from "../nouns/say.ts";
import type { Ms } from "../nouns/time.ts";
import { nextNudgeAt } from "../schedule/nudges.ts";
import type { Reminder } from "./session.ts";
import { emit, type Turn } from "./turn.ts";

/** The name under which a reminder's next nudge is scheduled. */
export function reminderRef(number: number): string {
  return `r${number}`;
}

/** Whose date it is, in the person's word; a word of ours where none was given. */
export function labelOf({ label }: Reminder): Param {
  return label === "" ? { kind: "words", key: "conversation:reminder.own" } : label;
}

/** What kind of date it is, in a few words. */
export function titleOf({ kind }: Reminder): Param {
  return { kind: "words", key: `reminders/${kind}:title` };
}

/** Those whose kind the content still has: the others have no words, and are kept for when it comes back. */
export function knownReminders({ program, session }: Turn): readonly Reminder[] {
  return session.reminders.filter(({ kind }) => program.reminders.has(kind));
}

/** Adds or replaces a reminder and schedules its next nudge. Whoever asks for one wants to hear from us again. */
export function keepReminder(turn: Turn, reminder: Reminder): void {
  wantsToHear(turn);
  scheduleNudge(turn, reminder);
}

/** Schedules the next nudge of a reminder, or takes the schedule away when none is left. */
export function scheduleNudge(turn: Turn, reminder: Reminder): void {
  const kind = turn.program.reminders.get(reminder.kind);
  scheduleAt(
    turn,
    reminder,
    kind === undefined ? undefined : nextNudgeAt(kind, reminder.date, zoneOf(turn), turn.now),
  );
}

/** Schedules a nudge of a reminder for a time, and writes the day down; undefined takes the schedule away. */
export function scheduleAt(turn: Turn, reminder: Reminder, at: Ms | undefined): void {
  const { session } = turn;
  const { next: _, ...rest } = reminder;
  const kept = at === undefined ? rest : { ...rest, next: civilDateIn(zoneOf(turn), at) };
  const others = session.reminders.filter(({ number }) => number !== reminder.number);
  session.reminders = [...others, kept].sort((a, b) => a.number - b.number);
  const ref = reminderRef(reminder.number);
  emit(turn, at === undefined ? { kind: "unschedule", ref } : { kind: "schedule", ref, at });
}

/**
 * The person is in this time zone (IANA) from now on: each nudge that is planned comes on the day it was planned for, by the
 * clocks there; at once where that hour has passed there.
 */
export function moveTo(turn: Turn, zone: string): void {
  const { session, program } = turn;
  if (session.timeZone === zone) return;
  session.timeZone = zone;
  turn.today = undefined;
  for (const { number, kind, next } of session.reminders) {
    const hours = program.reminders.get(kind)?.hours;
    if (hours === undefined || !isCivilDate(next)) continue;
    const at = Math.max(turn.now, instantOf(next, hours[0] * 60, zone));
    emit(turn, { kind: "schedule", ref: reminderRef(number), at });
  }
}

/** The person's time zone; UTC until they said it. */
export function zoneOf({ session }: Turn): string {
  return session.timeZone ?? "UTC";
}

/** Forgets a reminder and its schedule. */
export function dropReminder(turn: Turn, number: number): void {
  turn.session.reminders = turn.session.reminders.filter((reminder) => reminder.number !== number);
  emit(turn, { kind: "unschedule", ref: reminderRef(number) });
}

/** Takes an earlier "stop" back. */
export function wantsToHear(turn: Turn): void {
  if (!turn.session.stopped) return;
  turn.session.stopped = false;
  emit(turn, { kind: "resume" });
}
