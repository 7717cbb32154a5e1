import { describe, expect, test } from "vitest";
import { isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { render } from "../../../src/core/render/render.ts";
import { type Talk, talkAt } from "../talk.ts";
import { lab, program } from "./family-lab.ts";

const now = Date.UTC(2026, 10, 23, 10);

const family = (language = "en"): Talk => talkAt(program, now, language, "menu:screening", "family:how-many");

/** Texts and taps, one after the other; what is a button's ending in brackets is tapped. */
function give(talk: Talk, things: string): Talk {
  for (const thing of things.split(", ")) {
    const tapped = /^\[(.+)\]$/.exec(thing)?.[1];
    if (tapped === undefined) talk.say(thing);
    else talk.tap(tapped);
  }
  return talk;
}

function text(talk: Talk): string {
  const today = "2026-11-23";
  if (!isCivilDate(today)) return "";
  return talk.said
    .flatMap((say) => render({ ...lab, program }, say, "en", today).message.parts)
    .map((part) => part.text)
    .join(" ");
}

describe("the rounds of a repeat", () => {
  test("ask the same for each, say which it is, and keep every answer", () => {
    const talk = give(family(), "2, [near]");
    expect(text(talk)).toBe("Child 1: how old?");
    expect(text(give(talk, "7"))).toBe("Does child 1 go to school?");
    expect(text(give(talk, "yes"))).toBe("Does child 1 have a passport?");
    expect(text(give(talk, "[dont-know]"))).toBe("Child 2: how old?");
    give(talk, "19, no");
    expect(talk.place).toBe("family:rest");
    expect(talk.answer("family:children.count")).toBe(2);
    expect(talk.answer("family:children.age")).toEqual([7, 19]);
    expect(talk.answer("family:children.passport")).toEqual(["dont-know", "no"]);
    expect(talk.answer("family:children.school")).toEqual(["yes", ""]);
    expect(text(talk)).toContain("2 children, 7 and 19 years.");
  });

  test.each([
    ["none where there are none", "0, [near]", "None."],
    ["none where that is not known", "[dont-know], [near]", "None."],
    ["every", "2, [near], 3, yes, yes, 13, yes, yes", "All under 14."],
    ["how many of them", "3, [near], 15, no, yes, 3, no, yes, 14, no, yes", "Two or more of 14 and over."],
    ["some of them", "2, [near], 15, no, yes, 3, no, no", "Papers are missing."],
    ["some that are not known", "2, [near], 15, no, yes, 3, no, [dont-know]", "Papers are missing."],
    ["none of these", "2, [near], 15, no, yes, 3, no, yes", "Some are older."],
    ["every, where one is not known", "2, [near], [dont-know], no, yes, 3, no, yes", "Some are older."],
  ])("can be asked about afterwards: %s", (_, things, said) => {
    expect(text(give(family(), things))).toContain(said);
  });

  test("begin with nothing of the round before", () => {
    const talk = give(family(), "2, [far], 7, yes, no");
    expect(talk.keys).toContain("child:travel.text");
    give(talk, "7, no, yes");
    expect(talk.keys).not.toContain("child:travel.text");
    expect(talk.answer("family:children.school")).toEqual(["yes", "no"]);
  });

  test("keep the outcomes of all rounds, each once", () => {
    const talk = give(family(), "3, [near], 19, no, 20, yes, 3, no, yes");
    expect(talk.session.gathered).toEqual(["child:adult", "papers:paperless"]);
  });

  test("forget only this round's outcomes when it begins anew", () => {
    const talk = give(family(), "2, [near], 19, no, 20").say("start again");
    expect(talk.session.gathered).toEqual(["child:adult", "papers:paperless"]);
    give(talk, "yes");
    expect(talk.session.gathered).toEqual(["child:adult", "papers:paperless"]);
    const first = give(family(), "2, [near], 7, yes, yes, 19").say("back").say("start again");
    expect(first.session.gathered).toEqual([]);
  });

  test("go on while there is more, and no longer than they may", () => {
    const people = () => talkAt(program, now, "en", "menu:screening", "people:rest").say("start again");
    const two = give(people(), "Ann, yes, Bob, no");
    expect(two.place).toBe("people:rest");
    expect(two.answer("people:everyone.name")).toEqual(["Ann", "Bob"]);
    const most = give(people(), "Ann, yes, Bob, yes, Cem, yes");
    expect(most.place).toBe("people:rest");
    expect(most.answer("people:everyone.count")).toBe(3);
  });
});

describe("in the middle of rounds", () => {
  test("back leads through the questions of this round and into the one before, and takes it back", () => {
    const talk = give(family(), "3, [near], 19, no, 7");
    expect(talk.session.gathered).toEqual(["child:adult", "papers:paperless"]);
    expect(talk.place).toBe("child:school");
    expect(talk.say("back").place).toBe("child:age");
    expect(text(talk)).toBe("Child 2: how old?");
    // The papers of the second round were not asked for yet, so those of the first are still there.
    expect(talk.say("back").place).toBe("papers:passport");
    expect(text(talk)).toBe("Does child 1 have a passport?");
    expect(talk.session.gathered).toEqual(["child:adult"]);
    expect(talk.answer("family:children.count")).toBe(0);
    expect(talk.say("back").place).toBe("child:age");
    expect(talk.session.gathered).toEqual([]);
    expect(talk.say("back").place).toBe("family:region");
    give(talk, "[far], 3, yes, yes, 4, yes, yes, 5, yes, yes");
    expect(talk.answer("family:children.age")).toEqual([3, 4, 5]);
    expect(talk.place).toBe("family:rest");
  });

  test("back from what follows them leads into the last one", () => {
    const talk = give(family(), "2, [near], 3, yes, yes, 4, yes, no");
    expect(talk.place).toBe("family:rest");
    expect(talk.say("back").place).toBe("papers:passport");
    expect(text(talk)).toBe("Does child 2 have a passport?");
    give(talk, "yes");
    expect(talk.answer("family:children.passport")).toEqual(["yes", "yes"]);
    expect(talk.answer("family:children.count")).toBe(2);
  });

  test("start again begins this round anew, with what it was told", () => {
    const talk = give(family(), "2, [far], 7, yes, no, 19");
    expect(talk.place).toBe("papers:passport");
    talk.say("back").say("start again");
    expect(text(talk)).toContain("Child 2: how old?");
    expect(talk.answer("family:children.count")).toBe(1);
    give(talk, "8, no, no");
    expect(talk.place).toBe("family:rest");
    expect(talk.answer("family:children.age")).toEqual([7, 8]);
    expect(talk.session.gathered).toEqual(["papers:paperless"]);
  });

  test("start again in a flow that a round calls keeps what that flow was told", () => {
    const talk = give(family(), "2, [far], 19").say("start again");
    expect(text(talk)).toContain("Does child 1 have a passport?");
    give(talk, "no");
    expect(text(talk)).toContain("Child 2: how old?");
  });

  test("a button that is tapped twice does not answer for the next round", () => {
    const talk = give(family(), "2, [near], 19");
    const yes = talk.session.offered.find((id) => id.endsWith(":yes")) ?? "";
    talk.take({ kind: "tap", button: yes });
    expect(text(talk)).toContain("Child 2");
    give(talk, "20").take({ kind: "tap", button: yes });
    expect(talk.keys).toContain("conversation:moved-on");
    expect(talk.place).toBe("papers:passport");
    give(talk, "[no]");
    expect(talk.answer("family:children.passport")).toEqual(["yes", "no"]);
  });

  test("a question of one's own is answered and the round goes on", () => {
    const talk = give(family(), "2, [near], 7, yes, yes");
    talk.say("what is parole?");
    expect(talk.keys).toContain("faq/basics:what-is-parole.short");
    expect(talk.place).toBe("child:age");
    give(talk, "8, yes, no");
    expect(talk.answer("family:children.age")).toEqual([7, 8]);
  });

  test("another flow can be visited, and left", () => {
    const talk = give(family(), "2, [near], 7, yes, yes, 8");
    talk.say("privacy");
    expect(talk.place).toBe("privacy:choose");
    talk.say("back");
    expect(talk.place).toBe("child:school");
    expect(text(talk)).toContain("child 2");
    give(talk, "yes, no");
    expect(talk.answer("family:children.age")).toEqual([7, 8]);
  });

  test("beginning the family anew forgets its rounds", () => {
    const talk = give(family(), "2, [near], 3, yes, no, 4, yes, no").say("start again");
    expect(talk.place).toBe("family:how-many");
    expect(talk.session.answers.filter(({ place }) => place.startsWith("family:"))).toEqual([]);
    give(talk, "1, [near], 5, yes, yes");
    expect(talk.answer("family:children.age")).toEqual([5]);
  });

  test("twenty rounds of many questions fit, and lose nothing that is read", () => {
    const talk = give(family(), "4, [near]");
    for (let child = 1; child <= 4; child++) {
      for (let again = 0; again < 12; again++) give(talk, `${child}, start again`);
      give(talk, `${child}, yes, no`);
    }
    expect(talk.answer("family:children.age")).toEqual([1, 2, 3, 4]);
  });
});
