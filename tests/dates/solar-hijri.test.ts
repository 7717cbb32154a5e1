import { describe, expect, it } from "vitest";
import { addDays, epochDay, fromEpochDay, parts } from "../../src/core/dates/civil-date.ts";
import { fromSolarHijri, toSolarHijri } from "../../src/core/dates/solar-hijri.ts";
import { on } from "./date-words.ts";

const icu = new Intl.DateTimeFormat("fa-IR-u-ca-persian-nu-latn", {
  timeZone: "UTC",
  year: "numeric",
  month: "numeric",
  day: "numeric",
});

function byIcu(epochDays: number): { year: number; month: number; day: number } {
  const found = Object.fromEntries(
    icu.formatToParts(epochDays * 86_400_000).map(({ type, value }) => [type, value]),
  );
  return { year: Number(found["year"]), month: Number(found["month"]), day: Number(found["day"]) };
}

describe("Solar Hijri", () => {
  it("agrees with ICU there and back on every day of 1990 to 2045", () => {
    const last = epochDay(on("2045-12-31"));
    for (let count = epochDay(on("1990-01-01")); count <= last; count += 1) {
      const date = fromEpochDay(count);
      const hijri = toSolarHijri(date);
      expect(hijri).toEqual(byIcu(count));
      expect(fromSolarHijri(hijri.year, hijri.month, hijri.day)).toBe(date);
    }
  });

  // The equinox years as printed on Afghan and Iranian calendars.
  it.each([
    ["2025-03-21", 1404, 1, 1],
    ["2026-03-21", 1405, 1, 1],
    ["2024-03-20", 1403, 1, 1],
    ["2025-03-20", 1403, 12, 30],
    ["2021-03-20", 1399, 12, 30],
    ["1979-02-11", 1357, 11, 22],
    ["2026-06-03", 1405, 3, 13],
  ])("%s is %i/%i/%i", (date, year, month, day) => {
    expect(toSolarHijri(on(date))).toEqual({ year, month, day });
    expect(fromSolarHijri(year, month, day)).toBe(date);
  });

  it("has 30 Hut in leap years only, and each new year on the day after the last", () => {
    const leapYears: number[] = [];
    for (let year = 1200; year < 1600; year += 1) {
      const newYear = fromSolarHijri(year + 1, 1, 1);
      const lastDay = fromSolarHijri(year, 12, 30) ?? fromSolarHijri(year, 12, 29);
      expect(lastDay && addDays(lastDay, 1)).toBe(newYear);
      if (fromSolarHijri(year, 12, 30) !== undefined) leapYears.push(year);
    }
    expect(leapYears.filter((year) => year >= 1370 && year <= 1412)).toEqual([
      1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412,
    ]);
  });

  it.each([
    [1405, 12, 30],
    [1405, 7, 31],
    [1403, 12, 31],
    [1405, 0, 1],
    [1405, 13, 1],
    [1405, 1, 0],
    [1405, 1, 32],
    [1405.5, 1, 1],
    [1405, 1.5, 1],
    [1405, 1, 1.5],
    [Number.NaN, 1, 1],
    [1199, 1, 1],
    [1601, 1, 1],
  ])("%d/%d/%d does not exist", (year, month, day) => {
    expect(fromSolarHijri(year, month, day)).toBeUndefined();
  });

  it("gives every date of the Gregorian calendar some day", () => {
    for (const date of [on("0001-01-01"), on("0622-03-22"), on("9999-12-31")]) {
      const { year, month, day } = toSolarHijri(date);
      expect([year, month, day].every(Number.isInteger)).toBe(true);
      expect(Math.abs(parts(date).year - 621 - year)).toBeLessThanOrEqual(1);
    }
  });
});
