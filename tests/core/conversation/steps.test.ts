import { describe, expect, test } from "vitest";
import type { StepKind } from "../../../src/core/flow/schema.ts";
import { stepSchema } from "../../../src/core/flow/schema.ts";
import { talkAt } from "../talk.ts";
import { kindsOf, now, program, reminder, run, without } from "./step-lab.ts";

const cases: Readonly<Record<StepKind, Readonly<Record<string, () => void>>>> = {
  say: {
    "what it says and the question after it are one message": () => {
      const talk = run("say");
      expect(talk.keys).toEqual(["lab:say.heading", "lab:say.text", "lab:say.note", "lab:rest.text"]);
      expect(talk.said).toHaveLength(1);
    },
  },
  ask: {
    "goes where the answer says, and adds what it adds": () => {
      const talk = run("ask");
      expect(talk.place).toBe("lab:ask");
      talk.tap("yes");
      expect(talk.keys[1]).toBe("lab:say.text");
      expect(talk.session.gathered).toEqual(["lab:sure"]);
    },
    "both no-answers go the way of unsure": () => {
      for (const answer of ["dont-know", "rather-not-say"]) {
        const talk = run("ask").tap(answer);
        expect(talk.keys[0]).toBe("lab:note.text");
        expect(talk.session.gathered).toEqual(["lab:maybe"]);
      }
    },
    "what is not named goes the way of otherwise": () => {
      expect(run("note").keys[0]).toBe("lab:note.text");
      expect(talkAt(program, now, "en", "lab:ask-otherwise").tap("no").keys[0]).toBe("lab:note.text");
    },
  },
  decide: {
    "takes the first row that holds": () => {
      expect(run("decide", { ask: "yes" }, { reminders: [reminder] }).keys[1]).toBe("lab:say.text");
      expect(run("decide", { ask: "no" }).keys[0]).toBe("lab:note.text");
      expect(run("decide", {}).keys[0]).toBe("lab:note.text");
    },
    "takes otherwise when none does, and the menu when there is no otherwise": () => {
      expect(run("decide", { ask: "yes" }).place).toBe("menu:choose");
      expect(run("decide-nothing").session.frames).toEqual(["menu:choose"]);
    },
  },
  call: {
    "comes back to the step after it": () => {
      const talk = run("call");
      expect(talk.keys[0]).toBe("inner:only.text");
      expect(talk.keys[2]).toBe("lab:say.text");
      expect(talk.session.frames).toEqual(["menu:reminders", "lab:rest"]);
    },
    "tells the flow what it is to know, and can read what came of it": () => {
      const talk = run("call-told", { whose: "my son" });
      expect(talk.answer("child:who")).toBe("my son");
      expect(talk.answer("child:kind")).toBe("own");
      talk.tap("no");
      expect(talk.answer("lab:call-told.ready")).toBe("no");
      expect(talk.session.frames).toEqual(["menu:reminders", "lab:rest"]);
    },
    "without a step after it the caller is over": () => {
      const talk = run("call-away");
      expect(talk.keys).toEqual(["inner:only.text", "menu:choose.text"]);
      expect(talk.session.frames).toEqual(["menu:choose"]);
    },
  },
  repeat: {
    "has as many rounds as are wanted, and keeps what each gave": () => {
      const talk = run("repeat");
      expect(talk.keys.filter((key) => key === "inner:only.text")).toHaveLength(3);
      expect(talk.answer("lab:repeat.count")).toBe(3);
      expect(talk.answer("lab:repeat.more")).toEqual(["yes", "yes", "yes"]);
      expect(talk.session.frames).toEqual(["menu:reminders", "lab:rest"]);
    },
    "has none where nothing says how many": () => {
      const talk = run("repeat-none");
      expect(talk.keys[0]).toBe("lab:say.heading");
      expect(talk.answer("lab:repeat-none.count")).toBe(0);
      expect(talk.answer("lab:repeat-none.more")).toEqual([]);
    },
    "goes on while the answer is yes, and never longer than it may": () => {
      expect(run("repeat-again").answer("lab:repeat-again.count")).toBe(4);
    },
  },
  set: {
    "writes what is known, and nothing for what was not answered": () => {
      const talk = run("set", { ask: "yes" });
      expect(talk.answer("lab:colour")).toBe("red");
      expect(talk.answer("lab:copy")).toBe("yes");
      expect(talk.answer("lab:none")).toBeUndefined();
      expect(talk.say("back").place).toBe("lab:to-set");
    },
  },
  remind: {
    "tells all that are saved, in their order, and of none nothing": () => {
      const recurring = {
        number: 5,
        kind: "check-your-status",
        date: "2026-11-20",
        label: "",
        next: "2026-12-04",
      };
      const gone = { ...reminder, number: 6, kind: "no-such" };
      const talk = run("remind-list", {}, { reminders: [reminder, recurring, gone], nextReminder: 7 });
      const [{ words } = { words: undefined }] = talk.said[0]?.parts ?? [];
      expect(words).toMatchObject({
        key: "conversation:reminder.list",
        params: {
          reminders: {
            kind: "lines",
            items: [
              {
                key: "conversation:reminder.line",
                params: { date: { date: reminder.date }, label: reminder.label },
              },
              { key: "conversation:reminder.line-again", params: { date: { date: "2026-12-04" } } },
            ],
          },
        },
      });
      expect(run("remind-list").keys).toEqual(["lab:rest.text"]);
      expect(run("remind-list", {}, { reminders: [gone], nextReminder: 7 }).keys).toEqual(["lab:rest.text"]);
    },
    "sets one with its date and label, numbered on": () => {
      const talk = run("remind", { day: "2027-06-03", whose: "my son" }, { nextReminder: 7 });
      expect(talk.session.reminders).toMatchObject([
        { number: 7, kind: "parole-expiry", date: "2027-06-03", label: "my son" },
      ]);
      expect(talk.session.nextReminder).toBe(8);
      expect(talk.scheduled.get("r7")).toBeGreaterThan(now);
    },
    "sets a recurring one from today": () => {
      expect(run("remind-again").session.reminders).toMatchObject([{ date: "2026-11-23", label: "" }]);
    },
    "sets nothing without a date": () => {
      const talk = run("remind", { day: "dont-know" });
      expect(talk.session.reminders).toEqual([]);
      expect(kindsOf(talk)).not.toContain("schedule");
    },
    "a label nobody wants to give is none": () => {
      expect(run("remind", { day: "2027-06-03", whose: "rather-not-say" }).session.reminders[0]?.label).toBe(
        "",
      );
    },
    "sets none more where there are as many as may be kept, and says so": () => {
      const all = Array.from({ length: 40 }, (_, at) => ({ ...reminder, number: at + 1 }));
      const talk = run(
        "remind",
        { day: "2027-06-03", whose: "me" },
        { reminders: all.slice(1), nextReminder: 41 },
      );
      expect(talk.session.reminders).toHaveLength(40);
      const full = run("remind", { day: "2027-06-03", whose: "me" }, { reminders: all, nextReminder: 41 });
      expect(full.session.reminders).toEqual(all);
      expect(full.keys).toContain("conversation:reminder.full");
      expect(full.session.frames).not.toContain("lab:rest");
      const elsewhere = run("remind-full", { day: "2027-06-03" }, { reminders: all, nextReminder: 41 });
      expect(elsewhere.session.frames).toContain("lab:rest");
    },
    "changes the date of the one that is meant": () => {
      const talk = run("remind-change", { which: "4", day: "2027-09-01" }, { reminders: [reminder] });
      expect(talk.session.reminders).toMatchObject([{ ...reminder, date: "2027-09-01" }]);
      expect(talk.effects).toContainEqual(expect.objectContaining({ kind: "schedule", ref: "r4" }));
    },
    "a date with no rung left is kept without a schedule": () => {
      const talk = run("remind-change", { which: "4", day: "2026-01-01" }, { reminders: [reminder] });
      expect(talk.session.reminders[0]?.next).toBeUndefined();
      expect(talk.effects).toContainEqual({ kind: "unschedule", ref: "r4" });
    },
    "stops the one that is meant": () => {
      const talk = run("remind-stop", { which: "4" }, { reminders: [reminder] });
      expect(talk.session.reminders).toEqual([]);
      expect(talk.effects).toContainEqual({ kind: "unschedule", ref: "r4" });
    },
    "one that is not there changes nothing": () => {
      for (const step of ["remind-change", "remind-stop"]) {
        const talk = run(step, { which: "9", day: "2027-09-01" }, { reminders: [reminder] });
        expect(talk.session.reminders).toEqual([reminder]);
      }
    },
    "takes an earlier stop back": () => {
      expect(kindsOf(run("remind-again", {}, { stopped: true }))).toContain("resume");
    },
  },
  subscribe: {
    "joins once, leaves, and knows no topic that is not there": () => {
      const talk = run("subscribe");
      expect(talk.session.subscriptions).toEqual(["clinic/open-days"]);
      const again = run("subscribe", {}, { subscriptions: ["clinic/open-days"] });
      expect(kindsOf(again)).not.toContain("subscribe");
      const left = run("unsubscribe", {}, { subscriptions: ["clinic/open-days"] });
      expect(left.session.subscriptions).toEqual([]);
      expect(left.effects).toContainEqual({ kind: "unsubscribe", topic: "clinic/open-days" });
      expect(run("subscribe-nowhere").session.subscriptions).toEqual([]);
    },
  },
  outcome: {
    "is shown and counted, and its topic offered once": () => {
      const talk = run("outcome");
      expect(talk.keys.filter((key) => key === "lab:outcomes.sure")).toHaveLength(2);
      expect(talk.effects).toContainEqual({ kind: "count", name: "outcome lab sure" });
      expect(talk.session.offered.filter((id) => id === "t:clinic/open-days:join")).toHaveLength(1);
      talk.tap("clinic/open-days:join");
      expect(talk.session.subscriptions).toEqual(["clinic/open-days"]);
    },
    "its topic is not offered to who has it": () => {
      const talk = run("outcome", {}, { subscriptions: ["clinic/open-days"] });
      expect(talk.session.offered).not.toContain("t:clinic/open-days:join");
    },
    "what was gathered is shown by level, between the page's own words": () => {
      const talk = run("later", {}, { gathered: ["lab:maybe"] });
      expect(talk.keys).toEqual([
        "lab:gathered.text",
        "conversation:levels.lawyer-first",
        "lab:outcomes.maybe",
        "conversation:levels.worth-asking",
        "lab:outcomes.sure",
        "lab:gathered.note",
        "lab:rest.text",
      ]);
    },
    "going back takes what was gathered back": () => {
      const talk = run("later-rest");
      expect(talk.session.gathered).toEqual(["lab:maybe"]);
      expect(talk.say("back").session.gathered).toEqual([]);
    },
    "nothing gathered is said": () => {
      expect(run("gathered").keys[1]).toBe("lab:gathered.none");
    },
    "one gathered under other content is passed over": () => {
      expect(run("gathered", {}, { gathered: ["lab:gone", "nowhere:x"] }).keys[1]).toBe("lab:gathered.note");
    },
  },
  "hand-over": {
    "opens a case and says so": () => {
      const talk = run("hand-over");
      expect(talk.effects).toContainEqual({ kind: "open-case", reason: "asked" });
      expect(talk.keys[0]).toBe("lab:hand-over.text");
    },
  },
  forget: {
    "leaves a receipt and nothing else": () => {
      const talk = run("forget", { ask: "yes" }, { reminders: [reminder], timeZone: "Asia/Kabul" });
      expect(without(talk, "unschedule").map(({ kind }) => kind)).toEqual(["forget"]);
      expect(talk.effects.at(-1)).toMatchObject({ kind: "forget", receipt: { buttons: [], nav: [] } });
      expect(talk.session).toMatchObject({ frames: [], answers: [], reminders: [], offered: [] });
      expect(talk.session.timeZone).toBeNull();
    },
  },
  faq: {
    "shows the entry that was picked, and goes on": () => {
      const talk = run("faq", { question: "what-is-parole" });
      expect(talk.keys).toContain("faq/basics:what-is-parole.short");
      expect(talk.place).toBe("lab:rest");
    },
    "an entry that is gone is said to be, and the conversation goes on": () => {
      const talk = run("faq", { question: "gone" });
      expect(talk.keys).toEqual(["conversation:moved-on", "lab:rest.text"]);
    },
  },
  end: {
    "goes back to the caller, or straight to the menu": () => {
      expect(run("end").session.frames).toEqual(["menu:choose"]);
      const talk = run("end-menu", { ask: "yes" });
      expect(talk.session).toMatchObject({ frames: ["menu:choose"], answers: [] });
    },
  },
};

test("every kind of step has cases", () => {
  const kinds = stepSchema.options.map(({ shape }) => shape.kind.value);
  expect(Object.keys(cases).sort()).toEqual([...kinds].sort());
});

describe.each(Object.entries(cases))("%s", (_, own) => {
  test.each(Object.entries(own))("%s", (_name, check) => check());
});

test("steps that go round without waiting end in the menu's hands, and are counted", () => {
  const talk = run("loop");
  expect(talk.effects).toContainEqual({ kind: "count", name: "step-budget" });
  expect(talk.session.frames).toEqual([]);
  expect(talk.session.offered).toEqual(["c:menu"]);
});

describe("content that changed under a conversation", () => {
  test("a place that is gone leads to the menu, not to silence", () => {
    const talk = talkAt(program, now, "en", "menu:reminders", "lab:no-such-step");
    expect(talk.place).toBe("menu:choose");
  });

  test("a button of an older question is answered kindly with the one that waits", () => {
    const talk = talkAt(program, now, "en", "lab:rest");
    talk.take({ kind: "tap", button: "a:old:yes" });
    expect(talk.keys).toEqual(["conversation:moved-on", "lab:rest.text"]);
    expect(talk.effects).toContainEqual({ kind: "count", name: "stale-tap" });
  });

  test("an entry's detail that is no longer there is shown short", () => {
    const [[id, entry] = []] = program.faq.entries;
    if (id === undefined || entry === undefined) throw new Error("there is no entry");
    const entries = new Map(program.faq.entries).set(id, { ...entry, hasMore: false });
    const talk = talkAt({ ...program, faq: { ...program.faq, entries } }, now, "en", "menu:choose");
    talk.take({ kind: "tap", button: `q:${id}:more` });
    expect(talk.keys).toEqual([`${entry.key}.title`, `${entry.key}.short`]);
  });
});
