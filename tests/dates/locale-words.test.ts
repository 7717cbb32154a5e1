import { describe, expect, it } from "vitest";
import { wordKey } from "../../src/core/dates/date-lexicon.ts";
import { languages, words } from "./date-words.ts";

/** Every accepted spelling with what it means, in all languages. */
function meanings(): readonly (readonly [word: string, meaning: string])[] {
  return Object.values(words).flatMap(({ weekdays, months, accept }) => [
    ...weekdays.flatMap((name, index) =>
      [name, ...(accept.weekdays[index] ?? [])].map((word) => [word, `weekday ${index}`] as const),
    ),
    ...months.gregorian.flatMap((name, index) =>
      [name, ...(accept.gregorian[index] ?? [])].map((word) => [word, `gregorian ${index + 1}`] as const),
    ),
    ...months.solarHijri.flatMap((name, index) =>
      [name, ...(accept.solarHijri[index] ?? [])].map((word) => [word, `solarHijri ${index + 1}`] as const),
    ),
    ...accept.today.map((word) => [word, "today"] as const),
    ...accept.tomorrow.map((word) => [word, "tomorrow"] as const),
    ...accept.first.map((word) => [word, "first"] as const),
    ...accept.calendars.gregorian.map((word) => [word, "in gregorian"] as const),
    ...accept.calendars.solarHijri.map((word) => [word, "in solarHijri"] as const),
    ...accept.ignore.map((word) => [word, "ignore"] as const),
  ]);
}

describe.each(languages)("%s", (language) => {
  const { weekdays, months, accept, patterns } = words[language];

  it("names every weekday and month once", () => {
    for (const [names, count] of [
      [weekdays, 7],
      [months.gregorian, 12],
      [months.solarHijri, 12],
    ] as const) {
      expect(new Set(names.map(wordKey)).size).toBe(count);
      expect(names.every((name) => wordKey(name) !== "")).toBe(true);
    }
    expect([accept.weekdays, accept.gregorian, accept.solarHijri].map((lists) => lists.length)).toEqual([
      7, 12, 12,
    ]);
  });

  it("uses every part of a date in its patterns once", () => {
    const placeholders = (pattern: string): string[] =>
      Array.from(pattern.matchAll(/\{\{(\w+)\}\}/g), ([, name]) => name ?? "").sort();
    expect(placeholders(patterns.gregorian)).toEqual(["day", "month", "year"]);
    expect(placeholders(patterns.solarHijri)).toEqual(["day", "month", "year"]);
    expect(placeholders(patterns.both)).toEqual(["gregorian", "solarHijri", "weekday"]);
  });
});

it("no spelling means one thing in one language and another in the next", () => {
  const byKey = new Map<string, Set<string>>();
  for (const [word, meaning] of meanings()) {
    byKey.set(wordKey(word), (byKey.get(wordKey(word)) ?? new Set()).add(meaning));
  }
  expect(
    Array.from(byKey)
      .filter(([, found]) => found.size > 1)
      .map(([key, found]) => [key, ...found]),
  ).toEqual([]);
});
