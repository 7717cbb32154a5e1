import { describe, expect, it } from "vitest";
import { buildSpeller, respell } from "../../src/core/faq/spelling.ts";

const known = ["application", "applications", "documents", "vencio", "hacer", "پاسپورت", "درخواست", "fee"];
const speller = buildSpeller(new Map(known.map((word, place) => [word, known.length - place])));

describe("respell", () => {
  it.each([
    ["aplication", "application"],
    ["documants", "documents"],
    ["bensio", "vencio"],
    ["aser", "hacer"],
    ["پاسپوت", "پاسپورت"],
    ["درخواستت", "درخواست"],
  ])("%s is meant as %s", (written, meant) => {
    expect(respell(speller, written)).toBe(meant);
  });

  it.each(["documents", "fees", "i131x", "butterfly", "", "x".repeat(500)])("leaves alone: %s", (word) => {
    expect(respell(speller, word)).toBe(word);
  });
});
