import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textsIn } from "../../../src/content/text-keys.ts";
import { isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { aboutNames } from "../../../src/core/flow/about.ts";
import type { Say } from "../../../src/core/nouns/say.ts";
import { isolateLatin, isRightToLeft, withoutBidiControls } from "../../../src/core/render/bidi.ts";
import { render } from "../../../src/core/render/render.ts";
import { shippedContent } from "../shipped.ts";

const content = shippedContent();
const { program, translator, source } = content;
const languages = program.languages.filter(isRightToLeft);
const days = ["2026-11-23", "2028-01-01"].filter((on) => isCivilDate(on));

/** Texts that the bot sends by themselves; the facts' sentences come inside others, the glossary is for translators. */
const keys = [...(source.locales.get("en") ?? [])]
  .filter(
    ([name]) =>
      !["facts", "playground", "templates", "dates", "profile", "commands", "glossary"].includes(name),
  )
  .flatMap(([name, { data }]) => [...textsIn(data).keys()].map((path) => `${name}:${path}`))
  .filter((key) => !/\.(?:options|accept|label|patterns|unless)\b/.test(key));

const params = {
  count: 3,
  date: { kind: "date", date: "2027-06-03" },
  label: "me",
  title: "سلام",
  row: "سلام",
  number: 2,
  statement: "سلام",
  topic: "سلام",
  url: "https://www.uscis.gov/x",
  name: "USCIS",
  organisation: "Helpline",
  chosen: "سلام",
  least: 1,
  most: 10,
  ...Object.fromEntries(aboutNames.map((name) => [name, { kind: "about", name } as const])),
} as const;

function linesOf(key: string, language: string): readonly string[] {
  const say: Say = {
    parts: [{ style: "text", words: { key: key.replace(/_(?:one|many|other)$/, ""), params } }],
    buttons: [],
    nav: [],
    lane: "reply",
  };
  return days.flatMap((on) =>
    render({ program, translator }, say, language, on).message.parts.flatMap(({ text }) => text.split("\n")),
  );
}

const rendered = languages.map(
  (language) => [language, keys.map((key) => [key, linesOf(key, language)] as const)] as const,
);

/** Whether isolates open and close one by one, never one inside another. */
function isBalanced(line: string): boolean {
  let depth = 0;
  for (const unit of line) {
    if (/[\u2066-\u2068]/.test(unit)) depth += 1;
    if (unit === "\u2069") depth -= 1;
    if (depth < 0 || depth > 1) return false;
  }
  return depth === 0;
}

const outside = (line: string) => line.replaceAll(/\u2068[^\u2069]*\u2069/g, "");

describe.each(rendered)("what is said in %s", (_, texts) => {
  const find = (isBad: (line: string) => boolean) =>
    texts.flatMap(([key, lines]) => lines.filter(isBad).map((line) => `${key}: ${line}`));

  test("there is something to look at", () => {
    expect(texts.length).toBeGreaterThan(300);
  });

  test("isolates open and close, line by line, and never one inside another", () => {
    expect(find((line) => !isBalanced(line))).toEqual([]);
  });

  test("no Latin letter or digit stands outside an isolate, but for a line that is a link", () => {
    expect(
      find((line) => !/^https?:\/\/\S+$/.test(line) && /[\p{Script=Latin}0-9]/u.test(outside(line))),
    ).toEqual([]);
  });

  test("brackets open and close in the same run of text", () => {
    const pairs = (text: string) => [text.split("(").length, text.split(")").length];
    const uneven = (text: string) => {
      const [open, close] = pairs(text);
      return open !== close;
    };
    expect(
      find((line) => uneven(outside(line)) || (line.match(/\u2068[^\u2069]*\u2069/g) ?? []).some(uneven)),
    ).toEqual([]);
  });

  test("a line begins with a letter of the language, or is a link", () => {
    const begins = /^[^\p{L}\u2068]*(?:\p{Script=Arabic})/u;
    expect(find((line) => line !== "" && !begins.test(line) && !/^https?:\/\/\S+$/.test(line))).toEqual([]);
  });
});

describe("isolating", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "سلام",
      "(",
      ")",
      " ",
      "\n",
      "I-131",
      "$1,020",
      "https://www.uscis.gov/i-131",
      "۱۴۰۵",
      "a",
      "9",
      ".",
      "،",
      "%",
      "+1 800",
      "@x",
      "\u2068x\u2069",
    ),
    fc.string({ unit: "binary", maxLength: 4 }).map(withoutBidiControls),
  );
  const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));

  test("adds isolates and nothing else, balanced on every line, and doing it twice adds no more", () => {
    fc.assert(
      fc.property(text, fc.constantFrom("fa-AF", "ps"), (given, language) => {
        const once = isolateLatin(given, language);
        expect(withoutBidiControls(once)).toBe(withoutBidiControls(given));
        expect(once.split("\n").every(isBalanced)).toBe(true);
        expect(isolateLatin(once, language)).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  test("leaves languages that run from left to right alone", () => {
    fc.assert(
      fc.property(text, fc.constantFrom("en", "es"), (given, language) => {
        expect(isolateLatin(given, language)).toBe(given);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["فورم I-131 را پر کنید", "فورم ⁨I-131⁩ را پر کنید"],
    ["فیس ($1,020) است.", "فیس (⁨$1,020⁩) است."],
    ["در uscis.gov/i-131 ببینید.", "در ⁨uscis.gov/i-131⁩ ببینید."],
    ["https://www.uscis.gov/i-131", "https://www.uscis.gov/i-131"],
    ["(https://www.uscis.gov/i-131)", "(⁨https://www.uscis.gov/i-131⁩)"],
  ])("%s", (given, wanted) => {
    expect(isolateLatin(given, "fa-AF")).toBe(wanted);
  });
});
