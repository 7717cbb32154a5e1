import { describe, expect, it } from "vitest";
import { Conversation } from "../../src/play/conversation.ts";
import { whyLines } from "../../src/play/why.ts";
import { withFlows } from "../core/lab.ts";
import { shippedContent } from "../core/shipped.ts";

const shipped = shippedContent();

/** Someone who has chosen English and is at the menu. */
function someone(program = shipped.program, now = Date.UTC(2026, 10, 23)): Conversation {
  const talk = new Conversation(program, { now, language: "en" });
  for (const turn of [{ start: "" }, { tap: "en" }]) talk.take(turn);
  return talk;
}

describe("results", () => {
  const yesNo = { kind: "ask", answer: { kind: "yes-no" } };
  const flow = {
    start: "first",
    steps: {
      first: { ...yesNo, adds: { yes: "risk" }, next: "second" },
      second: { ...yesNo, next: "page" },
      page: { kind: "outcome", show: "gathered", next: "done" },
      done: { kind: "end" },
    },
    outcomes: { risk: { level: "lawyer-first" } },
  };
  const words = {
    first: { text: "One?" },
    second: { text: "Two?" },
    page: { heading: "Page", text: "So:", none: "Nothing." },
    outcomes: { risk: "A risk." },
  };

  it("that an answer adds are told of that answer, not of the next one", () => {
    const { program } = withFlows(shipped, { probe: flow }, { probe: words });
    const talk = someone(program);
    talk.take({ open: "probe" });
    const added = "  added: probe:risk, level lawyer-first";
    expect(whyLines({ ...shipped, program }, talk.take({ tap: "yes" }))).toContain(added);
    expect(whyLines({ ...shipped, program }, talk.take({ tap: "no" }))).not.toContain(added);
  });
});

describe("a fact", () => {
  const told = (now: number) =>
    whyLines(shipped, someone(shipped.program, now).take({ say: "how much is the filing fee" }))
      .filter((line) => line.includes(" [check]"))
      .join("\n");

  it("is told as stated before its review day, and as not stated from it on", () => {
    expect(told(Date.UTC(2026, 10, 23))).toContain("stated with its day and page");
    expect(told(Date.UTC(2026, 10, 23))).not.toContain("not stated");
    expect(told(Date.UTC(2099, 0, 1))).toContain("not stated: its review day has come");
  });
});
