import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemCode } from "../../src/app/errors.ts";
import { readSource } from "../../src/content/read-source.ts";
import { makeTranslator } from "../../src/content/translator.ts";
import type { Translator } from "../../src/core/render/translator.ts";
import { tree } from "./tree.ts";

const words = (data: unknown): string => JSON.stringify(data);

function translator(): Translator {
  const root = tree({
    "locales/en/menu.json": words({
      ask: { text: "What now?", options: { "yes-no": "Yes or no" }, accept: ["a", "b"], none: "" },
      order: 1,
      only: "English",
      blank: "Not blank",
      spaced: "[{{  name }}] {{name}}",
      two: "{{label}} on {{date}}, {{label}}",
      answer: "You said {{answers.date-of-birth}} and {{count}}",
      odd: "{{ }} {{a b}} {{constructor}} {{fact.gone}} $t(menu:only) {{x, number}}",
      most: "At most {{most}}",
    }),
    "locales/en/screening/start.json": words({
      fee: { text: "Fee:\n{{fact.parole-fee}}\n{{fact.filing-fee-free}}\n{{fact.parole-fee}}", note: "none" },
      days_one: "{{count}} day {{fact.one-day}}",
      days_other: "{{count}} days {{fact.more-days}}",
      lone_other: "{{count}} in English",
    }),
    "locales/es/menu.json": words({ ask: { text: "¿Y ahora?", accept: { a: [] } }, only: ["x"], blank: "" }),
    "locales/es/screening/start.json": words({
      days_one: "{{count}} día",
      days_many: "{{count}} de días",
      days_other: "{{count}} días",
    }),
    "locales/fa-AF/menu.json": words({ most: "تا {{most}}", ask: { text: "حالا چه؟ {{fact.persian}}" } }),
    "locales/fa-AF/screening/start.json": words({
      days_one: "{{count}} روز",
      days_other: "{{count}} روزها",
    }),
    "locales/ps/screening/start.json": words({ days_one: "{{count}} ورځ", days_other: "{{count}} ورځې" }),
  });
  const { source, issues } = readSource(root);
  expect(issues).toEqual([]);
  return makeTranslator(source);
}

describe("a text", () => {
  it.each([
    ["en", "menu:ask.text", "What now?"],
    ["en", "menu:ask.options.yes-no", "Yes or no"],
    ["es", "menu:ask.text", "¿Y ahora?"],
    ["es", "menu:ask.options.yes-no", "Yes or no"],
    ["es", "menu:only", "English"],
    ["es", "menu:blank", "Not blank"],
    ["ps", "menu:ask.text", "What now?"],
    ["fr", "menu:ask.text", "What now?"],
  ])("in %s of %s is %s", (language, key, text) => {
    expect(translator().text(language, key, {}, {})).toBe(text);
  });

  it.each([
    "menu:gone",
    "gone:ask.text",
    "menu:ask",
    "menu:ask.accept",
    "menu:order",
    "menu:ask.none",
    "menu",
    "",
    ":",
    "screening/start:days",
  ])("%j is none", (key) => {
    for (const language of ["en", "fa-AF"]) {
      let code: string | undefined;
      try {
        translator().text(language, key, {}, {});
      } catch (error) {
        code = problemCode(error);
      }
      expect(code).toBe("content");
    }
  });

  it("names the key that is missing", () => {
    expect(() => translator().text("es", "menu:gone", {}, {})).toThrow("menu:gone");
  });
});

describe("placeholders", () => {
  it.each<readonly [key: string, params: Readonly<Record<string, string | number>>, text: string]>([
    ["menu:spaced", { name: "x" }, "[x] x"],
    ["menu:two", { label: "my son", date: "3 June" }, "my son on 3 June, my son"],
    ["menu:two", { label: "{{date}}", date: "{{label}}" }, "{{date}} on {{label}}, {{date}}"],
    ["menu:two", { label: "$t(menu:only)", date: "$&" }, "$t(menu:only) on $&, $t(menu:only)"],
    ["menu:two", { label: "" }, " on {{date}}, "],
    ["menu:answer", { "answers.date-of-birth": "1990", count: "7" }, "You said 1990 and 7"],
    ["menu:answer", { "answers.date-of-birth": 3, count: 7 }, "You said 3 and 7"],
    ["menu:odd", {}, "{{}} {{a b}} {{constructor}} {{fact.gone}} $t(menu:only) {{x, number}}"],
  ])("of %s with %j", (key, params, text) => {
    expect(translator().text("en", key, params, {})).toBe(text);
  });

  it("take facts by ids with hyphens, each literally", () => {
    const facts = { "parole-fee": "{{fact.filing-fee-free}} $1", "filing-fee-free": "free" };
    expect(translator().text("en", "screening/start:fee.text", { "fact.parole-fee": "no" }, facts)).toBe(
      "Fee:\n{{fact.filing-fee-free}} $1\nfree\n{{fact.filing-fee-free}} $1",
    );
  });

  it("put every value in as it is, whatever it looks like", () => {
    const words = translator();
    const value = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        "{{label}}",
        "{{date}}",
        "{{- date}}",
        "{{fact.x}}",
        "$t(menu:only)",
        "$t(menu:two, {})",
        "$&",
        "$1",
        "$$",
        "{{",
        "}}",
        "&<>",
      ),
      fc.string({ unit: fc.constantFrom("{", "}", "$", "(", ")", "t", "date") }),
    );
    const asked = fc.record({
      label: value,
      date: value,
      lng: value,
      ns: value,
      context: value,
      defaultValue: value,
      replace: value,
    });
    fc.assert(
      fc.property(fc.constantFrom("en", "es", "ps"), asked, (language, params) => {
        const { label, date } = params;
        expect(words.text(language, "menu:two", params, {})).toBe(`${label} on ${date}, ${label}`);
      }),
    );
  });

  it("write numbers in the language's own digits, values as they come", () => {
    expect(translator().text("fa-AF", "menu:most", { most: 200 }, {})).toBe("تا ۲۰۰");
    expect(translator().text("fa-AF", "menu:most", { most: "200" }, {})).toBe("تا 200");
    expect(translator().text("ps", "menu:most", { most: 200 }, {})).toBe("At most 200");
  });
});

describe("plurals", () => {
  it.each([
    ["en", 0, "0 days {{fact.more-days}}"],
    ["en", 1, "1 day {{fact.one-day}}"],
    ["en", 2, "2 days {{fact.more-days}}"],
    ["es", 0, "0 días"],
    ["es", 1, "1 día"],
    ["es", 2, "2 días"],
    ["es", 1_000_000, "1000000 de días"],
    ["fa-AF", 0, "۰ روز"],
    ["fa-AF", 1, "۱ روز"],
    ["fa-AF", 2, "۲ روزها"],
    ["ps", 0, "۰ ورځې"],
    ["ps", 1, "۱ ورځ"],
    ["ps", 30, "۳۰ ورځې"],
  ])("in %s for %i", (language, count, text) => {
    const words = translator();
    // Twice: the second time from what was kept.
    expect(words.text(language, "screening/start:days", { count }, {})).toBe(text);
    expect(words.text(language, "screening/start:days", { count }, {})).toBe(text);
  });

  it("fall back to English with English's forms and digits", () => {
    expect(translator().text("ps", "screening/start:lone", { count: 3 }, {})).toBe("3 in English");
  });
});

describe("factsIn", () => {
  it.each<readonly [key: string, ids: readonly string[]]>([
    ["screening/start:fee.text", ["parole-fee", "filing-fee-free"]],
    ["screening/start:fee.note", []],
    ["screening/start:days", ["one-day", "more-days"]],
    ["menu:ask.text", ["persian"]],
    ["menu:gone", []],
  ])("%s states %j", (key, ids) => {
    expect(translator().factsIn(key)).toEqual(ids);
  });
});
