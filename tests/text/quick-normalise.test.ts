import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise } from "../../src/core/text/normalise.ts";

/** A sign that only the slow way knows, and that adds nothing to the normal form. */
const slowly = (text: string): string => normalise(`${text} ☃`);

/** What people type, and what makes the normal form depend on its neighbours. */
const typed = Array.from("abIiZ'’.,-–1023٬،۰۱٣کيىآأؤۀټ ñÁß²¼»«…!?؟\n\u0640\u0650\u200c\u200f\u00ad😀");

describe("the quick way through the normaliser", () => {
  it("gives what the slow way gives", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...typed), { maxLength: 14 }), (letters) => {
        const text = letters.join("");
        expect(normalise(text)).toBe(slowly(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    "don't I-131 $1,000.",
    "می‌کشند؛ ۱٬۰۰۰ افغانۍ",
    "¿Cuánto cuesta?",
    "x".repeat(1000),
    "Noooo",
    "A. 1. b",
  ])("also here: %s", (text) => {
    expect(normalise(text)).toBe(slowly(text));
  });
});
