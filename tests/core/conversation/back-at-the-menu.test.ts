import { describe, expect, test } from "vitest";
import { withFlows } from "../lab.ts";
import { shippedContent } from "../shipped.ts";
import { Talk, talkAt } from "../talk.ts";

const content = shippedContent();
const { program } = content;
const now = Date.UTC(2026, 10, 23, 10);

describe("back at the menu", () => {
  const menuWords = {
    choose: { text: "What?", options: { lab: "Lab", more: "More" } },
    more: { text: "Sure?" },
  };
  const yesNo = { kind: "ask", answer: { kind: "yes-no" } };
  const flows = {
    menu: {
      start: "choose",
      nav: [],
      steps: {
        choose: {
          kind: "ask",
          answer: { kind: "choice", options: ["lab", "more"] },
          next: { lab: "lab", more: "more" },
        },
        lab: { kind: "call", flow: "lab", next: "choose" },
        more: { ...yesNo, next: "lab" },
      },
    },
    lab: { start: "one", steps: { one: { ...yesNo, next: "done" }, done: { kind: "end" } } },
  };
  const lab = withFlows(content, flows, { menu: menuWords, lab: { one: { text: "One?" } } }).program;

  test("nothing that was answered is left, of a flow that was called or visited", () => {
    const dates = new Talk(program, now).say("English").tap("reminders").tap("yes").tap("papers");
    dates.tap("passport").say("my son").tap("kabul").say("2027-06-03").tap("yes");
    expect(dates.session.reminders).toMatchObject([{ label: "my son" }]);
    expect(dates.session).toMatchObject({
      frames: ["menu:choose"],
      answers: [],
      gathered: [],
      waitUntil: null,
    });
    dates.say("my dates").tap("stop").say("1");
    expect(dates.session.reminders).toEqual([]);
    expect(dates.session).toMatchObject({
      frames: ["menu:choose"],
      answers: [],
      gathered: [],
      waitUntil: null,
    });
  });

  test("a menu of several questions keeps its own answers until it is back at the first, or they are forgotten", () => {
    const talk = talkAt(lab, now, "en", "menu:choose").tap("more");
    expect(talk.session.answers.map(({ place }) => place)).toEqual(["menu:choose"]);
    expect(talk.scheduled.get("wait")).toBe(talk.session.waitUntil);
    expect(talk.session.waitUntil).not.toBeNull();
    talk.tap("yes").tap("yes");
    expect(talk.place).toBe("menu:choose");
    expect(talk.session).toMatchObject({ answers: [], waitUntil: null });
  });
});
