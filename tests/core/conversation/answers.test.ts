import { describe, expect, test } from "vitest";
import { answerKinds } from "../../../src/core/conversation/answers/answer-kinds.ts";
import { isCivilDate } from "../../../src/core/dates/civil-date.ts";
import type { AnswerKind } from "../../../src/core/flow/answer-schema.ts";
import { textsInAll } from "../../../src/core/flow/reading.ts";
import type { Value } from "../../../src/core/nouns/value.ts";
import { render } from "../../../src/core/render/render.ts";
import { type Talk, talkAt } from "../talk.ts";
import { at, content, give, lab, now, program, today } from "./answer-lab.ts";

type Case = readonly [things: readonly string[], value: Value | undefined, step?: string];

const both = (values: readonly (readonly [string, Value])[]): readonly Case[] =>
  values.map(([text, value]) => [[text], value]);

/** What is said or tapped, and the value it comes to; undefined: the question still waits. */
const cases: Readonly<Record<AnswerKind, readonly Case[]>> = {
  "yes-no": [
    ...both([
      ["yes", "yes"],
      ["Yes!", "yes"],
      ["بلی", "yes"],
      ["هو", "yes"],
      ["sí", "yes"],
      ["NO", "no"],
      ["نخیر", "no"],
      ["نه", "no"],
      ["[yes]", "yes"],
      ["[no]", "no"],
      ["[dont-know]", "dont-know"],
      ["[rather-not-say]", "rather-not-say"],
      ["1", "yes"],
      ["۲", "no"],
      ["٣", "dont-know"],
    ]),
    [["perhaps a little"], undefined],
    [["9"], undefined],
    [["0"], undefined],
  ],
  choice: [
    ...both([
      ["Red", "red"],
      ["crimson", "red"],
      ["dark blue", "dark-blue"],
      ["DARK-BLUE", "dark-blue"],
      ["2", "dark-blue"],
      ["۲", "dark-blue"],
      ["٢", "dark-blue"],
      ["[dark-blue]", "dark-blue"],
    ]),
    [["green"], undefined],
    [["[kabul]"], "Asia/Kabul", "zone"],
    [["Lima"], "America/Lima", "zone"],
    [["فارسی"], "fa-AF", "language"],
    [["پښتو"], "ps", "language"],
    [["Spanish"], "es", "language"],
    [["inglés"], "en", "language"],
    [["[ps]"], "ps", "language"],
  ],
  several: [
    [["1 3"], ["tea", "rice"]],
    [["1, 3"], ["tea", "rice"]],
    [["۱ و ۳"], ["tea", "rice"]],
    [["green tea, white bread"], ["tea", "bread"]],
    [["White bread and green tea"], ["bread", "tea"]],
    [["tea and milk and rice"], ["tea", "rice"]],
    [["bread\ngreen tea\nrice"], ["bread", "tea", "rice"]],
    [["rice green tea salt"], ["rice", "tea", "salt"]],
    [["salt, fine, rice"], ["salt", "rice"]],
    [["چای سبز، نان سفید"], ["tea", "bread"]],
    [["نان سفید و چای سبز"], ["bread", "tea"]],
    [["شین چای؛ سپینه ډوډۍ"], ["tea", "bread"]],
    [["سپینه ډوډۍ او شین چای"], ["bread", "tea"]],
    [["té verde, pan blanco"], ["tea", "bread"]],
    [["Pan blanco y té verde"], ["bread", "tea"]],
    [["1, green tea y 3"], ["tea", "rice"]],
    [
      ["[rice]", "white bread and green tea"],
      ["rice", "bread", "tea"],
    ],
    [["and"], undefined],
    [["green bread, tea"], undefined],
    [["۱،۳"], ["tea", "rice"]],
    [["٤ ١"], ["salt", "tea"]],
    [["3 3 3"], ["rice"]],
    [["tea bread"], ["tea", "bread"]],
    [["[tea]", "[done]"], ["tea"]],
    [
      ["[tea]", "[rice]", "done"],
      ["tea", "rice"],
    ],
    [
      ["tea", "rice", "[done]"],
      ["tea", "rice"],
    ],
    [
      ["[tea]", "[bread]", "[rice]", "[salt]"],
      ["tea", "bread", "rice", "salt"],
    ],
    // Once some are chosen, the rest is numbered anew, one at a time or several at once.
    [
      ["[tea]", "1", "[done]"],
      ["tea", "bread"],
    ],
    [
      ["[tea]", "1 3"],
      ["tea", "bread", "salt"],
    ],
    [
      ["1", "1", "done"],
      ["tea", "bread"],
    ],
    [["1"], undefined],
    [["[dont-know]"], "dont-know"],
    [["done"], undefined],
    [["1 9"], undefined],
    [["1 sugar"], undefined],
  ],
  date: [
    [["3 June 2027"], undefined],
    [["3 June 2027", "yes"], "2027-06-03"],
    [["2027-06-03", "[yes]"], "2027-06-03"],
    [["۲۰۲۷-۰۶-۰۳", "بلی"], "2027-06-03"],
    [["13 جوزا 1406", "1"], "2027-06-03"],
    [["3 June 2027", "no"], undefined],
    [["3 June 2027", "[change]", "4 June 2027", "yes"], "2027-06-04"],
    [["3 June 2027", "5 June 2027", "yes"], "2027-06-05"],
    [["03/04/2027"], undefined],
    [["03/04/2027", "[2027-04-03]", "yes"], "2027-04-03"],
    [["03/04/2027", "۱", "yes"], "2027-03-04"],
    [["03/04/2027", "[change]"], undefined],
    [["2027"], undefined],
    [["31 June 2027"], undefined],
    [["yes"], undefined],
    [["[dont-know]"], "dont-know"],
    [["I don't know"], "dont-know"],
  ],
  number: [
    ...both([
      ["1", 1],
      ["10", 10],
      ["۷", 7],
      ["٧", 7],
      ["7 children", 7],
      ["2.5", 2.5],
      ["[rather-not-say]", "rather-not-say"],
    ]),
    [["0"], undefined],
    [["-0"], undefined],
    [["11"], undefined],
    [["-3"], undefined],
    [["3 or 4"], undefined],
    [["1e3"], undefined],
    [["99999999999999999999"], undefined],
    [["18"], 18, "least"],
    [["17"], undefined, "least"],
  ],
  money: [
    ...both([
      ["0", 0],
      ["5000", 5000],
      ["$1,200", 1200],
      ["۱٬۲۰۰", 1200],
      ["1.200", 1200],
      ["1200.50 dollars", 1200.5],
      ["[dont-know]", "dont-know"],
    ]),
    [["5001"], undefined],
    [["-5"], undefined],
    [["much"], undefined],
  ],
  text: [
    ...both([
      ["my son", "my son"],
      ["  زما زوی  ", "زما زوی"],
      ["7", "7"],
      ["a\u2068b\u202ec", "abc"],
      ["[dont-know]", "dont-know"],
    ]),
    [["x".repeat(20)], "x".repeat(20)],
    [["x".repeat(21)], undefined],
    [["   "], undefined],
    [["\u2068\u200f"], undefined],
  ],
  country: [
    ...both([
      ["Afghanistan", "AF"],
      ["pakistan", "PK"],
      ["افغانستان", "AF"],
      ["پاکستان", "PK"],
      ["ایران", "IR"],
      ["Alemania", "DE"],
      ["آلمان", "DE"],
      ["[dont-know]", "dont-know"],
    ]),
    [["Atlantis"], undefined],
  ],
  phone: [
    [["+93 70 123 4567", "yes"], "+93701234567"],
    [["+93 70 123 4567", "[yes]"], "+93701234567"],
    [["0093 701234567", "1"], "+93701234567"],
    [["۰۰۹۳۷۰۱۲۳۴۵۶۷", "بلی"], "+93701234567"],
    [["+٩٣ ٧٠ ١٢٣ ٤٥٦٧", "هو"], "+93701234567"],
    [["93701234567+", "yes"], "+93701234567"],
    [["\u200e+1 (202) 555-0100", "sí"], "+12025550100"],
    [["my number is +44 (0)20 7946 0958 thanks", "yes"], "+442079460958"],
    [["＋１ ２０２ ５５５ ０１００", "yes"], "+12025550100"],
    [["+93701234567", "[change]", "+93701234568", "yes"], "+93701234568"],
    [["+93701234567", "+93701234568", "yes"], "+93701234568"],
    [["[dont-know]"], "dont-know"],
    [["+93701234567", "[change]", "I don't know"], "dont-know"],
    [["+93701234567"], undefined],
    [["+93701234567", "no"], undefined],
    [["0701234567"], undefined],
    [["+93 70"], undefined],
    [["+0701234567"], undefined],
    [["+1234567890123456"], undefined],
    [["+93701234567 or +93701234568"], undefined],
    [["my cousin's"], undefined],
    [["yes"], undefined],
  ],
  "receipt-number": [
    [["IOE0912345678", "yes"], "IOE0912345678"],
    [["ioe 091 234 5678", "[yes]"], "IOE0912345678"],
    [["WAC-21-123-45678", "بلی"], "WAC2112345678"],
    [["my number is eac2112345678, what now", "yes"], "EAC2112345678"],
    [["IOE۰۹۱۲۳۴۵۶۷۸", "yes"], "IOE0912345678"],
    [["\u2068IOE٠٩١٢٣٤٥٦٧٨\u2069", "yes"], "IOE0912345678"],
    [["XYZ0912345678", "yes"], "XYZ0912345678"],
    [["IOE0912345678", "[change]", "IOE0912345679", "yes"], "IOE0912345679"],
    [["[rather-not-say]"], "rather-not-say"],
    [["IOE0912345678"], undefined],
    [["IOE091234567"], undefined],
    [["IOE09123456789"], undefined],
    [["0912345678"], undefined],
    [["IOE0912345678 IOE0912345679", "yes"], undefined],
    [["the long one"], undefined],
  ],
};

test("every kind of answer has cases", () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(answerKinds).sort());
  for (const [kind, own] of Object.entries(cases)) expect(own.length, kind).toBeGreaterThan(0);
});

describe.each(Object.entries(cases))("%s", (kind, own) => {
  const rows = own.map(([things, value, step]) => ({ things, value, step }));
  test.each(rows)("$things: $value", ({ things, value, step }) => {
    const talk = give(at(step ?? kind), things);
    expect(talk.answer(`lab:${step ?? kind}`)).toEqual(value);
    expect(talk.place).toBe(value === undefined ? `lab:${step ?? kind}` : "lab:stay");
    expect(talk.session.asking === null || value === undefined).toBe(true);
  });
});

describe("words are taken in every language, whatever the person's own", () => {
  const words = ["yes", "no", "dont-know", "rather-not-say"].flatMap((option) =>
    [`answers:${option}.label`, `answers:${option}.accept`]
      .flatMap((key) => textsInAll({ source: content.source, languages: program.languages, issues: [] }, key))
      .map((word) => [word, option] as const),
  );

  test.each(program.languages)("for someone who chose %s", (language) => {
    expect(words.length).toBeGreaterThan(40);
    for (const [word, option] of words) {
      const talk = at("yes-no", language).say(word);
      expect(`${word}: ${talk.answer("lab:yes-no")}`).toBe(`${word}: ${option}`);
    }
  });

  test("countries are known by their names in every language", () => {
    for (const language of program.languages) {
      const names = new Intl.DisplayNames([language], { type: "region" });
      for (const code of ["AF", "PK", "IR", "TJ", "UZ", "TR", "DE", "CA", "BR", "MX"]) {
        const name = names.of(code) ?? "";
        expect(`${name}: ${at("country", language).say(name).answer("lab:country")}`).toBe(
          `${name}: ${code}`,
        );
      }
    }
  });
});

describe("a date is read back", () => {
  const parts = (talk: Talk) => talk.keys;

  test.each([
    ["3 June 2027", "conversation:date.confirm"],
    ["1 January 2027", "conversation:date.confirm-placeholder"],
    ["24 October 2026", "conversation:date.confirm"],
    ["23 October 2026", "conversation:date.confirm-far"],
    ["3 June 1999", "conversation:date.confirm-far"],
    ["3 June 2040", "conversation:date.confirm-far"],
    ["03/04/2027", "conversation:date.choose"],
  ])("%s with %s", (text, key) => {
    expect(parts(at("date").say(text))).toEqual([key]);
  });

  test.each([
    ["2027", "conversation:date.year-only"],
    ["5/12", "conversation:date.no-year"],
    ["12 May", "conversation:date.no-year"],
    ["May 2027", "conversation:date.no-day"],
    ["31 June 2027", "conversation:date.impossible"],
  ])("%s is refused with %s, and asked again", (text, key) => {
    const keys = parts(at("date").say(text));
    expect(keys[0]).toBe(key);
    expect(keys.at(-1)).toBe("lab:date.text");
    expect(keys).toContain("conversation:help.date");
  });

  test("with the same doubt when it was picked out of several", () => {
    expect(parts(at("date").say("03/04/1999").tap("1999-03-04"))).toEqual(["conversation:date.confirm-far"]);
    expect(parts(at("date").say("03/04/2027").tap("2027-03-04"))).toEqual(["conversation:date.confirm"]);
  });

  test("in both calendars, in every language", () => {
    for (const language of program.languages) {
      const [say] = at("date", language).say("2027-06-03").said;
      const text =
        say === undefined || !isCivilDate(today)
          ? ""
          : render(lab, say, language, today).message.parts[0]?.text;
      expect(text).toMatch(/2027/);
      expect(text).toMatch(/1406|۱۴۰۶/);
    }
  });

  test("nonsense in between shows the same read-back again", () => {
    const talk = at("date").say("3 June 2027").say("qqq zzz");
    expect(talk.keys.at(-1)).toBe("conversation:date.confirm");
    expect(talk.tap("yes").answer("lab:date")).toBe("2027-06-03");
  });

  test("a button of an earlier read-back does not confirm a later date", () => {
    const talk = at("date").say("3 June 2027");
    const [yes = ""] = talk.session.offered;
    talk.say("4 June 2027").take({ kind: "tap", button: yes });
    expect(talk.keys[0]).toBe("conversation:moved-on");
    expect(talk.answer("lab:date")).toBeUndefined();
  });
});

test("what was answered is said in the person's words, not in ids", () => {
  const talk = at("choice").tap("dark-blue");
  for (const [step, things] of Object.entries({
    several: ["1 3"],
    country: ["Pakistan"],
    money: ["1200"],
    date: ["2027-06-03", "yes"],
    text: ["my son"],
  })) {
    talk.take({ kind: "tap", button: "c:continue" });
    const answers = talk.session.answers;
    const next = talkAt(program, now, "en", `lab:${step}`);
    next.session = { ...next.session, answers };
    give(next, things);
    talk.session = next.session;
    talk.effects = next.effects;
  }
  const [say] = talk.said;
  if (say === undefined || !isCivilDate(today)) throw new Error("nothing was said");
  expect(render(lab, say, "en", today).message.parts[0]?.text).toBe(
    "Dark blue Tea and Rice Pakistan $1,200 Thursday, 3 June 2027 (13 Jawza 1406) my son ",
  );
});
