import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { latinDigits, nativeDigits } from "../../src/core/dates/digits.ts";

describe("digits", () => {
  it.each([
    ["۰۱۲۳۴۵۶۷۸۹", "0123456789"],
    ["٠١٢٣٤٥٦٧٨٩", "0123456789"],
    ["۱٬۲۳۴٫۵", "1,234.5"],
    ["I-۱۳۱ و ٣", "I-131 و 3"],
    ["no digits", "no digits"],
  ])("%s in Latin digits is %s", (text, latin) => {
    expect(latinDigits(text)).toBe(latin);
  });

  it.each([
    ["fa-AF", "۱۳ جوزا ۱۴۰۵"],
    ["ps", "۱۳ جوزا ۱۴۰۵"],
    ["en", "13 جوزا 1405"],
    ["es", "13 جوزا 1405"],
  ])("%s writes %s", (language, native) => {
    expect(nativeDigits("13 جوزا 1405", language)).toBe(native);
  });

  it("come back from every language's own", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom("fa-AF", "ps", "en", "es", "ar-EG"), (number, language) => {
        expect(latinDigits(nativeDigits(String(number), language))).toBe(String(number));
      }),
    );
  });
});
