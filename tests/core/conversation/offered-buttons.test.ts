import { describe, expect, test } from "vitest";
import { textsIn } from "../../../src/core/flow/reading.ts";
import { type Talk, talkAt } from "../talk.ts";
import { at, content, now, program } from "./answer-lab.ts";

/** What stands in the locale under a key. */
function wordsOf(language: string, key: string): string {
  const reading = { source: content.source, languages: program.languages, issues: [] };
  return textsIn(reading, language, key)[0] ?? "";
}

/** The digits that people have under their thumbs, whatever language they chose: Latin, Persian, Arabic. */
const digits: readonly (readonly [name: string, zero: number])[] = [
  ["Latin", 0x30],
  ["Persian", 0x06f0],
  ["Arabic", 0x0660],
];

function written(number: number, zero: number): string {
  return Array.from(String(number), (digit) => String.fromCodePoint(zero + Number(digit))).join("");
}

/** The number in front of the button whose id ends like this, were the buttons a list; from 1. */
function numberOf(talk: Talk, ending: string): number {
  return talk.session.offered.findIndex((id) => id.endsWith(`:${ending}`)) + 1;
}

/** Questions whose answer is written, and never with one or two digits alone. */
const writtenKinds = ["date", "country", "phone", "receipt-number"];

const everywhere = writtenKinds.flatMap((step) =>
  program.languages.flatMap((language) =>
    digits.map(([name, zero]) => ({
      step,
      language,
      name,
      digit: (number: number) => written(number, zero),
    })),
  ),
);

describe.each(everywhere)("at a question for a $step, in $language, with $name digits", (given) => {
  const { step, language, digit } = given;
  const question = () => at(step, language);

  test.each(["dont-know", "rather-not-say"])("the number of the button picks it: %s", (option) => {
    const talk = question();
    talk.say(digit(numberOf(talk, option)));
    expect(talk.answer(`lab:${step}`)).toBe(option);
    expect(talk.place).toBe("lab:stay");
  });

  test("the number of a way out picks it too", () => {
    const talk = question();
    talk.say(digit(numberOf(talk, "menu")));
    expect(talk.place).toBe("menu:choose");
  });

  test("a number that no button has is helped with, and the question stays", () => {
    for (const number of [question().session.offered.length + 1, 15, 31, 0]) {
      const talk = question().say(digit(number));
      expect(talk.keys).toEqual([
        "conversation:not-understood",
        `conversation:help.${step}`,
        `lab:${step}.text`,
      ]);
      expect(talk.place).toBe(`lab:${step}`);
    }
  });
});

describe("while something is read back", () => {
  const places = [
    ["a date is confirmed", "date", "3 June 2027", "conversation:date.confirm"],
    ["one of two dates is chosen", "date", "03/04/2027", "conversation:date.choose"],
    ["a phone number is confirmed", "phone", "+93701234567", "conversation:phone.confirm"],
    [
      "a receipt number is confirmed",
      "receipt-number",
      "IOE0912345678",
      "conversation:receipt-number.confirm",
    ],
  ] as const;

  test.each(places)("and %s, its own buttons have the numbers", (_name, step, answer, key) => {
    for (const [, zero] of digits) {
      const talk = at(step).say(answer);
      expect(talk.keys).toEqual([key]);
      const [first] = talk.session.offered;
      talk.say(written(1, zero));
      if (first?.endsWith(":yes") === true) expect(talk.place).toBe("lab:stay");
      else expect(talk.keys).toEqual(["conversation:date.confirm"]);
      const changed = at(step).say(answer);
      changed.say(written(numberOf(changed, "change"), zero));
      expect(changed.keys).toEqual([`lab:${step}.text`]);
    }
  });

  test.each(places)(
    "and %s, a day alone is no button, and the same is asked again",
    (_name, step, answer, key) => {
      for (const [, zero] of digits) {
        const talk = at(step).say(answer).say(written(15, zero));
        expect(talk.keys).toEqual(["conversation:not-understood", `conversation:help.${step}`, key]);
        expect(talk.place).toBe(`lab:${step}`);
      }
    },
  );
});

test.each(["2.", "2)", "(2)", " 2 ", "۲-", "2️⃣", "２", "02"])("however the number is written: %s", (text) => {
  expect(at("date").say(text).answer("lab:date")).toBe("rather-not-say");
});

test.each(["+1", "+ 1", "＋1", "+۱"])("%s is how a phone number begins, not the first button", (text) => {
  const talk = at("phone").say(text);
  expect(talk.answer("lab:phone")).toBeUndefined();
  expect(talk.place).toBe("lab:phone");
});

test.each([
  ["number", "2", 2],
  ["number", "۳", 3],
  ["money", "2", 2],
  ["money", "٢", 2],
  ["text", "2", "2"],
] as const)("where a number is itself an answer it stays one: %s %s", (step, text, value) => {
  expect(at(step).say(text).answer(`lab:${step}`)).toBe(value);
});

test("of several, a number still chooses the option in that position, and more may follow", () => {
  const talk = at("several").say("۲");
  expect(talk.keys[0]).toBe("conversation:several.chosen");
  expect(talk.say("done").answer("lab:several")).toEqual(["bread"]);
});

describe("right after a nudge", () => {
  /** At a question, with a reminder of which a nudge has just come. */
  function nudged(step: string, language?: string): Talk {
    const talk = at(step, language);
    const reminder = { number: 1, kind: "parole-expiry", date: "2027-06-03", label: "me" };
    talk.session = { ...talk.session, reminders: [reminder], nextReminder: 2 };
    talk.scheduled.set("r1", talk.now);
    return talk.due("r1");
  }

  test.each(["choice", "yes-no", "date", "country"])(
    "a number is the nudge's own, and the open question is shown again behind it: %s",
    (step) => {
      const talk = nudged(step);
      expect(talk.said[0]?.buttons.map(({ id }) => id)).toEqual(talk.session.offered);
      talk.say("2");
      expect(talk.keys).toEqual(["conversation:nudge.later-said", `lab:${step}.text`]);
      expect(talk.answer(`lab:${step}`)).toBeUndefined();
      talk.say("1");
      expect(talk.session.reminders).toHaveLength(1);
    },
  );

  test.each(["number", "money", "several"])("a number that is itself an answer stays one: %s", (step) => {
    const talk = nudged(step).say("2");
    expect(talk.keys).not.toContain("conversation:nudge.later-said");
    expect(talk.session.reminders).toHaveLength(1);
  });

  test("words go to the open question as ever", () => {
    const talk = nudged("yes-no").say("yes");
    expect(talk.answer("lab:yes-no")).toBe("yes");
  });

  test.each(program.languages.flatMap((language) => ["choice", "date"].map((step) => ({ language, step }))))(
    "what is written on its buttons does what they do, at a question for a $step in $language",
    ({ language, step }) => {
      for (const action of ["done", "later", "change", "stop", "what"]) {
        const named = nudged(step, language).say(wordsOf(language, `conversation:nudge.${action}`));
        const tapped = nudged(step, language).tap(action);
        expect([action, named.keys, named.session]).toEqual([action, tapped.keys, tapped.session]);
        expect(named.place).not.toBeUndefined();
      }
    },
  );

  test("a name that is itself an answer stays one", () => {
    const several = nudged("several").say("bread").due("r1").say("Done");
    expect(several.answer("lab:several")).toEqual(["bread"]);
    expect(several.session.reminders).toHaveLength(1);
    const text = nudged("text").say("Later");
    expect(text.answer("lab:text")).toBe("Later");
  });

  test("a name means nothing once its buttons are no longer the last", () => {
    const talk = nudged("choice").say("Later").say("Later");
    expect(talk.keys).toEqual(["conversation:not-understood", "conversation:help.choice", "lab:choice.text"]);
  });
});

describe("right after an answer at the menu", () => {
  test.each(program.languages)("what is written on its buttons opens its other sides, in %s", (language) => {
    const entry = [...program.faq.entries.values()].find(({ hasMore }) => hasMore)?.id ?? "";
    for (const view of ["more", "where"]) {
      const shown = () => {
        const talk = talkAt(program, now, language, "menu:choose");
        talk.take({ kind: "tap", button: `q:${entry}:short` });
        return talk;
      };
      const named = shown().say(wordsOf(language, `conversation:faq.${view}`));
      expect(named.keys).toEqual(shown().tap(`${entry}:${view}`).keys);
    }
  });
});

test.each(program.languages)("the words below a broadcast lead to where one leaves it, in %s", (language) => {
  const talk = talkAt(program, now, language, "menu:choose");
  talk.session = { ...talk.session, subscriptions: ["alpha/news"] };
  talk.say(wordsOf(language, "conversation:broadcast.leave"));
  expect(talk.place).toBe("updates:choose");
});
