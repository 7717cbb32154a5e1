import { expect, it } from "vitest";
import { conditionWords } from "../../src/draw/condition-words.ts";

/** An option by its words, as a drawing has them. */
const say = (name: string, value: unknown) => `“${name}/${value}”`;

it.each<readonly [condition: unknown, words: string]>([
  [{}, "always"],
  [{ where: "in-us" }, "where is “where/in-us”"],
  [
    { where: "in-us", age: { "at-least": 14, "less-than": 18 } },
    "where is “where/in-us” and age is at least 14 and is less than 18",
  ],
  [{ any: [{ a: 1 }, { b: 2 }] }, "(a is “a/1” or b is “b/2”)"],
  [{ all: [{ a: 1 }, { b: 2 }] }, "(a is “a/1” and b is “b/2”)"],
  [{ any: [{ a: 1 }] }, "a is “a/1”"],
  [{ not: { asylum: "yes" } }, "not (asylum is “asylum/yes”)"],
  [{ day: { answered: true } }, "day is known"],
  [{ day: { answered: false } }, "day is not known"],
  [{ day: { "one-of": ["x", "y"] } }, "day is one of “day/x”, “day/y”"],
  [{ day: { before: "today" } }, "day is before today"],
  [{ day: { after: "2026-12-31" } }, "day is after 2026-12-31"],
  [{ day: { within: 30 } }, "day is from today to 30 days ahead"],
  [{ day: { within: { days: 365, of: "arrived" } } }, "day is from arrived to 365 days ahead"],
  [{ day: { "older-than": { days: 90, of: "arrived" } } }, "day is more than 90 days before arrived"],
  [{ ages: { some: { "more-than": 3 } } }, "ages has one that is more than 3"],
  [{ ages: { every: { "at-most": 3 } } }, "ages has only such that is at most 3"],
  [{ ages: { count: { "at-least": 2 } } }, "ages has at least 2"],
  [
    { "children.passport": { count: { of: "no", "at-least": 2 } } },
    "children.passport has at least 2 that is “children.passport/no”",
  ],
  [{ "person.reminders": { "at-least": 1 } }, "number of reminders is at least 1"],
  // A test of a kind that is new here.
  [{ day: { "same-week-as": "arrived" } }, "day same-week-as arrived"],
])("%j is told as %s", (condition, words) => {
  expect(conditionWords(condition, say)).toBe(words);
});
