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
