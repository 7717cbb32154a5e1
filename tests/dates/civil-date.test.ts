import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  addYears,
  civilDate,
  daysBetween,
  epochDay,
  fromEpochDay,
  isCivilDate,
  parts,
  weekday,
} from "../../src/core/dates/civil-date.ts";
import { on } from "./date-words.ts";

const dayMs = 86_400_000;
const firstDay = epochDay(on("0001-01-01"));
const lastDay = epochDay(on("9999-12-31"));
const days = fc.integer({ min: firstDay, max: lastDay });

describe("civil dates", () => {
  it.each([
    [2026, 2, 28, "2026-02-28"],
    [2024, 2, 29, "2024-02-29"],
    [2000, 2, 29, "2000-02-29"],
    [1, 1, 1, "0001-01-01"],
    [9999, 12, 31, "9999-12-31"],
  ])("%i/%i/%i exists", (year, month, day, text) => {
    expect(civilDate(year, month, day)).toBe(text);
  });

  it.each([
    [2026, 2, 29],
    [1900, 2, 29],
    [2026, 4, 31],
    [2026, 0, 1],
    [2026, 13, 1],
    [2026, 1, 0],
    [2026, 1, 32],
    [0, 1, 1],
    [-5, 1, 1],
    [10_000, 1, 1],
    [2026.5, 1, 1],
    [2026, 1, 1.5],
    [Number.NaN, 1, 1],
  ])("%d/%d/%d does not", (year, month, day) => {
    expect(civilDate(year, month, day)).toBeUndefined();
  });

  it.each([
    "2026-6-3",
    "2026-06-31",
    " 2026-06-03",
    "2026-06-03\n",
    "۲۰۲۶-۰۶-۰۳",
    "",
    20_260_603,
    undefined,
    null,
  ])("%j is not a civil date", (value) => {
    expect(isCivilDate(value)).toBe(false);
  });

  it("counts days as the platform's own calendar does", () => {
    fc.assert(
      fc.property(days, (count) => {
        const date = fromEpochDay(count);
        const own = new Date(count * dayMs);
        expect(date).toBe(own.toISOString().slice(0, 10));
        expect(weekday(date)).toBe(own.getUTCDay());
        expect(epochDay(date)).toBe(count);
        expect(civilDate(parts(date).year, parts(date).month, parts(date).day)).toBe(date);
      }),
      { numRuns: 2_000 },
    );
  });

  it("adds and counts days as opposites", () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        expect(daysBetween(fromEpochDay(a), fromEpochDay(b))).toBe(b - a);
        expect(addDays(fromEpochDay(a), b - a)).toBe(fromEpochDay(b));
      }),
    );
  });

  it.each([
    ["2025-06-03", 1, "2026-06-03"],
    ["2024-02-29", 1, "2025-02-28"],
    ["2024-02-29", 4, "2028-02-29"],
    ["2025-02-28", 3, "2028-02-28"],
    ["2024-02-29", -1, "2023-02-28"],
  ])("%s and %i years is %s", (date, years, later) => {
    expect(addYears(on(date), years)).toBe(later);
  });

  it("refuses to leave the years that can be written", () => {
    expect(() => addDays(on("9999-12-31"), 1)).toThrow(RangeError);
    expect(() => addDays(on("0001-01-01"), -1)).toThrow(RangeError);
    expect(() => addYears(on("9999-12-31"), 1)).toThrow(RangeError);
  });
});
