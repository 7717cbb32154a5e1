import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IdentifierKind, maskIdentifiers } from "../../src/core/text/mask.ts";

const identifiers: readonly (readonly [kind: IdentifierKind, typed: string, kept: string])[] = [
  ["a-number", "My A-number is A123-456-789.", "My A-number is •••."],
  ["a-number", "a123456789", "•••"],
  ["a-number", "A# 012 345 678 please", "••• please"],
  ["a-number", "نمبرم A۱۲۳۴۵۶۷۸۹ است", "نمبرم ••• است"],
  ["a-number", "alien number: 12345678", "alien number: •••"],
  ["a-number", "USCIS# 123-456-789", "USCIS# •••"],
  ["receipt-number", "IOE0912345678", "•••"],
  ["receipt-number", "my case eac 21 123 45678 ok", "my case ••• ok"],
  ["receipt-number", "IOE-۰۹-۱۲۳۴-۵۶۷۸", "•••"],
  ["receipt-number", "IOE٠٩١٢٣٤٥٦٧٨", "•••"],
  ["receipt-number", "ZZZ0912345678", "•••"],
  ["card-number", "card 4111 1111 1111 1111 exp 12/27", "card ••• exp 12/27"],
  ["card-number", "3782-822463-10005", "•••"],
  ["card-number", "کارت ۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱", "کارت •••"],
  ["social-security-number", "it is 123-45-6789", "it is •••"],
  ["social-security-number", "123 45 6789", "•••"],
  ["social-security-number", "my SSN is 123456789", "my SSN is •••"],
  ["social-security-number", "123 - 45 - 6789", "•••"],
  ["social-security-number", "1 2 3 4 5 6 7 8 9 is my ssn", "••• is my ssn"],
  ["social-security-number", "نمبر سوسیال من ۱۲۳۴۵۶۷۸۹ است", "نمبر سوسیال من ••• است"],
  ["social-security-number", "د ټولنیز امنیت شمېره ۱۲۳۴۵۶۷۸۹", "د ټولنیز امنیت شمېره •••"],
  ["a-number", "a 123456789", "•••"],
  ["a-number", "\u0410123456789", "•••"],
  ["a-number", "نمبر اِی ۱۲۳ ۴۵۶ ۷۸۹", "نمبر اِی •••"],
  ["a-number", "د اې شمېره ۱۲۳۴۵۶۷۸۹", "د اې شمېره •••"],
  ["receipt-number", "receipt number 0912345678", "receipt number •••"],
  ["card-number", "4111,1111,1111,1111", "•••"],
];

const harmless: readonly string[] = [
  "call 202-555-0123",
  "tel 2025550123",
  "TEL2025550123",
  "+93 700 123 456",
  "0093700123456",
  "5215512345678",
  "llame a 612345678",
  "call a 555 0123",
  "+1 (703) 555-0199 or 703.555.0188",
  "2025-06-01 2026-06-01",
  "A 2025-06-01",
  "۱۴۰۴/۰۳/۲۵ و ۱۴۰۵/۰۳/۲۵",
  "the fee is $1,000 or 1000000 afghani",
  "I-131, I-134A, I-765, I-94 in 2025 and 2026",
  "4111 1111 1111 1112",
  "123456789",
  "0700 123 456 یا ۰۷۹۹۱۲۳۴۵۶",
  "llame al 612 34 56 78",
  "+90 532 123 45 67",
  "55 1234 5678",
  "22-11-2026 and 2026 11 22",
  "from 15 Aug 2021 to 14 Aug 2023",
  "the receipt came, call me at 7035550199",
  "passport P01234567, tazkira 1234567",
  "zip 22041-1234, apartment A 1201",
  // Sixteen digits that pass a card's check, in groups that no card has.
  "from 2026-06-01 2026-07-08",
];

describe("maskIdentifiers", () => {
  it.each(identifiers)("masks a %s in %j", (kind, typed, kept) => {
    expect(maskIdentifiers(typed)).toEqual({ text: kept, found: [kind] });
  });

  it.each(harmless)("leaves %j alone", (typed) => {
    expect(maskIdentifiers(typed)).toEqual({ text: typed, found: [] });
  });

  it("masks several and names each kind once", () => {
    const { text, found } = maskIdentifiers("A123456789 and A987654321, IOE0912345678");
    expect(text).toBe("••• and •••, •••");
    expect([...found].sort()).toEqual(["a-number", "receipt-number"]);
  });

  it("never leaves a receipt number readable, whatever stands around it", () => {
    const around = fc.string({ unit: fc.constantFrom(..." .,:!؟abث\u200f\n"), maxLength: 8 });
    const number = fc.integer({ min: 0, max: 9_999_999_999 }).map((n) => `IOE${String(n).padStart(10, "0")}`);
    fc.assert(
      fc.property(around, number, around, (before, receipt, after) => {
        expect(maskIdentifiers(`${before} ${receipt} ${after}`).text).not.toContain(receipt.slice(3));
      }),
    );
  });

  it("hides every written form of each kind, in every row of digits", () => {
    const rows = ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"];
    const written = fc.oneof(
      fc.tuple(
        fc.constantFrom("A", "A-", "A#", "A ", "a"),
        fc.constantFrom("123456789", "12345678", "123-456-789", "123 456 789"),
      ),
      fc.tuple(
        fc.constantFrom("IOE", "msc", "WAC ", "LIN-"),
        fc.constantFrom("0912345678", "09 123 45678", "21-901-23456"),
      ),
      fc.tuple(
        fc.constantFrom("", "ssn ", "نمبر سوشیال "),
        fc.constantFrom("123-45-6789", "123 45 6789", "123.45.6789"),
      ),
      fc.tuple(
        fc.constantFrom("", "card: ", "کارت "),
        fc.constantFrom("4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444"),
      ),
    );
    fc.assert(
      fc.property(
        written,
        fc.constantFrom(...rows),
        fc.constantFrom("", "my number is ", "من: "),
        ([label, number], row, before) => {
          const typed = before + label + number.replace(/\d/g, (digit) => row[Number(digit)] ?? "");
          const { text, found } = maskIdentifiers(typed);
          expect([found.length, /\p{Nd}/u.test(text)]).toEqual([1, false]);
        },
      ),
    );
  });

  it("leaves dates and the phones of many countries alone", () => {
    const two = fc.integer({ min: 1, max: 12 }).map((n) => String(n).padStart(2, "0"));
    const sign = fc.constantFrom("-", "/", ".", " ");
    const year = fc.integer({ min: 1300, max: 2099 }).map(String);
    const date = fc
      .tuple(year, two, two, sign, fc.boolean())
      .map(([y, m, d, by, yearFirst]) => (yearFirst ? [y, m, d] : [d, m, y]).join(by));
    const shape = fc.constantFrom(
      "07## ### ###",
      "07########",
      "+937########",
      "+1 (###) ###-####",
      "###-###-####",
      "+90 5## ### ## ##",
      "+92 3## #######",
      "55 #### ####",
      "6## ## ## ##",
    );
    const phone = fc
      .tuple(shape, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 }))
      .map(([like, numbers]) => {
        const left = [...numbers];
        return like.replace(/#/g, () => String(left.pop() ?? 0));
      });
    fc.assert(
      fc.property(
        fc.oneof(date, phone),
        fc.constantFrom("", "my phone is ", "تاریخ ", "desde el "),
        (number, before) => {
          expect(maskIdentifiers(before + number)).toEqual({ text: before + number, found: [] });
        },
      ),
    );
  });

  it("takes any string, and reports a finding exactly when it changed the text", () => {
    const unit = fc.oneof(
      fc.constantFrom(..."0123456789۰۱۲ -.A"),
      fc.string({ unit: "binary", maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit: unit, maxLength: 40 }), (text) => {
        const once = maskIdentifiers(text);
        expect(once.found.length === 0).toBe(once.text === text);
      }),
    );
  });
});
