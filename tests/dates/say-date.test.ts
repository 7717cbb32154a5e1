import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochDay, fromEpochDay } from "../../src/core/dates/civil-date.ts";
import type { Calendar } from "../../src/core/dates/date-words.ts";
import { readDate } from "../../src/core/dates/read-date.ts";
import { sayBothCalendars, sayDate } from "../../src/core/dates/say-date.ts";
import { languages, on, words } from "./date-words.ts";

const date = on("2026-06-03");
const calendars: readonly Calendar[] = ["gregorian", "solar-hijri"];

/** Isolates made visible. */
function shown(text: string): string {
  return text.replaceAll("\u2068", "<").replaceAll("\u2069", ">");
}

describe("a date is said", () => {
  it.each([
    ["en", "gregorian", "3 June 2026"],
    ["en", "solar-hijri", "13 Jawza 1405"],
    ["es", "gregorian", "3 de junio de 2026"],
    ["es", "solar-hijri", "13 de Jawza de 1405"],
    ["fa-AF", "gregorian", "<3> جون <2026>"],
    ["fa-AF", "solar-hijri", "۱۳ جوزا ۱۴۰۵"],
    ["ps", "gregorian", "<3> جون <2026>"],
    ["ps", "solar-hijri", "۱۳ غبرګولی ۱۴۰۵"],
  ] as const)("in %s, %s", (language, calendar, expected) => {
    expect(shown(sayDate(date, language, words[language], calendar))).toBe(expected);
  });

  it.each([
    ["en", "Wednesday, 3 June 2026 (13 Jawza 1405)"],
    ["es", "miércoles, 3 de junio de 2026 (13 de Jawza de 1405)"],
    ["fa-AF", "چهارشنبه، <3> جون <2026> (۱۳ جوزا ۱۴۰۵)"],
    ["ps", "چهارشنبه، <3> جون <2026> (۱۳ غبرګولی ۱۴۰۵)"],
  ] as const)("in %s in both calendars with its weekday", (language, expected) => {
    expect(shown(sayBothCalendars(date, language, words[language]))).toBe(expected);
  });
});

describe("what is said is read back", () => {
  const dates = fc
    .integer({ min: epochDay(on("1921-03-21")), max: epochDay(on("2100-12-31")) })
    .map((days) => fromEpochDay(days));

  it.each(languages.flatMap((language) => calendars.map((calendar) => [language, calendar] as const)))(
    "in %s, %s, by a person of any language",
    (language, calendar) => {
      fc.assert(
        fc.property(dates, fc.constantFrom(...languages), (said, reader) => {
          const reading = readDate(sayDate(said, language, words[language], calendar), {
            language: reader,
            today: date,
            words,
          });
          expect(reading).toMatchObject({ kind: "date", date: said, calendar });
        }),
        { numRuns: 400 },
      );
    },
  );

  it.each(languages)("in %s with both calendars", (language) => {
    fc.assert(
      fc.property(dates, (said) => {
        const reading = readDate(sayBothCalendars(said, language, words[language]), {
          language,
          today: date,
          words,
        });
        expect(reading).toMatchObject({ kind: "date", date: said, calendar: "gregorian" });
      }),
      { numRuns: 400 },
    );
  });
});
