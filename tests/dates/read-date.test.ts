import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DateReading, readDate } from "../../src/core/dates/read-date.ts";
import { languages, on, words } from "./date-words.ts";

const today = on("2026-06-03");

function read(text: string, language = "en"): DateReading {
  return readDate(text, { language, today, words });
}

/** In few words: the date and its calendar, or what it is instead. */
function say(reading: DateReading): string {
  switch (reading.kind) {
    case "date":
      return `${reading.date}${reading.calendar === "gregorian" ? "" : " shamsi"}${reading.placeholder ? " placeholder" : ""}`;
    case "choose":
      return reading.dates.join(" or ");
    case "year-only":
      return `${reading.year}${reading.calendar === "gregorian" ? "" : " shamsi"}`;
    default:
      return reading.kind;
  }
}

describe("numbers", () => {
  it.each([
    ["2026-06-03", "2026-06-03"],
    ["2026/6/3", "2026-06-03"],
    ["2026.06.03", "2026-06-03"],
    ["2026 06 03", "2026-06-03"],
    ["۲۰۲۶/۰۶/۰۳", "2026-06-03"],
    ["٢٠٢٦-٠٦-٠٣", "2026-06-03"],
    ["2026 - 06 - 03", "2026-06-03"],
    ["\u20682026/06/03\u2069", "2026-06-03"],
    ["\u200f2026/06/03\u200f", "2026-06-03"],
    ["２０２６／０６／０３", "2026-06-03"],
    ["2026‑06‑03", "2026-06-03"],
    ["25/12/2026", "2026-12-25"],
    ["12/25/2026", "2026-12-25"],
    ["25-12-2026", "2026-12-25"],
    ["25.12.2026", "2026-12-25"],
    ["۲۵٫۱۲٫۲۰۲۶", "2026-12-25"],
    ["3/3/2026", "2026-03-03"],
    ["03/04/2026", "2026-03-04 or 2026-04-03"],
    ["۳/۴/۲۰۲۶", "2026-03-04 or 2026-04-03"],
    ["12-11-2026", "2026-11-12 or 2026-12-11"],
    ["1405/3/13", "2026-06-03 shamsi"],
    ["۱۴۰۵/۰۳/۱۳", "2026-06-03 shamsi"],
    ["١٤٠٥/٣/١٣", "2026-06-03 shamsi"],
    ["13/3/1405", "2026-06-03 shamsi"],
    ["۵/۳/۱۴۰۵", "2026-05-26 shamsi"],
    ["۱۳۵۷٫۱۱٫۲۲", "1979-02-11 shamsi"],
    ["1/1/1990", "1990-01-01 placeholder"],
    ["1990-01-01", "1990-01-01 placeholder"],
    ["1/1/1370", "1991-03-21 shamsi placeholder"],
    ["31/2/2026", "impossible"],
    ["2026-02-30", "impossible"],
    ["2026-13-13", "impossible"],
    ["2026/0/5", "impossible"],
    ["30/30/2026", "impossible"],
    ["1405/12/30", "impossible"],
    ["1403/12/30", "2025-03-20 shamsi"],
    ["31/7/1405", "impossible"],
    ["3/13/1405", "impossible"],
  ])("%s", (text, expected) => {
    expect(languages.map((language) => say(read(text, language)))).toEqual(languages.map(() => expected));
  });
});

describe("years by themselves and two-digit years", () => {
  it.each([
    ["2026", "2026"],
    ["۱۴۰۵", "1405 shamsi"],
    ["سال ۱۴۰۵", "1405 shamsi"],
    ["د ۱۴۰۵ کال", "1405 shamsi"],
    ["1990 AD", "1990"],
    ["1990 shamsi", "unclear"],
    ["1600", "unclear"],
    ["2101", "unclear"],
    ["1899", "unclear"],
    ["02026", "unclear"],
    // As work permits print it: no month 14, no year 2007 with a month 14.
    ["07/14/26", "2026-07-14"],
    ["06/14/85", "1985-06-14"],
    ["01/13/36", "2036-01-13"],
    ["01/13/37", "1937-01-13"],
    ["02/30/26", "impossible"],
    ["07/14/6", "no-year"],
    ["07/32/26", "no-year"],
    ["05/03/13", "no-year"],
    ["26/06/14", "no-year"],
    ["31/12/36", "no-year"],
    ["06/03/26", "no-year"],
    ["25/12/26", "no-year"],
    // Not 26 June 2031, not 26 February 2030.
    ["31/06/26", "no-year"],
    ["30 feb 26", "no-year"],
    ["03 June 26", "no-year"],
    ["3 June 26", "2026-06-03"],
    ["3 June 85", "1985-06-03"],
    ["1 June 6", "no-year"],
    ["۷۰ اسد ۱۳", "1991-08-04 shamsi"],
  ])("%s", (text, expected) => {
    expect(say(read(text))).toBe(expected);
  });
});

describe("names of months", () => {
  it.each([
    ["en", "3 June 2026", "2026-06-03"],
    ["en", "June 3, 2026", "2026-06-03"],
    ["en", "Jun. 3rd 2026", "2026-06-03"],
    ["en", "the 3rd of june, 2026", "2026-06-03"],
    ["en", "2026 June 3", "2026-06-03"],
    ["en", "3june2026", "2026-06-03"],
    ["en", "03-JUN-2026", "2026-06-03"],
    ["en", "ON JUNE THE 3RD 2026", "2026-06-03"],
    ["en", "first of January 1990", "1990-01-01 placeholder"],
    ["en", "Wed, 3 Jun 2026", "2026-06-03"],
    ["en", "3 June 2026 AD", "2026-06-03"],
    ["en", "13 Jawza 1405", "2026-06-03 shamsi"],
    ["en", "13 jauza, 1405", "2026-06-03 shamsi"],
    ["en", "1 Saur 1357", "1978-04-21 shamsi"],
    ["en", "29 hoot 1404", "2026-03-20 shamsi"],
    ["en", "1 Hamal 1370", "1991-03-21 shamsi placeholder"],
    ["es", "3 de junio de 2026", "2026-06-03"],
    ["es", "miércoles 3 de junio del 2026", "2026-06-03"],
    ["es", "Miercoles, 3 de Junio de 2026", "2026-06-03"],
    ["es", "primero de enero de 1990", "1990-01-01 placeholder"],
    ["es", "1.º de septiembre de 2026", "2026-09-01"],
    ["es", "1ro de setiembre de 2026", "2026-09-01"],
    ["es", "5 ago 2026", "2026-08-05"],
    ["es", "mar 3 2026", "2026-03-03"],
    ["fa-AF", "۳ جون ۲۰۲۶", "2026-06-03"],
    ["fa-AF", "چهارشنبه، ۳ جون ۲۰۲۶", "2026-06-03"],
    ["fa-AF", "چهار شنبه ۳ جون ۲۰۲۶ میلادی", "2026-06-03"],
    ["fa-AF", "3 ژوئن 2026", "2026-06-03"],
    ["fa-AF", "3 ژوين 2026", "2026-06-03"],
    ["fa-AF", "۵ مه ۲۰۲۶", "2026-05-05"],
    ["fa-AF", "۵ می ۲۰۲۶م", "2026-05-05"],
    ["fa-AF", "۱۳ جوزا ۱۴۰۵", "2026-06-03 shamsi"],
    ["fa-AF", "۱۳ جوزای ۱۴۰۵", "2026-06-03 shamsi"],
    ["fa-AF", "۱۳ام جوزا سال ۱۴۰۵", "2026-06-03 shamsi"],
    ["fa-AF", "13 جوزا 1405 هـ ش", "2026-06-03 shamsi"],
    ["fa-AF", "۱۳ جوزا ۱۴۰۵ ه.ش", "2026-06-03 shamsi"],
    ["fa-AF", "۱۳ جوزا ۱۴۰۵ هجری شمسی", "2026-06-03 shamsi"],
    ["fa-AF", "اول حمل ۱۳۷۰", "1991-03-21 shamsi placeholder"],
    ["fa-AF", "۱۳ خرداد ۱۴۰۵", "2026-06-03 shamsi"],
    ["fa-AF", "۱۳ خُرداد ۱۴۰۵", "2026-06-03 shamsi"],
    ["fa-AF", "۳۰ حوت ۱۴۰۳", "2025-03-20 shamsi"],
    ["fa-AF", "۵ جدي ۱۴۰۴", "2025-12-26 shamsi"],
    ["ps", "۳ جون ۲۰۲۶", "2026-06-03"],
    ["ps", "د ۲۰۲۶ کال د جون ۳مه", "2026-06-03"],
    ["ps", "د ۱۴۰۵ کال د غبرګولي ۱۳مه نېټه", "2026-06-03 shamsi"],
    ["ps", "۱۳ غبرگولى ۱۴۰۵", "2026-06-03 shamsi"],
    ["ps", "۵ چنگاښ ۱۴۰۵", "2026-06-26 shamsi"],
    ["ps", "لومړی وری ۱۳۷۰", "1991-03-21 shamsi placeholder"],
    ["ps", "۵ اگست ۲۰۲۶", "2026-08-05"],
    ["ps", "۳ جون ۲۰۲۶ میلادي", "2026-06-03"],
    // Another language's words are read too.
    ["ps", "3 de junio de 2026", "2026-06-03"],
    ["es", "۱۳ جوزا ۱۴۰۵", "2026-06-03 shamsi"],
    // The same day twice, as papers print it.
    ["en", "3 June 2026 (13 Jawza 1405)", "2026-06-03"],
    ["fa-AF", "۱۳ جوزا ۱۴۰۵ (۲۰۲۶/۶/۳)", "2026-06-03 shamsi"],
  ])("%s: %s", (language, text, expected) => {
    expect(say(read(text, language))).toBe(expected);
  });

  it.each([
    "31 Hut 1404",
    "۳۱ حوت ۱۴۰۴",
    "30 حوت 1404",
    "30 February 2026",
    "0 June 2026",
    "45 June 2026",
    "31 de abril de 2026",
    "۳۱ د تلې ۱۴۰۵",
  ])("there is no %s", (text) => {
    expect(read(text)).toEqual({ kind: "impossible" });
  });
});

describe("words for days", () => {
  it.each([
    ["en", "Today", "2026-06-03"],
    ["en", "tomorrow", "2026-06-04"],
    ["en", "Wednesday, today", "2026-06-03"],
    ["en", "Friday, today", "unclear"],
    ["fa-AF", "امروز", "2026-06-03"],
    ["fa-AF", "فردا", "2026-06-04"],
    ["ps", "نن", "2026-06-03"],
    ["ps", "سبا", "2026-06-04"],
    ["es", "hoy", "2026-06-03"],
    ["es", "mañana", "2026-06-04"],
    ["es", "Manana", "2026-06-04"],
  ])("%s: %s", (language, text, expected) => {
    expect(say(read(text, language))).toBe(expected);
  });

  it("is never a stand-in for an unknown day", () => {
    expect(readDate("today", { language: "en", today: on("2027-01-01"), words })).toEqual({
      kind: "date",
      date: "2027-01-01",
      calendar: "gregorian",
      placeholder: false,
    });
  });
});

describe("a weekday", () => {
  it.each([
    ["Wednesday 4/3/2026", "2026-03-04"],
    ["Friday 4/3/2026", "2026-04-03"],
    ["Sunday 4/3/2026", "unclear"],
    ["Friday 3 June 2026", "unclear"],
    ["Friday", "unclear"],
    ["Friday 2026", "unclear"],
  ])("%s", (text, expected) => {
    expect(say(read(text))).toBe(expected);
  });
});

describe("a date with a part missing", () => {
  it.each([
    ["5/12", "no-year"],
    ["۵/۱۲", "no-year"],
    ["5-12", "no-year"],
    ["31.1", "no-year"],
    ["12 May", "no-year"],
    ["May 12th", "no-year"],
    ["Tuesday, 12 May", "no-year"],
    ["5 جوزا", "no-year"],
    ["۵ جوزا", "no-year"],
    ["د جوزا ۵", "no-year"],
    ["12 de mayo", "no-year"],
    ["June 2026", "no-day"],
    ["06/2026", "no-day"],
    ["2026-06", "no-day"],
    ["جوزا ۱۴۰۵", "no-day"],
    // No day and month: what is asked stays open.
    ["13/13", "unclear"],
    ["0/5", "unclear"],
    ["5/32", "unclear"],
    ["10:30", "unclear"],
    ["5 12 1 2", "unclear"],
    ["May", "unclear"],
    ["0 May", "unclear"],
    ["May 100", "unclear"],
    ["13/2026", "unclear"],
    ["5 May June", "unclear"],
  ])("%s", (text, expected) => {
    expect(languages.map((language) => say(read(text, language)))).toEqual(languages.map(() => expected));
  });
});

describe("what is asked again", () => {
  it.each([
    "",
    "   ",
    "()",
    "-",
    "3",
    "20260603",
    "3 June 1405",
    "13 Jawza 2026",
    "13 جوزا 1405 میلادی",
    "۱۲ رمضان ۱۴۴۷",
    "۱۳/۳/۱۴۴۷ قمری",
    "not 3 June 2026",
    "3 June 2026?",
    "3 or 4 June 2026",
    "3-4 June 2026",
    "3 June July 2026",
    "3 June 2026 4 June 2026",
    "3 June 2026 (4 June 2026)",
    "(3/4/2026) (3/4/2026)",
    "2026/2027/3",
    "3/2026/4",
    "3-4 2026",
    "003/06/2026",
    "-2026+06+03",
    "202-555-0100",
    "+93 700 123 456",
    "today tomorrow",
    "today 3 June 2026",
    "what happens on 3 June 2026",
    "½/3/2026",
    "constructor",
    `${" ".repeat(200)}2026-06-03`,
  ])("%j", (text) => {
    expect(languages.map((language) => read(text, language).kind)).toEqual(languages.map(() => "unclear"));
  });
});

describe("any text", () => {
  const piece = fc.constantFrom(
    ..."0123456789۰۱۳۵٣٥٫٬/-.()،",
    "2026",
    "1405",
    "June",
    "جوزا",
    "د",
    "de",
    "today",
    "مه",
    "Friday",
    " ",
    "\u200c",
    "\ud800",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
      .map((units) => String.fromCharCode(...units)),
  );

  it("is read without an error, the same in any case of its letters and with white space around it", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...languages), (text, language) => {
        const reading = read(text, language);
        expect(read(` ${text}\n`, language)).toEqual(reading);
        if (reading.kind === "choose") expect(reading.dates.length).toBeGreaterThan(1);
      }),
      { numRuns: 3_000 },
    );
  });
});
