import { afterEach, beforeEach, expect, it } from "vitest";
import type { SendOutcome } from "../../src/app/ports-channel.ts";
import { day, hour, minute, second } from "../../src/core/nouns/time.ts";
import { type App, meet, openApp, queue, stillTime } from "./app-world.ts";
import { sent, textOf } from "./fake-channel.ts";

let app: App;
beforeEach(async () => {
  stillTime();
  app = await openApp();
});
afterEach(() => app.end());

const texts = (): readonly string[] => app.telegram.calls.map(({ outgoing }) => textOf(outgoing));
const slow = (afterMs: number): SendOutcome => ({
  kind: "retry-later",
  afterMs,
  reason: "429",
  scope: "contact",
});

it.each([0, -5 * second, 0.5, Number.NaN])(
  "a message is tried again ever later where the platform asks for a pause of %s ms, which is none",
  async (asked) => {
    const ali = await meet(app, "ali");
    app.telegram.calls.splice(0);
    app.telegram.behave = (_, attempt) => (attempt < 4 ? slow(asked) : sent());
    await queue(app, ali, [{ lane: "reply", text: "1" }]);
    await app.advance(20 * second);
    const times = app.telegram.calls.map(({ at }) => at);
    expect(times.map((at) => at - (times[0] ?? 0))).toEqual([0, 1_000, 3_000, 7_000]);
    expect(app.log.notes).toEqual([]);
  },
);

it.each([30 * day, 1e15, Number.POSITIVE_INFINITY])(
  "a message is not put off for longer than a day, as with a pause of %s ms",
  async (asked) => {
    const ali = await meet(app, "ali");
    app.telegram.calls.splice(0);
    app.telegram.behave = (_, attempt) => (attempt < 2 ? slow(asked) : sent());
    await queue(app, ali, [{ lane: "nudge", text: "1", notAfter: Date.now() + 9 * day }]);
    await app.advance(day - minute, hour);
    expect(texts()).toEqual(["1"]);
    await app.advance(2 * minute, minute);
    expect(texts()).toEqual(["1", "1"]);
  },
);
