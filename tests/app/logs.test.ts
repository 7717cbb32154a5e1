import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { addOrganisation, addTopic } from "../../src/app/desk.ts";
import { fireDue, retryKept } from "../../src/app/fire-due.ts";
import { metricsText } from "../../src/app/metrics.ts";
import { Content } from "../../src/app/runtime.ts";
import { sendBroadcast } from "../../src/app/send-broadcast.ts";
import { minute, second } from "../../src/core/nouns/time.ts";
import { type App, contactAt, inbound, openApp, queue, shipped, stillTime, written } from "./app-world.ts";
import { sent, textOf } from "./fake-channel.ts";

// What people wrote, where they are reached, what they call their dates, and what organisations say.
const canaries = {
  address: "canary-address-5551234",
  words: "canary words of a person",
  label: "canary label",
  thrown: "canary in an error",
  organisation: "Canary organisation",
  news: "canary news",
  external: "canary-external-id",
} as const;

let app: App;
beforeEach(async () => {
  stillTime();
  const commandWords = new Map(shipped.program.commandWords);
  const get = commandWords.get.bind(commandWords);
  vi.spyOn(commandWords, "get").mockImplementation((word) => {
    if (word === "poison") throw new TypeError(canaries.thrown);
    return get(word);
  });
  app = await openApp({
    content: () => new Content({ ...shipped.program, commandWords }, shipped.translator),
  });
});
afterEach(() => app.end());

async function say(text: string): Promise<void> {
  await app.receive(inbound(canaries.address, written(text)));
  await app.quiet();
}

async function tap(ending: string): Promise<void> {
  const { buttons, nav } = app.telegram.calls.at(-1)?.outgoing.message ?? { buttons: [], nav: [] };
  const button = [...buttons, ...nav].find(({ id }) => id.endsWith(ending));
  if (button === undefined) throw new Error(`no button ends with ${ending}`);
  await app.receive(inbound(canaries.address, { kind: "tap", button: button.id }));
  await app.quiet();
}

async function setReminder(): Promise<void> {
  await app.receive(inbound(canaries.address, { kind: "start", payload: canaries.words }));
  await app.quiet();
  for (const step of [":en", ":reminders", ":yes", ":papers", ":parole-expiry"]) await tap(step);
  await say(canaries.label);
  await tap(":kabul");
  await say("3 June 2027");
  await tap(":yes");
}

async function sendNews(): Promise<void> {
  await addOrganisation(app.parts, "helpline", canaries.organisation);
  await addTopic(app.parts, "helpline", "news", { en: "News" });
  await say("updates");
  await say("1");
  await sendBroadcast(app.parts, {
    organisation: "helpline",
    topic: "news",
    texts: { en: canaries.news },
  });
  await app.advance(2 * second);
}

/** Everything that can go wrong on the way out, once each. */
async function trouble(): Promise<void> {
  const id = (await contactAt(app, canaries.address)) ?? -1;
  const outcomes = [
    () => {
      throw new Error(canaries.thrown);
    },
    () => ({ kind: "refused", reason: "63013" }) as const,
    () => ({ kind: "unknown", reason: "timeout" }) as const,
    () => ({ kind: "retry-later", reason: "429", afterMs: second, scope: "channel" }) as const,
    () => ({ kind: "contact-stopped", reason: "403" }) as const,
  ];
  for (const outcome of outcomes) {
    app.telegram.behave = outcome;
    await queue(app, id, [{ lane: "reply", text: canaries.words }]);
    await app.quiet();
    app.telegram.behave = () => sent();
    await app.advance(5 * second);
  }
}

it("no note, at any level, holds anything of a person or an organisation's text", async () => {
  app.parts.outbox.start();
  await setReminder();
  await say(canaries.words);
  await app.receive(inbound(canaries.address, { kind: "media" }, { externalId: canaries.external }));
  await sendNews();
  expect(app.telegram.calls.some(({ outgoing }) => textOf(outgoing).includes(canaries.news))).toBe(true);
  await say("poison");
  for (let tries = 0; tries < 5; tries++) {
    await app.advance(3 * minute, minute);
    await retryKept(app.parts);
  }
  await trouble();
  // Who was blocked is reached again.
  await say("menu");
  for (let moments = 0; moments < 3; moments++) {
    vi.setSystemTime((await app.parts.store.nextFireAt()) ?? Date.now());
    await fireDue(app.parts);
    await app.advance(2 * second);
  }
  const nudged = app.telegram.calls.some(({ outgoing }) => textOf(outgoing).includes(canaries.label));
  expect(nudged).toBe(true);
  await say("delete");
  await tap(":yes");
  await app.advance(2 * second);
  expect(await contactAt(app, canaries.address)).toBeUndefined();

  expect(app.log.notes.length).toBeGreaterThan(8);
  const told = JSON.stringify(app.log.notes) + (await metricsText(app.parts));
  for (const canary of Object.values(canaries)) expect(told).not.toContain(canary);
});
