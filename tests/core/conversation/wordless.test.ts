import { describe, expect, test } from "vitest";
import { newSession } from "../../../src/core/conversation/session.ts";
import { Talk, talkAt } from "../talk.ts";
import { at, now, program } from "./answer-lab.ts";

const signs = [
  ...["?", "??", "???", "؟", "؟؟؟", "¿?", ".", "...", "…", "،", "!!!", "-", "—", "*", "«»", "/"],
  ...["🙏", "👍🏽", "😭😭😭", "❤️", "🇦🇫", "👨‍👩‍👧", "☎", "🙏 ؟", "ـــ", "\u200f", "   "],
];

const everywhere = program.languages.flatMap((language) => signs.map((text) => ({ language, text })));

const looked = (talk: Talk) =>
  talk.effects.some((effect) => effect.kind === "count" && effect.name.startsWith("question "));

describe.each(everywhere)("$text, written in $language, has no word in it", ({ language, text }) => {
  test.each([
    ["at the menu", ["menu:choose"]],
    ["where nothing is open", []],
  ])("%s it is said that it was not understood, with what there is to do", (_name, frames) => {
    const talk = talkAt(program, now, language, ...frames).say(text);
    expect(talk.keys).toEqual(["conversation:not-understood", "menu:choose.text"]);
    expect(looked(talk)).toBe(false);
  });

  test("at a question it is helped with, and the question stays", () => {
    const talk = at("date", language).say(text);
    expect(talk.keys).toEqual(["conversation:not-understood", "conversation:help.date", "lab:date.text"]);
    expect(looked(talk)).toBe(false);
  });

  test("from somebody new it is answered with the welcome", () => {
    const talk = new Talk(program, now, newSession(language, program.hash)).say(text);
    expect(talk.keys).toEqual(["onboarding:language.text"]);
    expect(looked(talk)).toBe(false);
  });
});

test("after three times a person is offered", () => {
  const talk = talkAt(program, now, "en", "menu:choose").say("?").say("🙏").say("؟؟");
  expect(talk.keys).toContain("conversation:offer-person");
  expect(talk.session.offered).toContain("c:person");
});

test("words that there is no answer to are still told so", () => {
  expect(talkAt(program, now, "en", "menu:choose").say("qqq zzz?").keys).toEqual([
    "conversation:faq.none",
    "menu:choose.text",
  ]);
});
