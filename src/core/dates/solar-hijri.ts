import { day } from "../nouns/time.ts";
import type { CivilDate, DateParts } from "./civil-date.ts";
import { civilDate, epochDay, fromEpochDay } from "./civil-date.ts";

/** The calendar's authority is ICU: Afghanistan and Iran begin the year at the same equinox. */
const newFormatter = () =>
  new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", {
    calendar: "persian",
    numberingSystem: "latn",
    timeZone: "UTC",
    year: "numeric",
    month: "numeric",
    day: "numeric",
  });
/** Made when it is first needed: that takes as long as loading thirty modules. */
let formatter: Intl.DateTimeFormat | undefined;

/** Where ICU's leap years and the guess below are known to hold; 1821 to 2221 of the common era. */
const firstYear = 1200;
const lastYear = 1600;

/** The date's year, month (1 is Hamal) and day in the Solar Hijri calendar (hijri-shamsi). */
export function toSolarHijri(date: CivilDate): DateParts {
  formatter ??= newFormatter();
  const [month = 0, dayOfMonth = 0, year = 0] = (
    formatter.format(epochDay(date) * day).match(/-?\d+/g) ?? []
  ).map(Number);
  return { year, month, day: dayOfMonth };
}

/**
 * The civil date of a Solar Hijri year (1200 to 1600), month (1-12) and day; undefined where no such day exists:
 * months 1-6 have 31 days, 7-11 have 30, and the twelfth (Hut) has 30 in leap years only.
 */
export function fromSolarHijri(year: number, month: number, dayOfMonth: number): CivilDate | undefined {
  const wanted = { year, month, day: dayOfMonth };
  if (!Object.values(wanted).every(Number.isInteger)) return undefined;
  if (year < firstYear || year > lastYear || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31)
    return undefined;
  // The year begins on 20, 21 or 22 March.
  const newYear = civilDate(year + 621, 3, 21);
  if (newYear === undefined) return undefined;
  const guess = epochDay(newYear) + (month - 1) * 30 + Math.min(month - 1, 6) + dayOfMonth - 1;
  return [0, -1, 1]
    .map((shift) => fromEpochDay(guess + shift))
    .find((date) => isThatDay(toSolarHijri(date), wanted));
}

function isThatDay(a: DateParts, b: DateParts): boolean {
  return a.year === b.year && a.month === b.month && a.day === b.day;
}
