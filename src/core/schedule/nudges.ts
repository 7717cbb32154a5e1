import { addDays, type CivilDate, isCivilDate } from "../dates/civil-date.ts";
import { civilDateIn, instantOf, minuteOfDayIn } from "../dates/zone.ts";
import type { ReminderKind } from "../flow/program.ts";
import { day, type Ms } from "../nouns/time.ts";

/** How many days after its last day a nudge is still worth saying. */
const lateDays = 2;
/** How long a nudge waits at most for a person whom it can't reach. */
const longestKept: Ms = 30 * day;

/** What to do with a nudge whose moment has come. `missed`: rungs that passed unsaid since. */
export type NudgeDecision =
  | {
      readonly kind: "say";
      /** The last moment at which it is still decent to say it. */
      readonly until: Ms;
      readonly missed: number;
    }
  | { readonly kind: "later"; readonly at: Ms }
  | { readonly kind: "too-late"; readonly missed: number };

/**
 * When the next nudge of a reminder falls due: strictly after `after`, at the first decent hour in the person's
 * zone of the next rung of the ladder (or the next recurrence). Undefined when no rung is left.
 */
export function nextNudgeAt(kind: ReminderKind, date: string, zone: string, after: Ms): Ms | undefined {
  if (!isCivilDate(date)) return undefined;
  const from = civilDateIn(zone, after);
  for (const day of rungsFrom(kind, date, from)) {
    const at = instantOf(day, kind.hours[0] * 60, zone);
    if (at > after) return at;
  }
  return undefined;
}

/** The days of the coming rungs, from a day on, in order (at most enough to find the next). */
function rungsFrom(kind: ReminderKind, date: CivilDate, from: CivilDate): readonly CivilDate[] {
  if (kind.every === undefined) return rungs(kind, date).filter((day) => day >= from);
  const { days } = kind.every;
  let next = addDays(date, days);
  while (next < from) next = addDays(next, days);
  return [next, addDays(next, days)];
}

function rungs(kind: ReminderKind, date: CivilDate): readonly CivilDate[] {
  return [...(kind.ladder ?? [])].sort((a, b) => b - a).map((days) => addDays(date, -days));
}

/**
 * Decides about a nudge that is due: outside the decent hours it waits for them; several missed rungs
 * collapse into one; long after the last rung, or the day it was put off to, it is not said any more.
 * `planned`: the day it was to be said, where that was written down.
 */
export function nudgeAt(
  kind: ReminderKind,
  date: CivilDate,
  planned: CivilDate | undefined,
  zone: string,
  now: Ms,
): NudgeDecision {
  const [first, last] = kind.hours;
  const today = civilDateIn(zone, now);
  const minuteNow = minuteOfDayIn(zone, now);
  if (minuteNow < first * 60) return { kind: "later", at: instantOf(today, first * 60, zone) };
  if (minuteNow >= last * 60) return { kind: "later", at: instantOf(addDays(today, 1), first * 60, zone) };
  const until = instantOf(today, last * 60, zone) - 1;
  if (kind.every !== undefined) return { kind: "say", until, missed: 0 };
  const all = rungs(kind, date);
  // One of those that passed is told now, or told to be too late.
  const missed = Math.max(0, all.filter((day) => day <= today && day >= (planned ?? today)).length - 1);
  const lastDay = [...all, ...(planned === undefined ? [] : [planned])].sort().at(-1);
  return lastDay !== undefined && today > addDays(lastDay, lateDays)
    ? { kind: "too-late", missed }
    : { kind: "say", until, missed };
}

/**
 * Until when a nudge that is said now is kept for a person who has to write first: the next of the same reminder takes its
 * place, so that several of them don't come together.
 */
export function nudgeKeptUntil(kind: ReminderKind, date: string, zone: string, now: Ms): Ms {
  const next = nextNudgeAt(kind, date, zone, now);
  return Math.min(now + longestKept, next === undefined ? Number.POSITIVE_INFINITY : next - 1);
}

/** When a nudge that is put off now is said again: after its days of rest, or when the next falls due, if that is earlier. */
export function snoozedUntil(kind: ReminderKind, date: string, zone: string, now: Ms): Ms {
  const rested = instantOf(addDays(civilDateIn(zone, now), kind.snooze.days), kind.hours[0] * 60, zone);
  return Math.min(rested, nextNudgeAt(kind, date, zone, now) ?? rested);
}
