import type { Language } from "../nouns/language.ts";
import type { CivilDate } from "./civil-date.ts";
import { addDays, civilDate, weekday } from "./civil-date.ts";
import type { Candidate } from "./date-candidates.ts";
import { calendarOfYear, namedMonthCandidates, numericCandidates } from "./date-candidates.ts";
import type { DateItems } from "./date-items.ts";
import { dateItems } from "./date-items.ts";
import type { WordsByLanguage } from "./date-lexicon.ts";
import { lexiconFor } from "./date-lexicon.ts";
import { dateTokens } from "./date-tokens.ts";
import type { Calendar } from "./date-words.ts";
import { type MissingPart, missingPart } from "./missing-part.ts";
import { fromSolarHijri } from "./solar-hijri.ts";

/** What a typed date says. */
export type DateReading =
  | {
      readonly kind: "date";
      readonly date: CivilDate;
      /** The one it was written in. */
      readonly calendar: Calendar;
      /** 1 January (or 1 Hamal), which papers print for people whose day of birth nobody knows. */
      readonly placeholder: boolean;
    }
  /** Several days are possible, in time order: 03/04/2026 is 4 March on American papers and 3 April elsewhere. */
  | { readonly kind: "choose"; readonly dates: readonly CivilDate[] }
  | { readonly kind: "year-only"; readonly year: number; readonly calendar: Calendar }
  /** A day and a month, or a month and a year. "no-year" is also where two digits leave more than one year or order. */
  | { readonly kind: MissingPart }
  /** It looks like a date, but there is no such day. */
  | { readonly kind: "impossible" }
  | { readonly kind: "unclear" };

export type DateContext = {
  /** The person's; words of the others are read too. */
  readonly language: Language;
  /** The date where the person is. */
  readonly today: CivilDate;
  readonly words: WordsByLanguage;
};

/** Longer texts (in UTF-16 units) are stories, not dates; the longest date the bot itself says has under 80. */
const longest = 160;

const unclear: DateReading = { kind: "unclear" };

const toCivil: Readonly<
  Record<Calendar, (year: number, month: number, day: number) => CivilDate | undefined>
> = {
  gregorian: civilDate,
  "solar-hijri": fromSolarHijri,
};

type Found = { readonly candidate: Candidate; readonly date: CivilDate };

function existing(candidates: readonly Candidate[]): readonly Found[] {
  const found = candidates.flatMap((candidate): Found[] => {
    const date = toCivil[candidate.calendar](candidate.year, candidate.month, candidate.day);
    return date === undefined ? [] : [{ candidate, date }];
  });
  return found.filter(({ date }, index) => found.findIndex((other) => other.date === date) === index);
}

/** What was written about the weekday and the calendar must agree; what contradicts itself is asked again. */
function settle(candidates: readonly Candidate[], items: DateItems): DateReading {
  const inCalendar = candidates.filter(({ calendar }) =>
    items.calendars.every((named) => named === calendar),
  );
  if (inCalendar.length === 0) return unclear;
  const days = existing(inCalendar);
  if (days.length === 0) return { kind: "impossible" };
  const agreeing = days.filter(({ date }) => items.weekdays.every((named) => named === weekday(date)));
  const [only] = agreeing;
  if (only === undefined) return unclear;
  if (agreeing.length > 1) return { kind: "choose", dates: agreeing.map(({ date }) => date).sort() };
  const { calendar, month, day } = only.candidate;
  return { kind: "date", date: only.date, calendar, placeholder: month === 1 && day === 1 };
}

function readYear(items: DateItems): DateReading {
  const [number] = items.numbers;
  const calendar = number === undefined ? undefined : calendarOfYear(number);
  if (number === undefined || calendar === undefined || items.weekdays.length > 0) return unclear;
  if (items.calendars.some((named) => named !== calendar)) return unclear;
  return { kind: "year-only", year: number.value, calendar };
}

function readRelative(items: DateItems, today: CivilDate): DateReading {
  const [days = 0] = items.relatives;
  const date = addDays(today, days);
  const agrees = items.weekdays.every((named) => named === weekday(date));
  return agrees ? { kind: "date", date, calendar: "gregorian", placeholder: false } : unclear;
}

type Reader = (items: DateItems, today: CivilDate) => DateReading;

/** By how many numbers, names of months and words such as "tomorrow" there are. What is not here is unclear. */
const readers: Readonly<Record<string, Reader>> = {
  "0 numbers, 0 months, 1 relative": readRelative,
  "1 numbers, 0 months, 0 relative": readYear,
  "2 numbers, 1 months, 0 relative": (items, today) => settle(namedMonthCandidates(items, today), items),
  "3 numbers, 0 months, 0 relative": (items, today) => settle(numericCandidates(items, today), items),
};

function readOne(text: string, { language, today, words }: DateContext): DateReading {
  const items = dateItems(dateTokens(text), lexiconFor(words, language));
  if (items === undefined) return unclear;
  const { numbers, months, relatives } = items;
  const reader = readers[`${numbers.length} numbers, ${months.length} months, ${relatives.length} relative`];
  const reading = reader === undefined ? unclear : reader(items, today);
  if (reading.kind !== "unclear") return reading;
  const missing = missingPart(items);
  return missing === undefined ? unclear : { kind: missing };
}

/** A date and the same date again in brackets, in the other calendar, as papers (and the bot itself) write it. */
function readTwice(readings: readonly DateReading[]): DateReading {
  const [first] = readings;
  const same = readings.every(
    (one) => one.kind === "date" && first?.kind === "date" && one.date === first.date,
  );
  return first !== undefined && same ? first : unclear;
}

/**
 * Reads a typed date: Gregorian or Solar Hijri, digits of any of the scripts, names of months in every language at once.
 *
 * A wrong date can cost a person their case, so that whatever leaves two readings is not decided here. 03/04/2026 is
 * "choose" in every language: Dari, Pashto and Spanish write the day first, but the paper in the person's hand is
 * American and prints the month first. Two-digit years count only where one reading is left, else they are "no-year", as a
 * day and a month alone are; an unknown word, or a weekday that does not fit, is "unclear". Never throws, whatever the text.
 */
export function readDate(text: string, context: DateContext): DateReading {
  if (text.length > longest) return unclear;
  const pieces = text.split(/[()]/).filter((piece) => piece.trim() !== "");
  const readings = pieces.map((piece) => readOne(piece, context));
  return readings.length === 1 ? (readings[0] ?? unclear) : readTwice(readings);
}
