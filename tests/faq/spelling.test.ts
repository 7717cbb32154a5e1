import { describe, expect, it } from "vitest";
import { finish } from "../../src/core/faq/slices.ts";
import { buildSpeller, respell } from "../../src/core/faq/spelling.ts";

const words = ["application", "applications", "documents", "vencio", "hacer", "پاسپورت", "درخواست", "fee"];
const numbers = new Map(words.map((word, at): [string, number] => [word, at]));
const counts = words.map((_, at) => words.length - at);
const speller = finish(buildSpeller({ words, numbers, counts }));

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
