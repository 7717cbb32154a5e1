import { describe, expect, it } from "vitest";
import type { Session } from "../../../src/core/conversation/session.ts";
import type { Program } from "../../../src/core/flow/program.ts";
import type { Json } from "../../../src/core/flow/source.ts";
import { withFlows } from "../lab.ts";
import { shippedContent } from "../shipped.ts";
import { Talk, talkAt } from "../talk.ts";

const now = Date.UTC(2026, 10, 23, 10);
const shipped = shippedContent();
const ask = (answer: Json, next: Json) => ({ kind: "ask", answer, next });
const yesNo = { kind: "yes-no" };
const choice = (...options: readonly string[]) => ({ kind: "choice", options });

type Flow = {
  readonly steps: Readonly<Record<string, Json>>;
  readonly more?: Readonly<Record<string, Json>>;
};

/** A flow `lab` that asks `safe`, then `colour`, then calls `inner`, then asks `last`; or as an edit has it. */
function contentOf(flow: Flow, words: Json, name = "lab", inner: Json = innerFlow): Program {
  const flows = {
    [name]: { start: Object.keys(flow.steps)[0] ?? "", ...flow.more, steps: flow.steps },
    inner,
  };
  return withFlows(shipped, flows, { [name]: words, inner: { ready: { text: "Ready?" } } }).program;
}

const innerFlow = {
  start: "ready",
  results: ["ready"],
  steps: { ready: ask(yesNo, "done"), done: { kind: "end" } },
};
const steps = {
  safe: ask(yesNo, "colour"),
  colour: ask(choice("red", "blue"), "inside"),
  inside: { kind: "call", flow: "inner", next: "last" },
  last: ask(yesNo, "end"),
  end: { kind: "end" },
};
const words = {
  safe: { text: "Safe?" },
  colour: { text: "Which?", options: { red: "Red", blue: "Blue" } },
  last: { text: "Last?" },
};
const before = contentOf({ steps }, words);

/** Somebody who has come to a place of the content before, by these answers. */
function waitingAfter(...taps: readonly string[]): Talk {
  const talk = talkAt(before, now, "en", "menu:screening", "lab:safe");
  for (const one of taps) talk.tap(one);
  return talk;
}

/** The same person in other content. */
function then(program: Program, { session }: { readonly session: Session }): Talk {
  return new Talk(program, now, session);
}

const { safe: _safe, ...withoutSafe } = steps;
const { colour: _colour, ...withoutColour } = steps;
const told = "conversation:questions-changed";

describe("content that is changed while somebody is in the middle", () => {
  it("goes on under a step's new name, with the keyboard that stands in the chat", () => {
    const program = contentOf(
      {
        steps: {
          safe: ask(yesNo, "shade"),
          shade: steps.colour,
          inside: steps.inside,
          last: steps.last,
          end: steps.end,
        },
        more: { renamed: { steps: { colour: "shade" } } },
      },
      { ...words, shade: words.colour },
    );
    const talk = then(program, waitingAfter("yes")).tap("red");
    expect(talk.keys).not.toContain(told);
    expect(talk.answer("lab:shade")).toBe("red");
    expect(talk.place).toBe("inner:ready");
    // "back" finds the question under its new name, too.
    expect(then(program, waitingAfter("yes", "blue")).tap("c:back").place).toBe("lab:shade");
  });

  it("takes answers under their new names, given before or tapped on an old keyboard", () => {
    const program = contentOf(
      {
        steps: { ...steps, colour: ask(choice("crimson", "blue"), "inside") },
        more: { renamed: { options: { colour: { red: "crimson" } } } },
      },
      { ...words, colour: { text: "Which?", options: { crimson: "Crimson", blue: "Blue" } } },
    );
    expect(then(program, waitingAfter("yes")).tap("red").answer("lab:colour")).toBe("crimson");
    expect(then(program, waitingAfter("yes", "red")).tap("yes").answer("lab:colour")).toBe("crimson");
  });

  it("goes on in a flow's new name, over two renamings", () => {
    const program = contentOf(
      { steps, more: { renamed: { flows: ["lab", "laboratory"], steps: { secure: "safe" } } } },
      words,
      "place",
    );
    const talk = then(program, waitingAfter("yes")).tap("blue").tap("yes");
    expect([talk.place, talk.answer("place:safe"), talk.answer("place:colour")]).toEqual([
      "place:last",
      "yes",
      "blue",
    ]);
    expect(talk.session.frames).toEqual(["menu:screening", "place:last"]);
  });

  it("comes back to a calling step by its new name", () => {
    const { inside, ...others } = steps;
    const program = contentOf(
      {
        steps: { ...others, colour: ask(choice("red", "blue"), "within"), within: inside },
        more: { renamed: { steps: { inside: "within" } } },
      },
      words,
    );
    const talk = then(program, waitingAfter("yes", "red")).tap("yes");
    expect([talk.place, talk.answer("lab:within.ready")]).toEqual(["lab:last", "yes"]);
  });

  it("tells who waits at a retired step, and goes on where the file says", () => {
    const program = contentOf(
      {
        steps: { ...withoutColour, safe: ask(yesNo, "inside") },
        more: { retired: { steps: { colour: "last" } } },
      },
      words,
    );
    const talk = then(program, waitingAfter("yes")).tap("red");
    expect([talk.place, talk.answer("lab:safe"), talk.keys[0]]).toEqual(["lab:last", "yes", told]);
    expect(talk.tap("no").place).toBe("menu:choose");
  });

  it("begins the flow again where nobody has said where to go on, and takes nothing for an answer before it is said", () => {
    const program = contentOf({ steps: { ...withoutColour, safe: ask(yesNo, "inside") } }, words);
    const talk = then(program, waitingAfter("yes")).say("yes");
    expect([talk.place, talk.answer("lab:safe"), talk.keys]).toEqual([
      "lab:safe",
      undefined,
      [told, "lab:safe.text"],
    ]);
    expect(talk.say("yes").place).toBe("inner:ready");
  });

  it("leads to what called it, or to the menu, where the flow is no more", () => {
    const { inside: _inside, ...others } = steps;
    const gone = contentOf(
      { steps: { ...others, colour: ask(choice("red", "blue"), "last") } },
      words,
      "other",
      innerFlow,
    );
    const talk = then(gone, waitingAfter("yes")).say("blue");
    expect([talk.place, talk.keys[0]]).toEqual(["menu:choose", told]);
  });

  it("asks again what was answered with something that is no answer any more", () => {
    const program = contentOf(
      { steps: { ...steps, colour: ask(choice("green", "blue"), "inside") } },
      { ...words, colour: { text: "Which?", options: { green: "Green", blue: "Blue" } } },
    );
    const talk = then(program, waitingAfter("yes", "red")).tap("yes");
    expect([talk.place, talk.keys[0], talk.answer("lab:safe")]).toEqual(["lab:colour", told, "yes"]);
    expect(then(program, waitingAfter("yes", "blue")).tap("yes").place).toBe("lab:last");
  });

  it("says it when the person goes on, after what is more urgent, and not to a clock", () => {
    const program = contentOf({ steps: withoutSafe }, words);
    const talk = then(program, waitingAfter());
    talk.say("they are coming to kill me");
    expect(talk.keys[0]).toBe("red-flags:rf-danger.card");
    expect(talk.keys).not.toContain(told);
    talk.take({ kind: "due", ref: "r1" });
    expect(talk.session.frames.at(-1)).toBe("lab:safe");
    talk.say("yes");
    expect([talk.place, talk.keys]).toEqual(["lab:colour", [told, "lab:colour.text"]]);
    expect(then(program, waitingAfter()).say("stop").keys).toEqual(["conversation:stopped"]);
  });

  it("goes on from a step that has become one that asks nothing", () => {
    const program = contentOf({ steps: { ...steps, colour: { kind: "say", next: "last" } } }, words);
    const talk = then(program, waitingAfter("yes")).tap("red");
    expect([talk.place, talk.keys]).toEqual(["lab:last", [told, "lab:colour.text", "lab:last.text"]]);
  });
});
