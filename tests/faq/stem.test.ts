import { describe, expect, it } from "vitest";
import { stem } from "../../src/core/faq/stem.ts";
import { tokens } from "../../src/core/text/normalise.ts";

const stemOf = (word: string): string => tokens(word).map(stem).join(" ");

describe("stem", () => {
  it.each([
    ["applications", "application"],
    ["applied", "applies"],
    ["solicitudes", "solicitud"],
    ["trabajo", "trabajar"],
    ["می‌خواهند", "خواهم"],
    ["نمی‌خواهم", "می‌خواهم"],
    ["پیسې", "پیسو"],
  ])("brings %s and %s together", (one, other) => {
    expect(stemOf(one)).toBe(stemOf(other));
  });

  it.each(["i131", "is", "fees", "میم"])("leaves %s whole", (word) => {
    expect(stem(word)).toBe(word);
  });
});
