import { describe, expect, test } from "vitest";
import { isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { holds, type Known } from "../../../src/core/flow/condition.ts";
import { type Condition, condition } from "../../../src/core/flow/condition-schema.ts";
import type { Value } from "../../../src/core/nouns/value.ts";

const today = "2026-11-23";

const values: Readonly<Record<string, Value>> = {
  where: "abroad",
  sure: "dont-know",
  age: 14,
  fee: 99.5,
  flag: true,
  born: "2012-11-23",
  ends: "2026-12-23",
  past: "2026-11-22",
  picks: ["tea", "salt"],
  nothing: [],
  "children.count": 3,
  "children.age": [3, 14, "dont-know"],
  "children.passport": ["yes", "", "no"],
  "children.born": ["2012-01-01", "2026-12-01", ""],
};

const known: Known = {
  value: (name) => values[name],
  today: () => {
    if (!isCivilDate(today)) throw new Error("today is no day");
    return today;
  },
};

/** A condition as it would be read from a file. */
function read(data: unknown): Condition {
  return condition.parse(data);
}

const rows: readonly (readonly [name: string, data: unknown, holds: boolean])[] = [
  ["a value it is", { where: "abroad" }, true],
  ["a value it is not", { where: "in-us" }, false],
  ["a number it is", { age: 14 }, true],
  ["a text that looks like the number", { age: "14" }, false],
  ["a flag", { flag: true }, true],
  ["one of some", { where: { "one-of": ["in-us", "abroad"] } }, true],
  ["none of some", { where: { "one-of": ["in-us"] } }, false],
  ["a no-answer", { sure: "dont-know" }, true],
  ["what is not known", { gone: "x" }, false],

  ["less than, at the edge", { age: { "less-than": 14 } }, false],
  ["less than, below it", { age: { "less-than": 14.5 } }, true],
  ["at most, at the edge", { age: { "at-most": 14 } }, true],
  ["at most, above it", { age: { "at-most": 13 } }, false],
  ["at least, at the edge", { age: { "at-least": 14 } }, true],
  ["at least, below it", { age: { "at-least": 15 } }, false],
  ["more than, at the edge", { age: { "more-than": 14 } }, false],
  ["more than, above it", { age: { "more-than": 13 } }, true],
  ["an amount between two", { fee: { "at-least": 99, "less-than": 100 } }, true],
  ["an amount outside two", { fee: { "at-least": 99, "less-than": 99.5 } }, false],
  ["a number, of what is not answered", { gone: { "at-least": 0 } }, false],
  ["a number, of a no-answer", { sure: { "at-least": 0 } }, false],

  ["before today, the day before", { past: { before: "today" } }, true],
  ["before the day itself", { past: { before: "2026-11-22" } }, false],
  ["after another answer", { ends: { after: "past" } }, true],
  ["after an answer that is no date", { ends: { after: "where" } }, false],
  ["within, on the last day", { ends: { within: 30 } }, true],
  ["within, a day too late", { ends: { within: 29 } }, false],
  ["within, with its unit, on the last day", { ends: { within: "30d" } }, true],
  ["within, with its unit, a day too late", { ends: { within: "29d" } }, false],
  ["older, with its unit", { past: { "older-than": "0d" } }, true],
  ["within, but past", { past: { within: 30 } }, false],
  ["within days of another answer", { ends: { within: { days: 31, of: "past" } } }, true],
  ["within too few days of another answer", { ends: { within: { days: 30, of: "past" } } }, false],
  ["older than, to the day", { born: { "older-than": 5113 } }, false],
  ["older than, a day more", { born: { "older-than": 5112 } }, true],
  ["older than, from another day", { past: { "older-than": { days: 30, of: "ends" } } }, true],
  ["not older than, from another day", { past: { "older-than": { days: 31, of: "ends" } } }, false],
  ["a date between two", { ends: { after: "today", before: "2027-01-01" } }, true],

  ["answered", { age: { answered: true } }, true],
  ["answered with a no-answer", { sure: { answered: true } }, true],
  ["not answered", { gone: { answered: false } }, true],
  ["answered, what is not", { gone: { answered: true } }, false],
  ["not answered, what is", { age: { answered: false } }, false],

  ["some picks", { picks: { some: "tea" } }, true],
  ["some picks that are not", { picks: { some: "rice" } }, false],
  ["every pick", { picks: { every: { "one-of": ["tea", "salt"] } } }, true],
  ["not every pick", { picks: { every: "tea" } }, false],
  ["every one of none", { nothing: { every: "tea" } }, false],
  ["some of none", { nothing: { some: "tea" } }, false],
  ["how many there are", { picks: { count: { "at-least": 2, "at-most": 2 } } }, true],
  ["how many of none", { nothing: { count: { "at-most": 0 } } }, true],
  ["how many rounds", { "children.count": { "at-least": 3 } }, true],
  ["some rounds", { "children.age": { some: { "at-least": 14 } } }, true],
  ["every round, where one is not known", { "children.age": { every: { "at-most": 14 } } }, false],
  ["how many rounds are so", { "children.age": { count: { of: { "at-most": 14 }, "at-least": 2 } } }, true],
  ["how many rounds are not known", { "children.age": { count: { of: "dont-know", "at-least": 1 } } }, true],
  ["a round without an answer", { "children.passport": { some: { answered: false } } }, true],
  ["every round answered", { "children.passport": { every: { answered: true } } }, false],
  [
    "how many rounds answered",
    { "children.passport": { count: { of: { answered: true }, "at-most": 2 } } },
    true,
  ],
  ["some dates", { "children.born": { some: { after: "today" } } }, true],
  ["every date", { "children.born": { every: { before: "today" } } }, false],
  ["a list is not a value", { picks: "tea" }, false],
  ["a value is not a list", { where: { some: "abroad" } }, false],

  ["any", { any: [{ where: "in-us" }, { age: 14 }] }, true],
  ["none of any", { any: [{ where: "in-us" }, { age: 15 }] }, false],
  ["all", { all: [{ age: { "at-least": 14 } }, { age: { "less-than": 18 } }] }, true],
  ["not all", { all: [{ age: { "at-least": 14 } }, { age: { "less-than": 14 } }] }, false],
  ["not", { not: { where: "in-us" } }, true],
  ["not what is not known", { not: { gone: "x" } }, true],
  ["all lines", { where: "abroad", age: 14 }, true],
  ["all lines but one", { where: "abroad", age: 15 }, false],
  [
    "inside each other",
    { not: { any: [{ all: [{ where: "abroad" }, { not: { age: 14 } }] }, { gone: 1 }] } },
    true,
  ],
];

describe("a condition", () => {
  test.each(rows)("%s", (_, data, wanted) => {
    expect(holds(read(data), known)).toBe(wanted);
  });

  test("and its opposite never hold both", () => {
    for (const [, data] of rows) {
      expect(holds(read({ not: data }), known)).toBe(!holds(read(data), known));
    }
  });

  test.each([
    ["a list where a test belongs", { where: ["a"] }],
    ["a test that there is not", { where: { like: "a" } }],
    ["any without a list", { any: { where: "a" } }],
    ["any of nothing", { any: [] }],
    ["not of a value", { not: "a" }],
    ["a count without a number", { picks: { count: { "at-least": -1 } } }],
    ["days that are not whole", { ends: { within: 1.5 } }],
    ["another unit of days", { ends: { within: "30w" } }],
    ["a unit said twice", { ends: { within: { days: "30d", of: "past" } } }],
    ["a list inside a list", { picks: { some: { some: "a" } } }],
    ["nothing", {}],
  ])("is not %s", (_, data) => {
    expect(condition.safeParse(data).success).toBe(false);
  });
});
