import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise, tokens } from "../../src/core/text/normalise.ts";

const table: readonly (readonly [rule: string, typed: string, normal: string])[] = [
  ["lower case and end marks", "  YES!! ", "yes"],
  ["Persian digits", "۱۴۰۴/۰۳/۲۵", "1404 03 25"],
  ["Arabic digits", "٢٠٢٥", "2025"],
  ["full-width forms", "Ｉ－１３１", "i131"],
  ["harakat and tatweel", "بَلـــه", "بله"],
  ["bidi marks", "\u2067کد\u2069 \u200eA1\u200f", "کد a1"],
  ["zero-width non-joiner joins", "می\u200cخواهم", "میخواهم"],
  ["yeh and kaf of an Arabic keyboard", "كي يكى", "کی یکی"],
  ["alef and heh forms", "آب أحمد مؤسسۀ", "اب احمد موسسه"],
  ["Pashto yehs", "دې زۍ ښځې مسئله", "دی زی شزی مسیله"],
  [
    "Pashto letters as a Persian keyboard has them",
    "ټوله ډېره ړوند ږغ ګوڼه څه ځان",
    "توله دیره روند ژغ گونه سه زان",
  ],
  ["Latin accents", "¿Cuánto tardará el año?", "cuanto tardara el ano"],
  ["apostrophes join", "I can't, don’t", "i cant dont"],
  ["form numbers", "Form I-131 / I‑134A, DS-260", "form i131 i134a ds260"],
  ["a longer word before a dash stays apart", "covid-19", "covid 19"],
  ["thousands", "$1,000 y 1.000 y ۱٬۰۰۰ او 12,345,678", "1000 y 1000 y 1000 او 12345678"],
  ["a date with dots is not a thousand", "01.06.2025", "01 06 2025"],
  ["drawn-out letters", "helpppp nooo سلاااام", "help no سلام"],
  ["drawn-out digits stay", "1000000 111", "1000000 111"],
  ["signs only", "👍 … !", ""],
  ["a broken pair", "a\ud800b", "a b"],
];

describe("normalise", () => {
  it.each(table)("%s: %j", (_rule, typed, normal) => {
    expect(normalise(typed)).toBe(normal);
  });

  it("gives words of letters and digits with one space between, for every string, once and for all", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), (text) => {
        const normal = normalise(text);
        expect(normal).toMatch(/^(?:[\p{L}\p{N}]+(?: [\p{L}\p{N}]+)*)?$/u);
        expect(normalise(normal)).toBe(normal);
      }),
    );
  });

  it("is idempotent on what keyboards of the four languages produce, signs included", () => {
    const keys = fc.constantFrom(..."aAiI 1۲٣,.-'’ñÉßİΣکكيۍئآأـًځښټ\u200c\u200f٬،/");
    fc.assert(
      fc.property(fc.string({ unit: keys, maxLength: 24 }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe("tokens", () => {
  it("splits into words, and gives none for signs", () => {
    expect(tokens("Where's my I-94?")).toEqual(["wheres", "my", "i94"]);
    expect(tokens("؟!")).toEqual([]);
  });
});
