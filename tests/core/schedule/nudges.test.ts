import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type CivilDate, daysBetween, isCivilDate } from "../../../src/core/dates/civil-date.ts";
import type { ReminderKind } from "../../../src/core/flow/program.ts";
import { day, hour, type Ms, minute } from "../../../src/core/nouns/time.ts";
import { nextNudgeAt, nudgeAt, snoozedUntil } from "../../../src/core/schedule/nudges.ts";

const runs = 80;

const zones = [
  "America/New_York",
  "Asia/Kabul",
  "Asia/Tehran",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "UTC",
];

function civil(text: string): CivilDate {
  if (!isCivilDate(text)) throw new Error(`${text} is no date`);
  return text;
}

// The oracle: what clocks on the wall show, read minute by minute, with no arithmetic of ours.

const clocks = new Map(
  zones.map((zone) => [
    zone,
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    }),
  ]),
);

type Wall = { readonly date: CivilDate; readonly minutes: number };

function wallAt(zone: string, at: Ms): Wall {
  const parts = Object.fromEntries(
    (clocks.get(zone)?.formatToParts(at) ?? []).map(({ type, value }) => [type, value]),
  );
  const { year, month, day: dayOfMonth, hour: h, minute: m } = parts;
  return { date: civil(`${year}-${month}-${dayOfMonth}`), minutes: Number(h) * 60 + Number(m) };
}

/** The first quarter of an hour on or after that date at which the clocks show that hour or later. */
function firstAt(zone: string, date: CivilDate, firstHour: number): Ms {
  const from = Date.parse(`${date}T00:00:00Z`) - 15 * hour;
  for (let at = from; ; at += 15 * minute) {
    const wall = wallAt(zone, at);
    if (wall.date > date || (wall.date === date && wall.minutes >= firstHour * 60)) return at;
  }
}

const ladderKind = (ladder: readonly number[], hours: readonly [number, number] = [9, 20]): ReminderKind => ({
  kind: "test",
  ladder: [...ladder],
  hours: [...hours],
  snooze: { days: 3 },
});
const everyKind = (days: number): ReminderKind => ({
  kind: "test",
  every: { days },
  hours: [9, 20],
  snooze: { days: 3 },
});

/** Every moment at which a nudge should be said when nothing is ever late. */
function expectedMoments(
  kind: ReminderKind,
  date: CivilDate,
  zone: string,
  after: Ms,
  until: CivilDate,
): Ms[] {
  const moments: Ms[] = [];
  for (let on = wallAt(zone, after).date; on <= until; on = addDays(on, 1)) {
    const left = daysBetween(on, date);
    const isRung =
      kind.every === undefined
        ? kind.ladder?.includes(left) === true
        : left < 0 && -left % kind.every.days === 0;
    const at = isRung ? firstAt(zone, on, kind.hours[0]) : 0;
    if (at > after) moments.push(at);
  }
  return moments;
}

/** A moment that was handled: when it was woken, and what became of it. */
type Handled = { readonly woken: Ms; readonly now: Ms; readonly decision: ReturnType<typeof nudgeAt> };

/** What happens when each moment is handled that much later than it was planned for. */
function handled(
  kind: ReminderKind,
  date: CivilDate,
  zone: string,
  setAt: Ms,
  lateness: readonly Ms[],
  until: Ms,
): readonly Handled[] {
  const all: Handled[] = [];
  const dayOf = (at: Ms | undefined) => (at === undefined ? undefined : wallAt(zone, at).date);
  let next = nextNudgeAt(kind, date, zone, setAt);
  let planned = dayOf(next);
  while (next !== undefined && next < until) {
    if (all.length > 500) throw new Error("it never ends");
    const now: Ms = next + (lateness[all.length] ?? 0);
    const decision = nudgeAt(kind, date, planned, zone, now);
    all.push({ woken: next, now, decision });
    next = decision.kind === "later" ? decision.at : nextNudgeAt(kind, date, zone, now);
    if (decision.kind !== "later") planned = dayOf(next);
  }
  return all;
}

/** The same by what was said, when it was woken, and how many rungs were told to be too late. */
function played(...given: Parameters<typeof handled>) {
  const all = handled(...given);
  const [, , zone] = given;
  const said = all.flatMap(({ now, decision }) =>
    decision.kind === "say" ? [{ at: now, missed: decision.missed, until: decision.until }] : [],
  );
  for (const { at, until } of said) {
    expect(until).toBeGreaterThanOrEqual(at);
    expect(wallAt(zone, until).date).toBe(wallAt(zone, at).date);
  }
  const late = all.reduce(
    (sum, { decision }) => sum + (decision.kind === "too-late" ? 1 + decision.missed : 0),
    0,
  );
  return { said, woken: all.map(({ woken }) => woken), late };
}

const ladder = fc
  .uniqueArray(fc.integer({ min: -5, max: 220 }), { minLength: 1, maxLength: 14 })
  .map((rungs) => rungs.sort((a, b) => b - a));
const date = fc.integer({ min: 0, max: 1400 }).map((days) => addDays(civil("2025-01-01"), days));
const setBefore = fc.tuple(fc.integer({ min: -10, max: 240 }), fc.integer({ min: 0, max: 24 * 60 - 1 }));
const hours = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 24 }))
  // A window of an hour can fall into the gap when clocks are put forward; then the next day has to do.
  .filter(([first, last]) => last - first >= 2);

const setAtOf = (on: CivilDate, [days, minutes]: readonly [number, number]): Ms =>
  Date.parse(`${addDays(on, -days)}T00:00:00Z`) + minutes * minute;

describe("a ladder", () => {
  test("never late: each rung once, at the first decent minute of its day, in every zone", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        ladder,
        date,
        setBefore,
        hours,
        (zone, rungs, on, before, open) => {
          const kind = ladderKind(rungs, open);
          const setAt = setAtOf(on, before);
          const { said } = played(kind, on, zone, setAt, [], Number.POSITIVE_INFINITY);
          expect(said.map(({ at }) => at)).toEqual(expectedMoments(kind, on, zone, setAt, addDays(on, 6)));
          expect(said.every(({ missed }) => missed === 0)).toBe(true);
        },
      ),
      { numRuns: runs },
    );
  });

  test("late by up to weeks: only at decent hours, never two on a day, every rung said or accounted for", () => {
    const lateness = fc.array(
      fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 * day }), fc.integer({ min: 0, max: 60 * day })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        ladder,
        date,
        setBefore,
        lateness,
        (zone, rungs, on, before, late) => {
          const setAt = setAtOf(on, before);
          const kind = ladderKind(rungs);
          const {
            said,
            woken,
            late: tooLate,
          } = played(kind, on, zone, setAt, late, Number.POSITIVE_INFINITY);
          const walls = said.map(({ at }) => wallAt(zone, at));
          for (const { minutes } of walls) {
            expect(minutes).toBeGreaterThanOrEqual(9 * 60);
            expect(minutes).toBeLessThan(20 * 60);
          }
          expect(new Set(walls.map((wall) => wall.date)).size).toBe(walls.length);
          expect([...woken].sort((a, b) => a - b)).toEqual(woken);
          const all = expectedMoments(kind, on, zone, setAt, addDays(on, 6)).length;
          expect(said.reduce((sum, { missed }) => sum + 1 + missed, 0) + tooLate).toBe(all);
        },
      ),
      { numRuns: runs },
    );
  });

  test.each([
    ["springing forward in New York", "America/New_York", "2027-03-14"],
    ["falling back in New York", "America/New_York", "2026-11-01"],
    ["springing forward in Berlin", "Europe/Berlin", "2027-03-28"],
    ["falling back in Berlin", "Europe/Berlin", "2026-10-25"],
    ["half an hour forward on Lord Howe", "Australia/Lord_Howe", "2026-10-04"],
    ["half an hour back on Lord Howe", "Australia/Lord_Howe", "2027-04-04"],
    ["springing forward in Tehran, when it still did", "Asia/Tehran", "2022-03-22"],
  ])("%s: nine o'clock is nine o'clock", (_, zone, on) => {
    for (const dates of [civil(on), addDays(civil(on), 1)]) {
      const at = nextNudgeAt(ladderKind([0]), dates, zone, Date.parse(`${dates}T00:00:00Z`) - 2 * day);
      expect(wallAt(zone, at ?? 0)).toEqual({ date: dates, minutes: 9 * 60 });
    }
  });

  test("a rung on the day that Samoa left out is said the next morning, once", () => {
    const zone = "Pacific/Apia";
    const setAt = Date.UTC(2011, 11, 20);
    const { said } = played(
      ladderKind([7, 1]),
      civil("2012-01-06"),
      zone,
      setAt,
      [],
      Number.POSITIVE_INFINITY,
    );
    expect(said.map(({ at }) => wallAt(zone, at))).toEqual([
      { date: "2011-12-31", minutes: 540 },
      { date: "2012-01-05", minutes: 540 },
    ]);
  });

  test("written down in any order it is the same", () => {
    const on = civil("2027-06-03");
    const now = Date.UTC(2027, 4, 1);
    expect(nextNudgeAt(ladderKind([1, 30, 7]), on, "UTC", now)).toBe(
      nextNudgeAt(ladderKind([30, 7, 1]), on, "UTC", now),
    );
  });

  test("long after the last rung it is not said any more", () => {
    const on = civil("2027-06-03");
    const at = (days: number) => Date.parse(`${addDays(on, days)}T12:00:00Z`);
    const kind = ladderKind([30, 1]);
    expect(nudgeAt(kind, on, addDays(on, -1), "UTC", at(1)).kind).toBe("say");
    expect(nudgeAt(kind, on, addDays(on, -1), "UTC", at(2)).kind).toBe("too-late");
    expect(nudgeAt(kind, on, addDays(on, 5), "UTC", at(5)).kind).toBe("say");
    expect(nextNudgeAt(kind, on, "UTC", at(1))).toBeUndefined();
  });

  test("what is not a date is never due", () => {
    expect(nextNudgeAt(ladderKind([1]), "soon", "UTC", 0)).toBeUndefined();
  });
});

describe("a recurring nudge", () => {
  test("keeps its rhythm from the day it was set, however late each is handled", () => {
    const lateness = fc.array(fc.integer({ min: 0, max: 3 * day }), { maxLength: 10 });
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 1, max: 45 }),
        date,
        lateness,
        (zone, days, on, late) => {
          const setAt = Date.parse(`${on}T10:00:00Z`);
          const until = setAt + 60 * day;
          const onTime = expectedMoments(everyKind(days), on, zone, setAt, addDays(on, 65));
          const { said: punctual } = played(everyKind(days), on, zone, setAt, [], until);
          expect(punctual.map(({ at }) => at)).toEqual(onTime.filter((at) => at < until));
          const { said } = played(everyKind(days), on, zone, setAt, late, until);
          for (const { at } of said.slice(late.length + 10)) expect(onTime).toContain(at);
          const dates = said.map(({ at }) => wallAt(zone, at).date);
          expect(new Set(dates).size).toBe(dates.length);
        },
      ),
      { numRuns: runs },
    );
  });
});

describe("putting off", () => {
  test("rests for its days, but not past the next rung, and always at the first decent minute", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), ladder, date, setBefore, (zone, rungs, on, before) => {
        const now = setAtOf(on, before);
        const kind = ladderKind(rungs);
        const at = snoozedUntil(kind, on, zone, now);
        const rested = firstAt(zone, addDays(wallAt(zone, now).date, 3), 9);
        const next = expectedMoments(kind, on, zone, now, addDays(on, 6))[0] ?? rested;
        expect(at).toBe(Math.min(rested, next));
      }),
      { numRuns: runs },
    );
  });
});
