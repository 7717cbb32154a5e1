import { nextNudgeAt } from "../schedule/nudges.ts";
import type { Reminder } from "./session.ts";
import type { Turn } from "./turn.ts";

/** The name under which a reminder's next nudge is scheduled. */
export function reminderRef(number: number): string {
  return `r${number}`;
}

/** Adds or replaces a reminder and schedules its next nudge. Whoever asks for one wants to hear from us again. */
export function keepReminder(turn: Turn, reminder: Reminder): void {
  const { session } = turn;
  const others = session.reminders.filter(({ number }) => number !== reminder.number);
  session.reminders = [...others, reminder].sort((a, b) => a.number - b.number);
  wantsToHear(turn);
  scheduleNudge(turn, reminder);
}

/** Schedules the next nudge of a reminder, or takes the schedule away when none is left. */
export function scheduleNudge(turn: Turn, reminder: Reminder): void {
  const kind = turn.program.reminders.get(reminder.kind);
  const at =
    kind === undefined
      ? undefined
      : nextNudgeAt(kind, reminder.date, turn.session.timeZone ?? "UTC", turn.now);
  const ref = reminderRef(reminder.number);
  turn.effects.push(at === undefined ? { kind: "unschedule", ref } : { kind: "schedule", ref, at });
}

/** Forgets a reminder and its schedule. */
export function dropReminder(turn: Turn, number: number): void {
  turn.session.reminders = turn.session.reminders.filter((reminder) => reminder.number !== number);
  turn.effects.push({ kind: "unschedule", ref: reminderRef(number) });
}

/** Takes an earlier "stop" back. */
export function wantsToHear(turn: Turn): void {
  if (!turn.session.stopped) return;
  turn.session.stopped = false;
  turn.effects.push({ kind: "resume" });
}
