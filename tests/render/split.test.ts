import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitText } from "../../src/core/render/split.ts";

describe("splitting a text", () => {
  it.each<readonly [string, string, number, readonly string[]]>([
    ["nothing", "", 10, []],
    ["what fits", "0123456789", 10, ["0123456789"]],
    ["at a paragraph", "one two\n\nthree\nfour", 12, ["one two", "three\nfour"]],
    ["at a line", "one two\nthree four", 12, ["one two", "three four"]],
    ["at a sentence", "One two. Three four.", 12, ["One two.", "Three four."]],
    ["at a sentence of Persian", "این یک است؟ آن دو است.", 14, ["این یک است؟", "آن دو است."]],
    ["at a word", "alpha beta gamma delta", 12, ["alpha beta", "gamma delta"]],
    ["not near the beginning", "a\n\nbcdefghijklm nopq", 16, ["a\n\nbcdefghijklm", "nopq"]],
    ["between graphemes", "👨‍👩‍👧👨‍👩‍👧", 11, ["👨‍👩‍👧", "👨‍👩‍👧"]],
    ["never inside a surrogate pair", "🦋🦋🦋", 3, ["🦋", "🦋", "🦋"]],
    [
      "not even under a tower of marks",
      `🦋${"\u0301".repeat(5)}`,
      3,
      ["🦋\u0301", "\u0301".repeat(3), "\u0301"],
    ],
  ])("%s", (_name, text, limit, expected) => {
    expect(splitText(text, limit)).toStrictEqual(expected);
  });

  const words = fc.string({
    unit: fc.constantFrom("a", "ب", " ", "\n", ".", "🦋", "é", "e\u0301", "👨‍👩‍👧"),
    maxLength: 400,
  });

  it("keeps to the limit and loses nothing but white space at the cuts", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 60 }), (text, limit) => {
        const pieces = splitText(text, limit);
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(limit);
          expect(piece).not.toBe("");
          expect(piece.isWellFormed()).toBe(true);
        }
        expect(pieces.join("").replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
      }),
    );
  });

  it("never cuts a line of up to half the limit", () => {
    const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "."), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const trimmed = lines.map((one) => one.trim()).filter((one) => one !== "");
        const pieces = splitText(trimmed.join("\n"), 40);
        expect(pieces.flatMap((piece) => piece.split("\n"))).toStrictEqual(trimmed);
      }),
    );
  });
});
