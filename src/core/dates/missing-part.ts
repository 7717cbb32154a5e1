import { calendarOfYear } from "./date-candidates.ts";
import type { DateItems, DateNumber } from "./date-items.ts";

/** What a date lacks: a year that leaves no doubt (none, or two digits that may be something else), or the day. */
export type MissingPart = "no-year" | "no-day";

/** The part that is missing where these are pieces of a date and no more is wrong with them; undefined for anything else. */
export function missingPart(items: DateItems): MissingPart | undefined {
  const { numbers, months, relatives } = items;
  if (relatives.length > 0 || months.length > 1 || !isWrittenAsDate(numbers)) return undefined;
  if (numbers.every(isShort)) return hasDayAndMonth(numbers, months.length === 1) ? "no-year" : undefined;
  return hasOnlyMonthAndYear(items) ? "no-day" : undefined;
}

/** At most three numbers; 10:30 is a time. */
function isWrittenAsDate(numbers: readonly DateNumber[]): boolean {
  return numbers.length <= 3 && numbers.every(({ marks }) => !marks.includes(":"));
}

function isShort({ digits }: DateNumber): boolean {
  return digits <= 2;
}

function isDay({ value }: DateNumber): boolean {
  return value >= 1 && value <= 31;
}

function isMonth({ value }: DateNumber): boolean {
  return value >= 1 && value <= 12;
}

function hasDayAndMonth(numbers: readonly DateNumber[], named: boolean): boolean {
  if (named) return numbers.length <= 2 && numbers.some(isDay);
  return numbers.some(
    (month, at) => isMonth(month) && numbers.some((day, other) => other !== at && isDay(day)),
  );
}

function hasOnlyMonthAndYear({ numbers, months }: DateItems): boolean {
  const years = numbers.filter((number) => calendarOfYear(number) !== undefined);
  const others = numbers.filter((number) => calendarOfYear(number) === undefined);
  const isNamed = months.length === 1 && others.length === 0;
  const isNumbered =
    months.length === 0 && others.length === 1 && others.every((one) => isShort(one) && isMonth(one));
  return years.length === 1 && (isNamed || isNumbered);
}
