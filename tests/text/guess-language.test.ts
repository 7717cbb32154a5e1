import { describe, expect, it } from "vitest";
import { chosenLanguage, guessLanguage, hasPashtoLetter } from "../../src/core/text/guess-language.ts";

const languages = ["en", "fa-AF", "ps", "es"];

describe("a guess from the phone and the letters", () => {
  it.each([
    [undefined, "", "en"],
    [undefined, "hello", "en"],
    [undefined, "سلام", "fa-AF"],
    [undefined, "څنګه یاست", "ps"],
    ["xx", "سلام", "fa-AF"],
    ["en", "سلام", "fa-AF"],
    ["es", "سلام", "fa-AF"],
    ["es", "hello", "es"],
    ["fa", "سلام", "fa-AF"],
    ["fa", "salam", "fa-AF"],
    ["fa", "څنګه یاست", "ps"],
    ["ps", "سلام", "ps"],
    ["ps-AF", "hello", "ps"],
  ])("phone %s, text “%s”: %s", (hint, text, language) => {
    expect(guessLanguage(hint, text, languages)).toBe(language);
  });

  it("never names a language that there is not", () => {
    expect(guessLanguage("es", "سلام", ["en", "es"])).toBe("en");
    expect(guessLanguage("fa", "ټول", ["en", "fa-AF"])).toBe("en");
  });
});

describe("the tag of a language", () => {
  it.each([
    ["fa", "fa-AF"],
    ["prs", "fa-AF"],
    ["FA-af", "fa-AF"],
    ["es-MX", "es"],
    ["de", undefined],
    ["", undefined],
  ])("%s means %s", (tag, language) => {
    expect(chosenLanguage(tag, languages)).toBe(language);
  });
});

describe("Pashto's own letters", () => {
  it.each(["ټول", "څه", "ښه", "مرسته وکړئ", "لرئ؟", "یئ"])("stand in %s", (text) => {
    expect(hasPashtoLetter(text)).toBe(true);
  });

  it.each(["مسئول", "رئیس جمهور", "مسئله", "جائز", "کمک کنید", "hello", ""])("do not stand in %s", (text) => {
    expect(hasPashtoLetter(text)).toBe(false);
  });
});
