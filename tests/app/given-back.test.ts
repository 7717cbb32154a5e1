import { afterEach, expect, it, vi } from "vitest";
import { actOnTidings } from "../../src/app/act-on-tidings.ts";
import type { SendOutcome } from "../../src/app/ports-channel.ts";
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

it.each<readonly [string, SendOutcome, readonly string[]]>([
  ["end nothing that was queued since", sent(), ["one", "two", "three"]],
  [
    "leave a message whose try failed another one, in its place",
    { kind: "unknown", reason: "lost" },
    ["one", "one", "two", "three"],
  ],
])("tidings of what another process ended, which come late, %s", async (_, outcome, expected) => {
  const { opened, contact, say, said } = await open();
  const first = Promise.withResolvers<SendOutcome>();
  opened.telegram.behave = () => {
    opened.telegram.behave = () => sent();
    return first.promise;
  };
  await say("one", "two");
  await vi.waitUntil(() => said().length === 1, { timeout: 20_000 });
  actOnTidings(opened.parts, { kind: "dropped", contact });
  await say("three");
  first.resolve(outcome);
  await vi.waitUntil(() => said().length === expected.length, { timeout: 20_000 });
  expect(said()).toEqual(expected);
});
