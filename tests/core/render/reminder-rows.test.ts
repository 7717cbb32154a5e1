import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measure } from "../../../src/channels/whatsapp/measure.ts";
import { newSession, type Reminder } from "../../../src/core/conversation/session.ts";
import { addDays, civilDate } from "../../../src/core/dates/civil-date.ts";
import { reminderRows } from "../../../src/core/flow/checks/reminder-rows.ts";
import { isJsonObject } from "../../../src/core/flow/source.ts";
import { longestRow } from "../../../src/core/nouns/message.ts";
import { render } from "../../../src/core/render/render.ts";
import { shippedContent } from "../shipped.ts";
import { Talk } from "../talk.ts";

const content = shippedContent();
const { program, source } = content;
const today = civilDate(2026, 11, 23);
if (today === undefined) throw new Error("no such day");

/** The list from which a person picks the reminder to stop. */
function listed(language: string, reminders: readonly Reminder[]) {
  const session = {
    ...newSession(language, program.hash),
    met: true,
    timeZone: "Asia/Kabul",
    reminders,
    nextReminder: reminders.length + 1,
  };
  const talk = new Talk(program, Date.UTC(2026, 10, 23, 10), session);
  talk.take({ kind: "tap", button: "c:reminders" });
  talk.tap("stop");
  const said = talk.effects.flatMap((effect) => (effect.kind === "say" ? [effect.say] : []));
  const last = said.at(-1);
  if (last === undefined || today === undefined) throw new Error("nothing was said");
  return render(content, last, language, today).message;
}

const kinds = [...program.reminders.keys()];
const dated = (number: number, label: string, days: number): Reminder => ({
  number,
  kind: "parole-expiry",
  date: addDays(today, days),
  label,
});

describe.each(program.languages)("saved dates in %s", (language) => {
  it("fit a row whatever the word and the day, with the day whole", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.integer({ min: 0, max: 3700 }),
        fc.oneof(
          fc.constantFrom(
            "me",
            "mi hija la mayor uno",
            "my youngest daughter",
            "پسر کلان کاکایم خان",
            "زما د مشر ورور زوی",
          ),
          fc.string({ unit: "grapheme-composite", minLength: 1, maxLength: 8 }),
        ),
        (kind, days, label) => {
          const [row] = listed(language, [{ ...dated(1, label, days), kind }]).buttons;
          expect(row?.label.length).toBeLessThanOrEqual(longestRow);
          const recurs = program.reminders.get(kind)?.every !== undefined;
          expect(/\d{4}/.test(row?.label ?? "")).toBe(!recurs || /\d{4}/.test(label));
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it("are a list to tap on WhatsApp", () => {
    const message = listed(language, [
      dated(1, "me", 40),
      dated(2, "my youngest daughter", 310),
      dated(3, "زما د مشر ورور زوی", 296),
      { ...dated(4, "me", 0), kind: "check-your-status" },
    ]);
    expect(measure(message)).toEqual([]);
    expect(message.buttons).toHaveLength(4);
  });

  it("are told apart by their kind", () => {
    const message = listed(language, [
      dated(1, "me", 40),
      { ...dated(2, "me", 40), kind: "work-permit" },
      { ...dated(3, "me", 40), kind: "passport" },
    ]);
    const rows = message.buttons.map(({ label }) => label);
    expect(new Set(rows).size).toBe(3);
    expect(rows.filter((row) => /\(\p{N}\)$/u.test(row))).toEqual([]);
  });

  it.each([
    ["the same day and word", ["me", "me", "me"]],
    ["words that are alike once they are cut", ["my youngest daughter", "my youngest daughter's son", "me"]],
  ])("can be told apart where they have %s", (_, labels) => {
    const message = listed(
      language,
      labels.map((label, at) => dated(at + 1, label, 40)),
    );
    const rows = message.buttons.map(({ label }) => label);
    expect(new Set(rows).size).toBe(labels.length);
    expect(rows.filter((row) => row.length > longestRow)).toEqual([]);
    expect(measure(message)).toEqual([]);
  });
});

describe("the room for a person's word in a row", () => {
  const language = "es";
  const words = program.dateWords[language];
  const titleFile = source.locales.get(language)?.get("reminders/check-your-status");
  if (words === undefined || titleFile === undefined) throw new Error("there are no Spanish words");

  it("is there in what is shipped", () => {
    expect(reminderRows({ source, program })).toEqual([]);
  });

  it("is missed where months are too long", () => {
    const short = words.months.gregorian.map((month) => `del mes de ${month}`);
    const longer = { ...words, months: { ...words.months, short } };
    const issues = reminderRows({
      source,
      program: { ...program, dateWords: { ...program.dateWords, [language]: longer } },
    });
    expect(issues.map(({ file }) => file)).toEqual(["locales/es/dates.json"]);
  });

  it("is missed where a title is too long", () => {
    const { data } = titleFile;
    const title = "Consultar el caso otra vez:";
    const files = new Map(source.locales.get(language)).set("reminders/check-your-status", {
      ...titleFile,
      data: isJsonObject(data) ? { ...data, title } : data,
    });
    const locales = new Map(source.locales).set(language, files);
    const issues = reminderRows({ source: { ...source, locales }, program });
    expect(issues.map(({ file }) => file)).toEqual(["locales/es/reminders/check-your-status.json"]);
  });
});
