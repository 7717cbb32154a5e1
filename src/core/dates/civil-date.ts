/**
 * A day on the Gregorian calendar as `YYYY-MM-DD`, years 0001 to 9999, without time or zone: what is printed on a paper.
 * Compares in time order as a string.
 */
export type CivilDate = string & { readonly [brand]: "CivilDate" };
declare const brand: unique symbol;

/** Year, month (1-12) and day of the month (1-31) of some calendar. */
export type DateParts = { readonly year: number; readonly month: number; readonly day: number };

/** 0 is Sunday, 6 is Saturday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

const shape = /^\d{4}-\d{2}-\d{2}$/;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const lastYear = 9999;

/** Days of 400 Gregorian years, after which the calendar repeats. */
const daysPerEra = 146_097;
/** Days from 1 March of the year 0, from which the arithmetic counts, to 1 January 1970. */
const daysBefore1970 = 719_468;

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function monthLength(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] ?? 0);
}

function partsOf(text: string): DateParts {
  return { year: Number(text.slice(0, 4)), month: Number(text.slice(5, 7)), day: Number(text.slice(8, 10)) };
}

/** Whether the value is a day that exists, written `YYYY-MM-DD`. */
export function isCivilDate(value: unknown): value is CivilDate {
  if (typeof value !== "string" || !shape.test(value)) return false;
  const { year, month, day } = partsOf(value);
  return year >= 1 && day >= 1 && day <= monthLength(year, month);
}

/** The day of that Gregorian year, month (1-12) and day (1-31); undefined where no such day exists (years 1 to 9999). */
export function civilDate(year: number, month: number, day: number): CivilDate | undefined {
  const text = [
    String(year).padStart(4, "0"),
    String(month).padStart(2, "0"),
    String(day).padStart(2, "0"),
  ].join("-");
  return isCivilDate(text) ? text : undefined;
}

/** Gregorian year, month (1-12) and day (1-31) of the date. */
export function parts(date: CivilDate): DateParts {
  return partsOf(date);
}

/**
 * Days from 1970-01-01 to a Gregorian year, month and day that exist; negative before it.
 * Howard Hinnant, "chrono-compatible low-level date algorithms".
 */
export function epochDayOf({ year, month, day }: DateParts): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * daysPerEra + dayOfEra - daysBefore1970;
}

/** Days from 1970-01-01 to the date; negative before it. */
export function epochDay(date: CivilDate): number {
  return epochDayOf(partsOf(date));
}

/** The date that many whole days after 1970-01-01. Throws a RangeError outside the years 1 to 9999. */
export function fromEpochDay(days: number): CivilDate {
  const shifted = days + daysBefore1970;
  const era = Math.floor(shifted / daysPerEra);
  const dayOfEra = shifted - era * daysPerEra;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const date = civilDate(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
  if (date === undefined) throw new RangeError(`No civil date ${days} days from 1970-01-01`);
  return date;
}

/** The date that many whole days later (earlier where negative). Throws a RangeError outside the years 1 to 9999. */
export function addDays(date: CivilDate, days: number): CivilDate {
  return fromEpochDay(epochDay(date) + days);
}

/**
 * The same day that many whole years later (earlier where negative). Where 29 February has no like, it is 28 February:
 * people are reminded of last days, and a day too early costs nothing where a day too late may cost everything.
 * Throws a RangeError outside the years 1 to 9999.
 */
export function addYears(date: CivilDate, years: number): CivilDate {
  const { year, month, day } = partsOf(date);
  const moved = civilDate(year + years, month, Math.min(day, monthLength(year + years, month)));
  if (moved === undefined)
    throw new RangeError(`No civil date ${years} years from the date, before 0001 or after ${lastYear}`);
  return moved;
}

/** Whole days from `a` to `b`: positive where `b` is later. */
export function daysBetween(a: CivilDate, b: CivilDate): number {
  return epochDay(b) - epochDay(a);
}

const weekdays: readonly Weekday[] = [0, 1, 2, 3, 4, 5, 6];

/** The day of the week: 0 is Sunday. */
export function weekday(date: CivilDate): Weekday {
  // 1970-01-01 was a Thursday (4).
  const index = (((epochDay(date) + 4) % 7) + 7) % 7;
  return weekdays[index] ?? 0;
}
