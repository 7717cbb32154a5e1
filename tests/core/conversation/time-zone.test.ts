import { describe, expect, test } from "vitest";
import { isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { instantOf } from "../../../src/core/dates/zone.ts";
import { shippedContent } from "../shipped.ts";
import { type Talk, talkAt } from "../talk.ts";

const { program } = shippedContent();
const now = Date.UTC(2026, 10, 23, 10);

const written: Readonly<Record<string, readonly (readonly [text: string, zone: string])[]>> = {
  en: [
    ["Colorado", "America/Denver"],
    ["hawaii", "Pacific/Honolulu"],
    ["Alaska", "America/Anchorage"],
    ["arizona", "America/Phoenix"],
    ["Washington State", "America/Los_Angeles"],
    ["Washington, D.C.", "America/New_York"],
    ["Albania", "Europe/Tirane"],
    ["Uzbekistan", "Asia/Tashkent"],
    ["Türkiye", "Europe/Istanbul"],
    ["Germany", "Europe/Berlin"],
    ["Ukraine", "Europe/Kyiv"],
    ["1", "America/New_York"],
  ],
  "fa-AF": [
    ["کلورادو", "America/Denver"],
    ["هاوایی", "Pacific/Honolulu"],
    ["تاجیکستان", "Asia/Dushanbe"],
    ["قطر", "Asia/Qatar"],
    ["البانیا", "Europe/Tirane"],
    ["ایران", "Asia/Tehran"],
    ["پاکستان", "Asia/Karachi"],
    ["جرمنی", "Europe/Berlin"],
  ],
  ps: [
    ["کولوراډو", "America/Denver"],
    ["الاسکا", "America/Anchorage"],
    ["ازبکستان", "Asia/Tashkent"],
    ["امارات", "Asia/Dubai"],
    ["البانیا", "Europe/Tirane"],
    ["تورکیه", "Europe/Istanbul"],
  ],
  es: [
    ["Colorado", "America/Denver"],
    ["Hawái", "Pacific/Honolulu"],
    ["México", "America/Mexico_City"],
    ["Venezuela", "America/Caracas"],
    ["Haití", "America/Port-au-Prince"],
    ["Cuba", "America/Havana"],
    ["Ucrania", "Europe/Kyiv"],
  ],
};

/** Somebody who saved the end of parole, on 3 June 2027, while in Kabul. */
function withDate(): Talk {
  const talk = talkAt(program, now, "en", "menu:choose").tap("reminders").tap("yes");
  return talk.tap("papers").tap("parole-expiry").say("me").tap("kabul").say("2027-06-03").tap("yes");
}

/** The same one, back among their dates, who now says to be there. */
function movedTo(talk: Talk, place: string): Talk {
  return talk.say("my dates").tap("place").say(place);
}

describe.each(Object.entries(written))("a place that is written in %s", (language, table) => {
  test.each(table)("%s is %s", (text, zone) => {
    const talk = talkAt(program, now, language, "menu:choose", "time-zone:zone").say(text);
    expect(talk.session.timeZone).toBe(zone);
    expect(talk.keys[0]).toBe("time-zone:said.text");
  });
});

test("a place without a button is read back by its name", () => {
  const talk = talkAt(program, now, "es", "menu:choose", "time-zone:zone").say("colorado");
  expect(talk.said[0]?.parts[0]?.words).toMatchObject({
    params: { "answers.zone": { kind: "words", key: "time-zone:zone.options.denver" } },
  });
});

describe("somebody who is elsewhere now", () => {
  test("is written to on the same days, at a decent hour there", () => {
    const talk = withDate();
    const day = talk.session.reminders[0]?.next;
    if (!isCivilDate(day)) throw new Error("nothing is planned");
    expect(talk.scheduled.get("r1")).toBe(instantOf(day, 9 * 60, "Asia/Kabul"));
    movedTo(talk, "Colorado");
    expect(talk.scheduled.get("r1")).toBe(instantOf(day, 9 * 60, "America/Denver"));
    expect(talk.session.reminders[0]?.next).toBe(day);
  });

  test("keeps what was put off put off", () => {
    const talk = withDate().due("r1");
    talk.take({ kind: "tap", button: "r:1:later" });
    const day = talk.session.reminders[0]?.next;
    if (!isCivilDate(day)) throw new Error("nothing is planned");
    movedTo(talk, "los angeles");
    expect(talk.scheduled.get("r1")).toBe(instantOf(day, 9 * 60, "America/Los_Angeles"));
  });

  test("hears at once what is due where it is later in the day", () => {
    const talk = movedTo(withDate(), "los angeles");
    const day = talk.session.reminders[0]?.next;
    if (!isCivilDate(day)) throw new Error("nothing is planned");
    talk.now = instantOf(day, 8 * 60, "America/Los_Angeles");
    movedTo(talk, "berlin");
    const moved = talk.scheduled.get("r1") ?? 0;
    expect(moved).toBeGreaterThan(instantOf(day, 9 * 60, "Europe/Berlin"));
    expect(moved).toBeLessThan(talk.now);
    expect(talk.due("r1").keys).toEqual(["reminders/date:before"]);
  });

  test("who says the same place again changes nothing", () => {
    const talk = movedTo(withDate(), "kabul");
    expect(talk.effects.filter(({ kind }) => kind === "schedule")).toEqual([]);
  });
});

test("who has said where they are is not asked again with the next date", () => {
  const talk = withDate().say("my dates").tap("add").tap("papers").tap("work-permit").say("me");
  expect(talk.place).toBe("reminder-set:day");
});
