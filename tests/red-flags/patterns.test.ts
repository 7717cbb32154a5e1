import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRedFlags, matchRedFlag, type RedFlagRule } from "../../src/core/red-flags/match-red-flag.ts";

const rule = (id: string, patterns: readonly string[], unless: readonly string[] = []): RedFlagRule => ({
  id,
  language: "en",
  patterns,
  unless,
});
const raised = (pattern: string, text: string): boolean =>
  matchRedFlag(compileRedFlags([rule("flag", [pattern])]), text)?.id === "flag";

const matching: readonly (readonly [pattern: string, yes: string, no: string])[] = [
  ["took him", "ICE took HIM!", "took my him"],
  ["took him|her", "they took her away", "they took us"],
  ["detain*", "being detained", "retained"],
  ["took .. brother", "took my older brother", "took a b c d e brother"],
  ["took .. brother", "took brother", "brother took"],
  ["took .. brother|sister today", "took my sister today", "took my sister and today"],
  ["can't breathe", "I cant breathe", "I can breathe"],
  ["می‌کشند", "ما را می‌کشند", "ما را دیدند"],
  ["می‌کشند", "ما را می کشند", "کشند"],
  ["ځان وژنم", "زان وژنم", "وژنم ځان"],
];

describe("the pattern language", () => {
  it.each(matching)("%j matches %j and not %j", (pattern, yes, no) => {
    expect([raised(pattern, yes), raised(pattern, no)]).toEqual([true, false]);
  });

  it.each([
    ["", "has no words"],
    ["..", "begins or ends with a gap, or has two gaps in a row"],
    [".. door", "begins or ends with a gap, or has two gaps in a row"],
    ["door ..", "begins or ends with a gap, or has two gaps in a row"],
    ["a .. .. b", "begins or ends with a gap, or has two gaps in a row"],
    ["door|", "has an alternative that is not exactly one word"],
    ["door |window", "has an alternative that is not exactly one word"],
    ["!?", "has an alternative that is not exactly one word"],
    ["a/b", "has an alternative that is not exactly one word"],
    ["a*", "has a beginning of fewer than two letters before its star"],
    ["*", "has an alternative that is not exactly one word"],
  ])("reports %j instead of throwing, and keeps the rest of the rule", (pattern, problem) => {
    const matcher = compileRedFlags([rule("flag", [pattern, "help me"], [pattern])]);
    const reported = { problem, pattern, id: "flag", language: "en" };
    expect(matcher.problems).toEqual([reported, reported]);
    expect(matchRedFlag(matcher, "help me")?.id).toBe("flag");
  });

  it("treats signs of regular expressions as signs", () => {
    expect(raised("(a+)+b", "aab")).toBe(false);
    expect(raised("a.*b", "a and b")).toBe(false);
  });

  it("finds a pattern wherever its words stand with up to four words in each gap", () => {
    const word = fc.constantFrom("x", "y", "z");
    fc.assert(
      fc.property(fc.array(word), fc.array(word, { maxLength: 4 }), fc.array(word), (before, gap, after) => {
        const text = [...before, "start", ...gap, "finish", ...after].join(" ");
        expect(raised("start .. fin*", text)).toBe(true);
      }),
    );
  });
});

describe("rules", () => {
  it("gives the flag whose first rule stands first, whatever the order of the words", () => {
    const matcher = compileRedFlags([
      rule("danger", ["gun"]),
      rule("court", ["judge"]),
      rule("danger", ["knife"]),
    ]);
    expect(matchRedFlag(matcher, "the judge saw a knife")?.id).toBe("danger");
    expect(matchRedFlag(matcher, "the judge saw it")?.id).toBe("court");
    expect(matchRedFlag(matcher, "nobody saw it")).toBeUndefined();
  });

  it("excuses a sentence, not the message", () => {
    const matcher = compileRedFlags([rule("detained", ["was detained"], ["last year"])]);
    expect(matchRedFlag(matcher, "Last year my cousin was detained")).toBeUndefined();
    expect(matchRedFlag(matcher, "Last year he was free. Today he was detained")?.id).toBe("detained");
  });

  it("excuses a flag in the rule's own language only", () => {
    const matcher = compileRedFlags([
      rule("a", ["help"], ["no"]),
      { ...rule("a", ["help"]), language: "es" },
    ]);
    expect(matchRedFlag(matcher, "no help")?.id).toBe("a");
  });

  it("takes any text", () => {
    const matcher = compileRedFlags([rule("a", ["he* .. me", "x|y z"])]);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect([undefined, "a"]).toContain(matchRedFlag(matcher, text)?.id);
      }),
    );
  });
});
