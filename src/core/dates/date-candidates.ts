import type { CivilDate, DateParts } from "./civil-date.ts";
import { parts } from "./civil-date.ts";
import type { DateItems, DateNumber } from "./date-items.ts";
import type { Calendar } from "./date-words.ts";
import { toSolarHijri } from "./solar-hijri.ts";

/** A day as somebody may have meant it; it need not exist (31 February). */
export type Candidate = DateParts & { readonly calendar: Calendar };

const calendars: readonly Calendar[] = ["gregorian", "solar-hijri"];
const years: Readonly<Record<Calendar, readonly [first: number, last: number]>> = {
  gregorian: [1900, 2100],
  "solar-hijri": [1300, 1499],
};
/** Two-digit years are taken to be in the hundred years that end this many years from now: birthdays and card expiries. */
const yearsAhead = 10;

/** The calendar of a year written in full: 1900-2100 is Gregorian, 1300-1499 Solar Hijri, others nothing. */
export function calendarOfYear({ value, digits }: DateNumber): Calendar | undefined {
  if (digits !== 4) return undefined;
  return calendars.find((calendar) => value >= years[calendar][0] && value <= years[calendar][1]);
}

function isShort({ digits }: DateNumber): boolean {
  return digits <= 2;
}

function isYearIn(calendar: Calendar, number: DateNumber): boolean {
  return calendarOfYear(number) === calendar;
}

function isPlausible({ month, day }: DateParts): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

const thisYear: Readonly<Record<Calendar, (today: CivilDate) => number>> = {
  gregorian: (today) => parts(today).year,
  "solar-hijri": (today) => toSolarHijri(today).year,
};

function fullYear(short: number, calendar: Calendar, today: CivilDate): number {
  const last = thisYear[calendar](today) + yearsAhead;
  return last - ((((last - short) % 100) + 100) % 100);
}

/** Counts what could have been meant before asking whether the day exists: "31/06/26" is a slip, not 26 June 2031. */
function onlyOne(candidates: readonly Candidate[]): readonly Candidate[] {
  const plausible = candidates.filter(isPlausible);
  return plausible.length === 1 ? plausible : [];
}

/**
 * The days that a month's name and two numbers can mean. The year is the one with four digits. A two-digit year counts only
 * where the other number cannot be it: "03 June 26" may be the 26th.
 */
export function namedMonthCandidates(items: DateItems, today: CivilDate): readonly Candidate[] {
  const [named] = items.months;
  const [a, b] = items.numbers;
  if (named === undefined || a === undefined || b === undefined) return [];
  const { calendar, month } = named;
  if (isShort(a) && isYearIn(calendar, b)) return [{ calendar, year: b.value, month, day: a.value }];
  if (isYearIn(calendar, a) && isShort(b)) return [{ calendar, year: a.value, month, day: b.value }];
  if (!isShort(a) || !isShort(b)) return [];
  const orders = [
    [a, b],
    [b, a],
  ] as const;
  return onlyOne(
    orders
      .filter(([, year]) => year.digits === 2)
      .map(([day, year]) => ({
        calendar,
        year: fullYear(year.value, calendar, today),
        month,
        day: day.value,
      })),
  );
}

/**
 * Only the American order with a day above 12 leaves one reading ("07/14/26", as work permits print it). A day in front
 * may as well be a year in front, and either may be Solar Hijri: "25/12/26", "05/03/13".
 */
function twoDigitCandidates(
  month: DateNumber,
  day: DateNumber,
  year: DateNumber,
  today: CivilDate,
): readonly Candidate[] {
  if (year.digits !== 2 || day.value <= 12) return [];
  const calendar: Calendar = "gregorian";
  return onlyOne([
    { calendar, year: fullYear(year.value, calendar, today), month: month.value, day: day.value },
  ]);
}

/**
 * The days that three numbers can mean. Year first: year, month, day. Gregorian year last: day-month as the person writes,
 * and month-day as the American paper they copy from prints, whatever their language. Solar Hijri year last: day-month,
 * which is the only way Afghan papers print it.
 */
export function numericCandidates({ numbers }: DateItems, today: CivilDate): readonly Candidate[] {
  const [a, b, c] = numbers;
  if (a === undefined || b === undefined || c === undefined || b.marks !== c.marks || !isShort(b)) return [];
  if (isShort(a) && isShort(c)) return twoDigitCandidates(a, b, c, today);
  const firstCalendar = calendarOfYear(a);
  if (firstCalendar !== undefined && isShort(c)) {
    return [{ calendar: firstCalendar, year: a.value, month: b.value, day: c.value }];
  }
  const calendar = calendarOfYear(c);
  if (calendar === undefined || !isShort(a)) return [];
  const dayMonth = { calendar, year: c.value, month: b.value, day: a.value };
  return calendar === "gregorian" ? [dayMonth, { ...dayMonth, month: a.value, day: b.value }] : [dayMonth];
}
