import { afterEach, expect, it, vi } from "vitest";
import { actOnTidings } from "../../src/app/act-on-tidings.ts";
import { type App, meet, openApp, queue } from "./app-world.ts";
import { sent, textOf } from "./fake-channel.ts";

let app: App | undefined;
afterEach(async () => {
  await app?.end();
  app = undefined;
});

/** An app in which the store's word on who may send can be other than yes. */
async function open() {
  const asked = { mayLeave: async (): Promise<boolean> => true };
  const opened = await openApp({
    around: (store) => ({ ...store, together: { ...store.together, mayLeave: () => asked.mayLeave() } }),
  });
  app = opened;
  const contact = await meet(opened, "ali");
  opened.telegram.calls.splice(0);
  opened.parts.outbox.start();
  await opened.quiet();
  const say = (...texts: readonly string[]) =>
    queue(
      opened,
      contact,
      texts.map((text) => ({ lane: "reply", text })),
      { offered: true },
    );
  const said = () => opened.telegram.calls.map(({ outgoing }) => textOf(outgoing));
  return { opened, contact, asked, say, said };
}

it("a message that must not leave from here, and waits all the same, comes from the store, before those behind it", async () => {
  const { asked, say, said } = await open();
  asked.mayLeave = async () => {
    asked.mayLeave = async () => true;
    return false;
  };
  await say("one", "two", "three");
  await vi.waitUntil(() => said().length === 3, { timeout: 20_000 });
  expect(said()).toEqual(["one", "two", "three"]);
});

it("what is queued while a message is given back does not overtake it", async () => {
  const { asked, say, said } = await open();
  const refusing = Promise.withResolvers<boolean>();
  asked.mayLeave = () => {
    asked.mayLeave = async () => true;
    return refusing.promise;
  };
  await say("one");
  refusing.resolve(false);
  await say("two");
  await vi.waitUntil(() => said().length === 2, { timeout: 20_000 });
  expect(said()).toEqual(["one", "two"]);
});

it("tidings of what another process ended, which come late, end nothing that was queued since", async () => {
  const { opened, contact, say, said } = await open();
  const first = Promise.withResolvers<void>();
  opened.telegram.behave = async () => {
    await first.promise;
    return sent();
  };
  await say("one", "two");
  await vi.waitUntil(() => said().length === 1, { timeout: 20_000 });
  actOnTidings(opened.parts, { kind: "dropped", contact });
  await say("three");
  first.resolve();
  await vi.waitUntil(() => said().length === 3, { timeout: 20_000 });
  expect(said()).toEqual(["one", "two", "three"]);
});

it("one whose try failed after such tidings goes out once more, and in its place", async () => {
  const { opened, contact, say, said } = await open();
  const first = Promise.withResolvers<void>();
  opened.telegram.behave = async () => {
    opened.telegram.behave = () => sent();
    await first.promise;
    return { kind: "unknown", reason: "lost" };
  };
  await say("one", "two");
  await vi.waitUntil(() => said().length === 1, { timeout: 20_000 });
  actOnTidings(opened.parts, { kind: "dropped", contact });
  await say("three");
  first.resolve();
  await vi.waitUntil(() => said().length === 4, { timeout: 20_000 });
  expect(said()).toEqual(["one", "one", "two", "three"]);
});
