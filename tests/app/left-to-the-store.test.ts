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
