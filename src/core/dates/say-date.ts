import type { Language } from "../nouns/language.ts";
import { isolate } from "../render/bidi.ts";
import type { CivilDate } from "./civil-date.ts";
import { parts, weekday } from "./civil-date.ts";
import type { Calendar, DateWords } from "./date-words.ts";
import { nativeDigits } from "./digits.ts";
import { toSolarHijri } from "./solar-hijri.ts";

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;

function fill(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
}

function isolateLatinDigits(text: string): string {
  return rightToLeft.test(text) ? text.replaceAll(/[0-9]+/g, isolate) : text;
}

/** In Gregorian dates digits stay Latin, as on the paper they are compared with; Solar Hijri ones are the language's own. */
const compose: Readonly<Record<Calendar, (date: CivilDate, language: Language, words: DateWords) => string>> =
  {
    gregorian(date, _language, words) {
      const { year, month, day } = parts(date);
      const name = words.months.gregorian[month - 1] ?? "";
      return fill(words.patterns.gregorian, { year: String(year), month: name, day: String(day) });
    },
    "solar-hijri"(date, language, words) {
      const { year, month, day } = toSolarHijri(date);
      const name = words.months.solarHijri[month - 1] ?? "";
      const filled = { year: String(year), month: name, day: String(day) };
      return nativeDigits(fill(words.patterns.solarHijri, filled), language);
    },
  };

/** The date in one calendar, in the language's own order and words; Latin digits are isolated in right-to-left text. */
export function sayDate(date: CivilDate, language: Language, words: DateWords, calendar: Calendar): string {
  return isolateLatinDigits(compose[calendar](date, language, words));
}

/**
 * The Gregorian date as short as the language writes it, e.g. "3 Jun 2027", for a row of a list. Without isolates, which
 * would take the room: nothing but a word with strong direction may stand before or behind it.
 */
export function sayRowDate(date: CivilDate, { months, patterns }: DateWords): string {
  const { year, month, day } = parts(date);
  const values = { year: String(year), month: months.short[month - 1] ?? "", day: String(day) };
  return fill(patterns.short, values);
}

/** The date in both calendars with its weekday, e.g. "Wednesday, 3 June 2026 (13 Jawza 1405)". */
export function sayBothCalendars(date: CivilDate, language: Language, words: DateWords): string {
  return isolateLatinDigits(
    fill(words.patterns.both, {
      weekday: words.weekdays[weekday(date)] ?? "",
      gregorian: compose.gregorian(date, language, words),
      solarHijri: compose["solar-hijri"](date, language, words),
    }),
  );
}
