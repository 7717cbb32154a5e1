import { expect, it } from "vitest";
import { hour } from "../../src/core/nouns/time.ts";
import { Conversation } from "../../src/play/conversation.ts";
import { shippedContent } from "../core/shipped.ts";

const { program } = shippedContent();

function someone(): Conversation {
  const talk = new Conversation(program, { now: Date.UTC(2026, 10, 23), language: "en" });
  for (const turn of [{ start: "" }, { tap: "en" }]) talk.take(turn);
  talk.scheduled.clear();
  return talk;
}

it("lets what falls due in a wait come in the order of time, and what is later wait", () => {
  const talk = someone();
  const { now } = talk;
  for (const [ref, hours] of [
    ["r7", 30],
    ["r9", 2],
    ["r8", 1],
  ] as const)
    talk.scheduled.set(ref, now + hours * hour);
  const happened = talk.take({ wait: "3h" });
  expect(happened.map(({ input, at }) => [input, at - now])).toEqual([
    [{ kind: "due", ref: "r8" }, hour],
    [{ kind: "due", ref: "r9" }, 2 * hour],
  ]);
  expect([...talk.scheduled.keys()]).toEqual(["r7"]);
});

it("forgets what is not scheduled any more", () => {
  const talk = someone();
  talk.take({ open: "screening/start" });
  expect([...talk.scheduled.keys()]).toEqual(["wait"]);
  talk.take({ say: "menu" });
  expect(talk.scheduled.size).toBe(0);
});
