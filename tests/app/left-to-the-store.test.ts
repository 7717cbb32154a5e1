import { afterEach, expect, it, vi } from "vitest";
import { type App, meet, openApp, queue } from "./app-world.ts";
import { sent, textOf } from "./fake-channel.ts";

let app: App | undefined;
afterEach(async () => {
  await app?.end();
  app = undefined;
});

it("what was left to the store while it was being looked into is not overtaken by what comes after that look", async () => {
  const looks = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  let hold: Promise<void> | undefined;
  let looking = 0;
  const opened = await openApp({
    around: (store) => ({
      ...store,
      claim: async (now, lane, ...rest) => {
        const rows = await store.claim(now, lane, ...rest);
        if (lane === "reply" && hold !== undefined) {
          looking += 1;
          await hold;
        }
        return rows;
      },
    }),
  });
  app = opened;
  const { telegram } = opened;
  const contact = await meet(opened, "ali");
  const say = (text: string, offered: boolean) =>
    queue(opened, contact, [{ lane: "reply", text }], { offered });
  const said = () => telegram.calls.map(({ outgoing }) => textOf(outgoing));
  await say("one", false);
  telegram.calls.splice(0);
  // The store has handed out one of theirs: what comes next is left to it too, until it was asked and had no more.
  telegram.behave = () => {
    hold ??= looks[0].promise;
    return sent();
  };
  opened.parts.outbox.start();
  await vi.waitUntil(() => looking === 1);
  expect(said()).toEqual(["one"]);
  // It had no more, but its answer is still on its way.
  await say("two", true);
  hold = looks[1].promise;
  looks[0].resolve();
  await vi.waitUntil(() => looking === 2);
  await say("three", true);
  hold = undefined;
  looks[1].resolve();
  await vi.waitUntil(() => telegram.calls.length === 3);
  expect(said()).toEqual(["one", "two", "three"]);
});

it("what the store hands out and has left before the look ends does not let newer ones overtake what waits behind it", async () => {
  const [inTheLook, lookEnds, marked] = [0, 1, 2].map(() => Promise.withResolvers<void>());
  let slow: "nothing" | "looks" | "looks and marks" = "nothing";
  const opened = await openApp({
    around: (store) => ({
      ...store,
      claim: async (now, lane, ...rest) => {
        if (slow !== "nothing" && lane === "nudge") {
          inTheLook?.resolve();
          await lookEnds?.promise;
        }
        return store.claim(now, lane, ...rest);
      },
      settle: async (settled) => {
        if (slow === "looks and marks") await marked?.promise;
        return store.settle(settled);
      },
    }),
  });
  app = opened;
  const { telegram } = opened;
  const [contact, another] = [await meet(opened, "ali"), await meet(opened, "another")];
  telegram.calls.splice(0);
  const say = (text: string, offered: boolean, to = contact) =>
    queue(opened, to, [{ lane: "reply", text }], { offered });
  const said = () =>
    telegram.calls
      .filter(({ outgoing }) => outgoing.contact === contact)
      .map(({ outgoing }) => textOf(outgoing));
  const gate = telegram.gate();
  await say("one", false);
  opened.parts.outbox.start();
  await vi.waitUntil(() => said().length === 1);
  // The store has handed it out: all that comes behind it is left to the store.
  await say("two", true);
  await say("three", true);
  await opened.quiet();
  // A look hands out the second and is not over; another's message lets both leave, and nothing of it is marked yet.
  slow = "looks";
  gate.letAll();
  await inTheLook?.promise;
  slow = "looks and marks";
  await say("hello", true, another);
  await vi.waitUntil(() => said().length === 2 && telegram.underWay() === 0);
  lookEnds?.resolve();
  for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  await say("four", true);
  marked?.resolve();
  await vi.waitUntil(() => said().length === 4);
  expect(said()).toEqual(["one", "two", "three", "four"]);
});
