import { afterEach, expect, it } from "vitest";
import type { Inbound, Intake } from "../../../src/app/ports-channel.ts";
import { noon, openWorld, to, type World } from "./given.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Starts a channel that listened last at this moment, to whose number somebody wrote at noon; gives what it takes in. */
async function start(until: number | undefined, take: Intake = async () => undefined) {
  const taken: Inbound[] = [];
  const marked = Promise.withResolvers<number>();
  world = await openWorld({
    heard: { get: async () => until, set: async (at) => marked.resolve(at) },
    wait: (_ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
        setImmediate(() => taken.length === 0 && tries > 0 && resolve());
      }),
  });
  let tries = 0;
  world.at(noon + 1_000);
  await world.channel.start(async (received) => {
    tries += 1;
    await take(received);
    if (!("status" in received)) taken.push(received);
  });
  return { taken, marked: marked.promise };
}

it("what was written since somebody listened last is taken in, with when it was", async () => {
  const { taken, marked } = await start(noon - 1_000);
  expect(await marked).toBe(noon + 1_000);
  expect(taken).toMatchObject([
    { channel: "whatsapp", addresses: [to], input: { kind: "text", text: "hello" }, writtenAt: noon },
  ]);
  expect(taken[0]?.externalId).toMatch(/^SM[0-9a-f]{32}$/);
});

it("what was written before anybody ever listened was written to somebody else", async () => {
  const { taken, marked } = await start(undefined);
  await marked;
  expect(taken).toEqual([]);
});

it("what can't be taken in yet is tried again, and only then it counts as heard", async () => {
  let calls = 0;
  const { taken, marked } = await start(noon, async () => {
    calls += 1;
    if (calls < 3) throw new Error("busy");
  });
  await marked;
  expect([calls, taken.length]).toEqual([3, 1]);
});
