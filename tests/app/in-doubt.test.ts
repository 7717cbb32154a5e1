import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { minute, second } from "../../src/core/nouns/time.ts";
import { type App, meet, openApp, queue, stillTime } from "./app-world.ts";
import { sent } from "./fake-channel.ts";

let app: App;
let phone: number;
beforeEach(async () => {
  stillTime();
  app = await openApp();
  phone = await meet(app, "+1555", { channel: "whatsapp" });
  await app.advance(second);
  app.whatsapp.calls.splice(0);
});
afterEach(() => app.end());

const lost = () => ({ kind: "unknown", reason: "lost" }) as const;
const doubts = () => app.whatsapp.calls.map(({ outgoing }) => outgoing.doubtSince);
const looksBack = () => Object.assign(app.whatsapp, { looksBack: true });

describe("a channel that looks back", () => {
  it.each(["reply", "nudge", "bulk"] as const)(
    "is told since when a message is in doubt, and tries one of the lane %s until it knows",
    async (lane) => {
      looksBack();
      app.whatsapp.behave = (_, attempt) => (attempt < 4 ? lost() : sent());
      await queue(app, phone, [{ lane, text: "?" }]);
      await app.advance(30 * second, second);
      const [first] = app.whatsapp.calls;
      expect(doubts()).toEqual([undefined]);
      await app.advance(10 * minute, 10 * second);
      expect(doubts()).toEqual([undefined, first?.at, first?.at, first?.at]);
    },
  );

  it("is told of none where the platform said no, or the message never left", async () => {
    looksBack();
    app.whatsapp.behave = (_, attempt) =>
      attempt < 3 ? { kind: "retry-later", afterMs: undefined, reason: "429", scope: "contact" } : sent();
    await queue(app, phone, [{ lane: "reply", text: "?" }]);
    await app.advance(minute, second);
    expect(doubts()).toEqual([undefined, undefined, undefined]);
  });

  it("is told that what was queued before the start may have left, and what was queued after it has not", async () => {
    looksBack();
    const queuedAt = app.parts.clock.now();
    const gate = app.whatsapp.gate();
    await queue(app, phone, [
      { lane: "reply", text: "under way" },
      { lane: "reply", text: "behind it" },
    ]);
    await app.quiet();
    app.whatsapp.behave = lost;
    gate.letAll();
    await app.restart();
    app.whatsapp.calls.splice(0);
    app.whatsapp.behave = () => sent();
    await app.advance(second);
    app.parts.outbox.start();
    await app.advance(2 * minute, second);
    await queue(app, phone, [{ lane: "reply", text: "new" }]);
    await app.advance(second);
    expect(doubts()).toEqual([queuedAt, queuedAt, undefined]);
  });
});

describe("what was queued before the start", () => {
  const triesWithin = async (seconds: number) => {
    await queue(app, phone, [{ lane: "reply", text: "?" }], { offered: false });
    await app.restart();
    app.parts.outbox.start();
    await app.advance(seconds * second, second);
    return app.whatsapp.calls.length;
  };

  it.each([
    [4, 0],
    [7, 1],
  ])("is looked for when the platform had time to list it: within %i s, %i times", async (seconds, times) => {
    looksBack();
    expect(await triesWithin(seconds)).toBe(times);
  });

  it("leaves at once where it can't be looked for", async () => {
    expect(await triesWithin(4)).toBe(1);
  });
});

it("no other is asked to try a broadcast twice", async () => {
  app.whatsapp.behave = lost;
  await queue(app, phone, [{ lane: "bulk", text: "?" }]);
  await app.advance(10 * minute, 10 * second);
  expect(app.whatsapp.calls).toHaveLength(1);
});
