import { describe, expect, test } from "vitest";
import { searchFaq } from "../../../src/core/faq/search-faq.ts";
import { day, hour } from "../../../src/core/nouns/time.ts";
import { withFlows } from "../lab.ts";
import { shippedContent, withTopics } from "../shipped.ts";
import { Talk, talkAt } from "../talk.ts";

const content = shippedContent();
const program = withTopics(content.program);
const now = Date.UTC(2026, 10, 23, 10);

/** A conversation in the middle of the screening, two questions answered. */
function midScreening(language = "en"): Talk {
  const talk = new Talk(program, now);
  talk.take({ kind: "start", payload: "" });
  talk.tap(language).tap("screening").tap("nobody").tap("no");
  expect(talk.place).toBe("screening/start:court");
  return talk;
}

/** The places of the answers so far, in order. */
const answered = (talk: Talk) => talk.session.answers.map(({ place }) => place);

describe("back", () => {
  test("goes to the question before and takes its answer back", () => {
    const talk = midScreening().say("back");
    expect(talk.place).toBe("screening/start:detained");
    expect(answered(talk)).toEqual(["menu:choose", "screening/start:danger"]);
    expect(talk.say("back").place).toBe("screening/start:danger");
  });

  test("takes back what the answer added, however it came", () => {
    const talk = talkAt(program, now, "en", "screening/outside-us:us-work");
    talk.tap("dont-know");
    expect(talk.session.gathered).toEqual(["screening/outside-us:ask-us-work"]);
    talk.say("back");
    expect(talk.session.gathered).toEqual([]);
    talk.tap("yes").tap("yes");
    expect(talk.session.gathered).toEqual(["screening/outside-us:siv-pending"]);
    talk.say("back").tap("no");
    expect(talk.session.gathered).toEqual(["screening/outside-us:siv-closed"]);
  });

  test("leads from a flow that took another's place into that other, and to the menu at last", () => {
    const talk = midScreening().tap("no").tap("no").tap("no-letter").tap("afghanistan");
    expect(talk.session.frames).toEqual(["menu:screening", "screening/outside-us:us-work"]);
    const places = [];
    for (let left = 0; left < 7; left++) places.push(talk.say("back").place);
    expect(places).toEqual([
      "screening/start:where",
      "screening/start:notice",
      "screening/start:letter",
      "screening/start:court",
      "screening/start:detained",
      "screening/start:danger",
      "menu:choose",
    ]);
    expect(talk.session.frames).toEqual(["menu:choose"]);
    expect(talk.session.answers).toEqual([]);
  });

  test("leads out of a called flow to the question before the call, and forward again to the caller", () => {
    const talk = midScreening().tap("no").tap("no").tap("no-letter").tap("border").tap("save-date");
    expect(talk.place).toBe("reminder-set:what");
    talk.say("back");
    expect(talk.place).toBe("screening/offers:choose");
    talk.tap("save-date").tap("check-your-status").say("me").tap("kabul");
    expect(talk.place).toBe("screening/offers:choose");
    expect(talk.session.reminders).toHaveLength(1);
  });

  test("out of a half-given answer first", () => {
    const talk = talkAt(program, now, "en", "menu:reminders", "reminder-set:day").say("3 June 2027");
    expect(talk.session.asking?.kind).toBe("confirm");
    talk.say("back");
    expect(talk.session.asking).toBeNull();
    expect(talk.place).toBe("reminder-set:day");
  });

  test("from what was only visited to the question that waits below it", () => {
    const talk = midScreening();
    const before = answered(talk);
    talk.say("language");
    expect(talk.session.frames).toEqual(["menu:screening", "screening/start:court", "language:language"]);
    talk.say("back");
    expect(talk.session.frames).toEqual(["menu:screening", "screening/start:court"]);
    expect(answered(talk)).toEqual(before);
    expect(talk.keys).toContain("screening/start:court.text");
    expect(talk.say("back").place).toBe("screening/start:detained");
  });

  test("inside what was visited to the question before, and only then out of it", () => {
    const talk = midScreening().say("reminders").tap("yes").tap("check-your-status");
    expect(talk.place).toBe("reminder-set:whose");
    expect(talk.say("back").place).toBe("reminder-set:what");
    expect(talk.say("back").place).toBe("reminders:first");
    expect(talk.say("back").place).toBe("screening/start:court");
    expect(talk.session.frames).toEqual(["menu:screening", "screening/start:court"]);
  });

  test("does not lead into what was visited and is over, nor into what that called", () => {
    const talk = midScreening();
    const before = answered(talk);
    talk.say("reminders").tap("yes").tap("check-your-status").say("my son").tap("kabul");
    expect(talk.place).toBe("screening/start:court");
    expect(talk.session.reminders).toHaveLength(1);
    expect(answered(talk)).toEqual(before);
    expect(talk.say("back").place).toBe("screening/start:detained");
  });

  test("where there is nothing before, says so and shows the question", () => {
    const talk = new Talk(program, now).say("hello");
    expect(talk.place).toBe("onboarding:language");
    talk.say("back");
    expect(talk.keys[0]).toBe("conversation:at-start");
    expect(talk.place).toBe("onboarding:language");
  });

  test("at the menu shows the menu", () => {
    const talk = talkAt(program, now, "en", "menu:choose").say("back");
    expect(talk.keys).toEqual(["menu:choose.text"]);
  });
});

describe("start again", () => {
  test("begins the running flow anew, its answers and results gone, the others kept", () => {
    const talk = midScreening()
      .tap("no")
      .tap("no")
      .tap("no-letter")
      .tap("afghanistan")
      .tap("dont-know")
      .tap("yes");
    expect(talk.place).toBe("screening/outside-us:citizen-family");
    talk.say("start again");
    expect(talk.session.frames).toEqual(["menu:screening", "screening/outside-us:us-work"]);
    expect(talk.session.gathered).toEqual([]);
    expect(answered(talk).some((place) => place.startsWith("screening/outside-us:"))).toBe(false);
    expect(talk.say("back").place).toBe("screening/start:where");
  });

  test("where a result is looked at begins the questions that led to it, with nothing left of them", () => {
    const talk = midScreening().tap("no").tap("no").tap("no-letter").tap("afghanistan");
    for (let asked = 0; asked < 20 && talk.place !== "screening/after:choose"; asked++) talk.tap("dont-know");
    expect(talk.place).toBe("screening/after:choose");
    expect(talk.session.gathered.length).toBeGreaterThan(5);
    talk.say("start again");
    expect(talk.place).toBe("screening/start:danger");
    expect(talk.session.gathered).toEqual([]);
    expect(answered(talk)).toEqual([]);
  });

  test("at rest opens the menu, and the welcome for someone new", () => {
    expect(new Talk(program, now).say("start again").place).toBe("onboarding:language");
    const met = talkAt(program, now, "en");
    expect(met.say("start again").place).toBe("menu:choose");
  });
});

describe("visits", () => {
  test("a flow that is visited twice is there once", () => {
    const talk = midScreening().say("privacy").say("reminders").say("privacy");
    expect(talk.session.frames).toEqual(["menu:screening", "screening/start:court", "privacy:choose"]);
  });

  test("the waiting question is shown again when the visit ends", () => {
    const talk = midScreening().say("help");
    expect(talk.place).toBe("screening/start:court");
    expect(talk.keys[0]).toBe("help:help.heading");
    expect(talk.keys.at(-1)).toBe("screening/start:court.text");
  });

  test("one that ends with nothing below it leaves a way to the menu", () => {
    const talk = new Talk(program, now, { ...talkAt(program, now, "en").session, frames: [] }).say("help");
    expect(talk.session.frames).toEqual([]);
    expect(talk.session.offered).toEqual(["c:menu"]);
  });

  test("going round through calls and visits never piles up", () => {
    const talk = midScreening().tap("no").tap("no").tap("no-letter").tap("border");
    const sizes = [];
    for (let round = 0; round < 12; round++) {
      expect(talk.place).toBe("screening/offers:choose");
      talk.tap("ask").take({ kind: "tap", button: "f:screening/start" });
      talk.tap("nobody").tap("no").tap("no").tap("no").tap("no-letter").tap("border");
      sizes.push(talk.session.frames.length);
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
  });
});

describe("a question in the middle", () => {
  const flows = {
    lab: {
      start: "count",
      steps: {
        count: { kind: "ask", answer: { kind: "number" }, next: "done" },
        words: { kind: "ask", answer: { kind: "text", most: 200 }, next: "done" },
        day: { kind: "ask", answer: { kind: "date" }, next: "done" },
        done: { kind: "end" },
      },
    },
  };
  const words = { lab: { count: { text: "How many?" }, words: { text: "What?" }, day: { text: "When?" } } };
  const lab = withFlows(content, flows, words).program;

  /** Words that could mean several questions. */
  const vague =
    ["letter", "money", "papers please", "documents", "my case"].find(
      (text) => searchFaq(lab.faq.index(), text, "en").decision === "suggest",
    ) ?? "";

  test("is answered, and the question that waits is shown again", () => {
    const talk = midScreening().say("What is humanitarian parole?");
    expect(talk.said).toHaveLength(2);
    expect(talk.keys).toContain("faq/basics:what-is-parole.short");
    expect(talk.keys.at(-1)).toBe("screening/start:court.text");
    expect(talk.tap("no").place).toBe("screening/start:letter");
  });

  test.each(["count", "day"])("a number after suggestions picks one of them, whatever waits (%s)", (step) => {
    const talk = talkAt(lab, now, "en", `lab:${step}`).say(vague);
    expect(talk.keys).toEqual(["conversation:faq.suggest"]);
    const [, second = ""] = talk.session.offered;
    talk.say("۲");
    const [, entry] = second.split(":");
    expect(talk.keys[0]).toBe(`${lab.faq.entries.get(entry ?? "")?.key}.title`);
    expect(talk.place).toBe(`lab:${step}`);
    expect(talk.answer(`lab:${step}`)).toBeUndefined();
  });

  test("a number after “none of these” is an answer again", () => {
    const talk = talkAt(lab, now, "en", "lab:count").say(vague).tap("continue");
    expect(talk.keys).toEqual(["lab:count.text"]);
    talk.say("2");
    expect(talk.session.frames).toEqual([]);
  });

  test("a question that takes any text takes it", () => {
    const talk = talkAt(lab, now, "en", "lab:words").say("What is humanitarian parole?");
    expect(talk.place).toBeUndefined();
  });
});

describe("the language", () => {
  test.each(program.languages)(
    "changed in the middle to %s, the same question is asked in it",
    (language) => {
      const talk = midScreening(language === "en" ? "es" : "en")
        .say("language")
        .tap(language);
      expect(talk.session.language).toBe(language);
      expect(talk.place).toBe("screening/start:court");
      expect(talk.keys.at(-1)).toBe("screening/start:court.text");
      expect(answered(talk)).not.toContain("language:language");
      expect(talk.tap("no").place).toBe("screening/start:letter");
    },
  );
});

describe("misses", () => {
  test("after three in a row a person is offered, once, and an answer ends the count", () => {
    const talk = midScreening();
    for (const expected of [false, false, true, true]) {
      talk.say("qqq zzz");
      expect(talk.keys[0]).toBe("conversation:not-understood");
      expect(talk.keys.includes("conversation:offer-person")).toBe(expected);
      expect(talk.session.offered.filter((id) => id === "c:person")).toHaveLength(1);
    }
    talk.tap("no").say("qqq zzz");
    expect(talk.session.misses).toBe(1);
  });
});

describe("waiting", () => {
  const flows = {
    lab: {
      start: "first",
      steps: {
        first: { kind: "ask", answer: { kind: "yes-no" }, wait: { days: 2, next: "late" }, next: "second" },
        second: { kind: "ask", answer: { kind: "yes-no" }, next: "done" },
        late: { kind: "say", next: "second" },
        done: { kind: "end" },
      },
    },
  };
  const words = { lab: { first: { text: "One?" }, second: { text: "Two?" }, late: { text: "Late." } } };
  const lab = withFlows(content, flows, words).program;

  test("goes where the step says when its time is over, in the lane of what nobody asked for", () => {
    const talk = talkAt(lab, now, "en", "lab:first");
    expect(talk.scheduled.get("wait")).toBe(now + 2 * day);
    talk.due("wait");
    expect(talk.keys).toEqual(["lab:late.text", "lab:second.text"]);
    expect(talk.said[0]?.lane).toBe("nudge");
    expect(talk.scheduled.get("wait")).toBeGreaterThan(talk.now);
  });

  test("else forgets the answers silently after thirty days", () => {
    const talk = talkAt(lab, now, "en", "lab:second");
    expect(talk.scheduled.get("wait")).toBe(now + 30 * day);
    talk.due("wait");
    expect(talk.said).toEqual([]);
    expect(talk.session).toMatchObject({ frames: [], answers: [], gathered: [] });
    expect(talk.scheduled.size).toBe(0);
  });

  test("is silent with whoever said stop: it forgets, and goes nowhere", () => {
    const talk = talkAt(lab, now, "en", "lab:first");
    talk.session = { ...talk.session, stopped: true };
    talk.due("wait");
    expect(talk.said).toEqual([]);
    expect(talk.session).toMatchObject({ frames: [], answers: [], stopped: true });
  });

  test("is kept for whoever said stop and answers questions again", () => {
    const talk = midScreening().say("stop");
    expect(talk.scheduled.size).toBe(0);
    talk.say("screening").tap("nobody");
    expect(talk.session.stopped).toBe(true);
    expect(talk.scheduled.get("wait")).toBe(talk.session.waitUntil);
    talk.due("wait");
    expect(talk.said).toEqual([]);
    expect(talk.session).toMatchObject({ frames: [], answers: [], gathered: [] });
  });

  test("is moved by what the person does, but not by reminders", () => {
    const talk = midScreening();
    const first = talk.scheduled.get("wait");
    talk.now += 10 * day;
    talk.say("qqq zzz");
    const until = talk.scheduled.get("wait");
    expect(until).toBeGreaterThan(first ?? 0);
    talk.say("reminders").tap("yes").tap("check-your-status").say("me").tap("kabul");
    expect(talk.place).toBe("screening/start:court");
    talk.due("r1");
    expect(talk.said[0]?.lane).toBe("nudge");
    expect(talk.scheduled.get("wait")).toBe(talk.session.waitUntil);
    expect((talk.session.waitUntil ?? 0) - (until ?? 0)).toBeLessThan(day);
    talk.due("r1");
    talk.due("wait");
    expect(talk.session.answers).toEqual([]);
  });

  test("a moment that came too early or twice changes nothing", () => {
    const talk = midScreening();
    const before = talk.session;
    talk.take({ kind: "due", ref: "wait" });
    expect({ ...talk.session, turn: before.turn }).toEqual(before);
    expect(talk.effects).toEqual([]);
    talk.due("wait");
    talk.now += hour;
    talk.take({ kind: "due", ref: "wait" });
    expect(talk.effects).toEqual([]);
  });

  test("is over where the conversation rests, is stopped, or is deleted", () => {
    expect(midScreening().say("menu").scheduled.size).toBe(0);
    expect(midScreening().say("stop").scheduled.size).toBe(0);
    expect(midScreening().say("delete").tap("yes").scheduled.size).toBe(0);
  });
});
