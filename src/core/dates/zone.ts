import type { Ms } from "../nouns/time.ts";
import { day, hour, minute, second } from "../nouns/time.ts";
import type { CivilDate } from "./civil-date.ts";
import { epochDay, epochDayOf, fromEpochDay } from "./civil-date.ts";

/** IANA knows about 600 names; the limit only keeps spellings in odd capitals from filling the memory. */
const mostFormatters = 1_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    calendar: "gregory",
    numberingSystem: "latn",
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (formatters.size < mostFormatters) formatters.set(zone, made);
  return made;
}

/** What the clocks of the zone show, as if it were UTC. `format` and one match take a fifth of the time of `formatToParts`. */
function wallAt(zone: string, atMs: Ms): Ms {
  const [month = 0, dayOfMonth = 0, year = 0, h = 0, m = 0, s = 0] = (
    formatterFor(zone).format(atMs).match(/\d+/g) ?? []
  ).map(Number);
  return epochDayOf({ year, month, day: dayOfMonth }) * day + h * hour + m * minute + s * second;
}

function offsetAt(zone: string, atMs: Ms): Ms {
  return wallAt(zone, atMs) - Math.floor(atMs / second) * second;
}

/**
 * Whether the name is a time zone's (`Asia/Kabul`, `UTC`). Bare offsets such as `+04:30` are refused although Intl takes
 * them: they know no daylight saving time, so that a nudge would come an hour off for half the year.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatterFor(name);
    return true;
  } catch {
    return false;
  }
}

/** The date on the zone's calendars at that instant (ms since the epoch, in the years 1 to 9999). RangeError for an unknown zone. */
export function civilDateIn(zone: string, atMs: Ms): CivilDate {
  return fromEpochDay(Math.floor(wallAt(zone, atMs) / day));
}

/** Minutes since 00:00 on the zone's clocks at that instant (ms): 0 to 1439. RangeError for an unknown zone. */
export function minuteOfDayIn(zone: string, atMs: Ms): number {
  const wall = wallAt(zone, atMs);
  return Math.floor((wall - Math.floor(wall / day) * day) / minute);
}

/** The first whole second in (before, after] at which the zone's clocks have left the offset that held at `before`. */
function transition(zone: string, before: Ms, after: Ms): Ms {
  const old = offsetAt(zone, before);
  let low = Math.floor(before / second);
  let high = Math.ceil(after / second);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * second) === old) low = middle;
    else high = middle;
  }
  return high * second;
}

/**
 * The instant (ms since the epoch) at which the zone's clocks show that date and minute of the day (0 to 1439; more
 * counts on into the next days). Where clocks are put forward over it, the first instant after the gap; where they show
 * it twice, the earlier one. RangeError for an unknown zone.
 */
export function instantOf(date: CivilDate, minuteOfDay: number, zone: string): Ms {
  const wall = epochDay(date) * day + minuteOfDay * minute;
  // No place is a day from UTC, so these two lie before and after every instant that can show this wall time.
  const before = offsetAt(zone, wall - day);
  const after = offsetAt(zone, wall + day);
  const earlier = wall - Math.max(before, after);
  if (before === after) return earlier;
  if (offsetAt(zone, earlier) === Math.max(before, after)) return earlier;
  const later = wall - Math.min(before, after);
  if (offsetAt(zone, later) === Math.min(before, after)) return later;
  return transition(zone, earlier, later);
}
