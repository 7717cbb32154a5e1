import { describe, expect, it } from "vitest";
import { addDays, type CivilDate, fromEpochDay } from "../../src/core/dates/civil-date.ts";
import { civilDateIn, instantOf, isTimeZone, minuteOfDayIn } from "../../src/core/dates/zone.ts";
import { on } from "./date-words.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

const zones = [
  "America/New_York",
  "Asia/Kabul",
  "Europe/Berlin",
  "America/Sao_Paulo",
  "Asia/Tehran",
  "Australia/Lord_Howe",
] as const;

/** What the clocks show, by another way through Intl than the code takes: "2026-06-03 02:30:00". */
function clocks(zone: string): (atMs: number) => string {
  const formatter = new Intl.DateTimeFormat("en-CA", {
    calendar: "iso8601",
    numberingSystem: "latn",
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  return (atMs) => {
    const found = Object.fromEntries(formatter.formatToParts(atMs).map(({ type, value }) => [type, value]));
    return `${found["year"]}-${found["month"]}-${found["day"]} ${found["hour"]}:${found["minute"]}`;
  };
}

function wallOf(date: CivilDate, minute: number): string {
  const two = (count: number): string => String(count).padStart(2, "0");
  return `${date} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Days of 2015-2030 on which the zone's noon is not 24 hours after the day before's, and the days around them. */
function unusualDays(zone: string): CivilDate[] {
  const show = clocks(zone);
  const found: CivilDate[] = [];
  let before = show(Date.UTC(2015, 0, 1)).slice(11);
  for (let at = Date.UTC(2015, 0, 2); at < Date.UTC(2031, 0, 1); at += dayMs) {
    const now = show(at).slice(11);
    if (now !== before) found.push(...[-1, 0, 1].map((shift) => fromEpochDay(at / dayMs + shift)));
    before = now;
  }
  return found;
}

/** Every minute around the day, in order, with what the clocks show. */
function minutesAround(date: CivilDate, zone: string): { atMs: number; shown: string }[] {
  const show = clocks(zone);
  const start = Date.parse(`${date}T00:00:00Z`) - 15 * 60 * minuteMs;
  return Array.from({ length: (24 + 30) * 60 }, (_, index) => {
    const atMs = start + index * minuteMs;
    return { atMs, shown: show(atMs) };
  });
}

describe.each(zones)("%s", (zone) => {
  const unusual = unusualDays(zone);
  const dates = new Set([...unusual.slice(0, 6), ...unusual.slice(-6), on("2026-01-15"), on("2026-07-15")]);
  const days = Array.from(dates, (date) => ({ date, minutes: minutesAround(date, zone) }));

  it("is tried where its clocks change, if they ever do", () => {
    expect(unusual.length > 0).toBe(zone !== "Asia/Kabul");
  });

  it("finds for every minute of the days around a change of clocks the instant a search of all minutes finds", () => {
    for (const { date, minutes } of days) {
      const first = new Map(minutes.toReversed().map(({ atMs, shown }) => [shown, atMs]));
      for (let minute = 0; minute < 1_440; minute += 5) {
        const wall = wallOf(date, minute);
        const expected = first.get(wall) ?? minutes.find(({ shown }) => shown > wall)?.atMs;
        expect(instantOf(date, minute, zone), `${wall} ${zone}`).toBe(expected);
      }
    }
  });

  it("shows date and minute as the clocks do", () => {
    for (const { minutes } of days) {
      for (const { atMs, shown } of minutes.filter((_, index) => index % 7 === 0)) {
        expect(wallOf(civilDateIn(zone, atMs), minuteOfDayIn(zone, atMs))).toBe(shown);
        expect(wallOf(civilDateIn(zone, atMs + 59_999), minuteOfDayIn(zone, atMs + 59_999))).toBe(shown);
      }
    }
  });
});

describe("known instants", () => {
  it.each([
    ["2026-06-03", 9 * 60, "Asia/Kabul", "2026-06-03T04:30:00Z"],
    ["2026-03-08", 150, "America/New_York", "2026-03-08T07:00:00Z"],
    ["2026-11-01", 90, "America/New_York", "2026-11-01T05:30:00Z"],
    ["2018-11-04", 0, "America/Sao_Paulo", "2018-11-04T03:00:00Z"],
    ["2026-10-04", 135, "Australia/Lord_Howe", "2026-10-03T15:30:00Z"],
    // Samoa had no 30 December 2011.
    ["2011-12-30", 12 * 60, "Pacific/Apia", "2011-12-30T10:00:00Z"],
    ["2026-06-03", 1_440, "UTC", "2026-06-04T00:00:00Z"],
    // Before zones, clocks were off by seconds too: Kabul was 4:36:48 ahead.
    ["1880-01-01", 0, "Asia/Kabul", "1879-12-31T19:23:12Z"],
  ])("%s minute %i in %s is %s", (date, minute, zone, instant) => {
    expect(new Date(instantOf(on(date), minute, zone)).toISOString()).toBe(instant.replace("Z", ".000Z"));
  });

  it("changes the date at the zone's midnight", () => {
    const midnight = instantOf(on("2026-06-03"), 0, "Asia/Kabul");
    expect(civilDateIn("Asia/Kabul", midnight)).toBe("2026-06-03");
    expect(civilDateIn("Asia/Kabul", midnight - 1)).toBe(addDays(on("2026-06-03"), -1));
    expect(minuteOfDayIn("Asia/Kabul", midnight - 1)).toBe(1_439);
  });

  it.each(["Asia/Kabul", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])("%s is a zone", (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(["", "+04:30", "-05", "Kabul", "Asia/Kabul ", "افغانستان", "Asia"])("%j is none", (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
