import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addOrganisation, addTopic } from "../../src/app/desk.ts";
import type { SendOutcome } from "../../src/app/ports-channel.ts";
import { sendBroadcast } from "../../src/app/send-broadcast.ts";
import { day, hour, minute, second } from "../../src/core/nouns/time.ts";
import { type App, contactAt, inbound, meet, openApp, queue, stillTime, written } from "./app-world.ts";
import { sent, textOf } from "./fake-channel.ts";

let app: App;
beforeEach(async () => {
  stillTime();
  app = await openApp();
});
afterEach(() => app.end());

const texts = (): readonly string[] => app.telegram.calls.map(({ outgoing }) => textOf(outgoing));

/** Says something and taps the button whose id ends like this, of the last message. */
async function tap(address: string, ending: string): Promise<void> {
  const { buttons, nav } = app.telegram.calls.at(-1)?.outgoing.message ?? { buttons: [], nav: [] };
  const button = [...buttons, ...nav].find(({ id }) => id.endsWith(ending));
  if (button === undefined) throw new Error(`no button ends with ${ending}`);
  await app.receive(inbound(address, { kind: "tap", button: button.id }));
  await app.quiet();
}

async function someone(address: string): Promise<number> {
  const id = await meet(app, address);
  await tap(address, ":en");
  app.telegram.calls.splice(0);
  return id;
}

async function subscriber(address: string): Promise<number> {
  const id = await someone(address);
  await app.receive(inbound(address, written("updates")));
  await app.quiet();
  await app.receive(inbound(address, written("1")));
  await app.quiet();
  app.telegram.calls.splice(0);
  return id;
}

async function newsTopic(): Promise<void> {
  await addOrganisation(app.parts, "helpline", "Helpline");
  await addTopic(app.parts, "helpline", "news", { en: "News" });
}

const news = { organisation: "helpline", topic: "news", texts: { en: "the news" } };
const newsSent = (): number => texts().filter((text) => text.includes("the news")).length;

describe("a stop", () => {
  it.each([{ lane: "reply" as const }, { lane: "nudge" as const }, { lane: "bulk" as const }])(
    "ends what is queued in the lane $lane, and its own confirmation goes out",
    async ({ lane }) => {
      const ali = await someone("ali");
      const gate = app.telegram.gate();
      await queue(app, ali, [{ lane: "reply", text: "under way" }]);
      await queue(app, ali, [{ lane, text: "queued" }]);
      await app.receive(inbound("ali", written("stop")));
      gate.letAll();
      await app.advance(5 * second);
      expect(texts()).toHaveLength(2);
      expect(texts()).not.toContain("queued");
    },
  );

  it.each([
    { outcome: { kind: "retry-later", afterMs: 3 * second, reason: "429", scope: "contact" } },
    { outcome: { kind: "retry-later", afterMs: undefined, reason: "500", scope: "channel" } },
    { outcome: { kind: "unknown", reason: "lost" } },
  ] satisfies readonly { outcome: SendOutcome }[])(
    "lets nothing that was under way be tried again after $outcome.kind",
    async ({ outcome }) => {
      const ali = await someone("ali");
      app.telegram.behave = (outgoing) => (textOf(outgoing) === "under way" ? outcome : sent());
      const gate = app.telegram.gate();
      await queue(app, ali, [{ lane: "reply", text: "under way" }]);
      await app.receive(inbound("ali", written("stop")));
      gate.letAll();
      await app.advance(minute, second);
      expect(texts()).toHaveLength(2);
      expect(texts().filter((text) => text === "under way")).toHaveLength(1);
    },
  );

  it.each([{ lane: "reply" as const }, { lane: "nudge" as const }, { lane: "bulk" as const }])(
    "ends what only the store holds in the lane $lane, as after a restart",
    async ({ lane }) => {
      const ali = await someone("ali");
      await queue(app, ali, [{ lane, text: "queued" }], { offered: false });
      await app.receive(inbound("ali", written("stop")));
      await app.restart();
      app.parts.outbox.start();
      await app.advance(5 * second);
      expect(texts()).toHaveLength(1);
      expect(texts()).not.toContain("queued");
    },
  );

  it("is heeded by a message that waits for the pace of its channel", async () => {
    await app.end();
    stillTime();
    app = await openApp({ bulkPerSecond: 1 });
    const [ali, sara] = [await someone("ali"), await someone("sara")];
    await queue(app, sara, [{ lane: "bulk", text: "first" }]);
    await queue(app, ali, [{ lane: "bulk", text: "second" }]);
    await app.receive(inbound("ali", written("stop")));
    await app.advance(5 * second);
    expect(texts()).not.toContain("second");
  });

  it.each([
    { input: written("stop"), lane: "nudge" as const },
    { input: written("stop"), lane: "bulk" as const },
    { input: { kind: "blocked" } as const, lane: "nudge" as const },
  ])("or a block is looked at again when a message of the lane $lane leaves", async ({ input, lane }) => {
    const ali = await someone("ali");
    await app.receive(inbound("ali", input, { opensWindow: false }));
    await app.quiet();
    app.telegram.calls.splice(0);
    await queue(app, ali, [{ lane, text: "queued all the same" }]);
    await app.advance(2 * second);
    expect(texts()).toEqual([]);
    expect(app.parts.outbox.backlog).toBe(0);
  });

  it("is followed by answers when the person writes again", async () => {
    await someone("ali");
    await app.receive(inbound("ali", written("stop")));
    await app.quiet();
    app.telegram.calls.splice(0);
    await app.receive(inbound("ali", written("menu")));
    await app.quiet();
    expect(texts()).toHaveLength(1);
  });

  it("lets nothing begin to leave after it is durable, whatever the order of events", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom("reply" as const, "nudge" as const, "bulk" as const), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.constantFrom<SendOutcome["kind"][]>(["sent"], ["unknown"], ["retry-later"], ["unknown", "sent"]),
        async (scheduler, lanes, outcomes) => {
          run += 1;
          const address = `person ${run}`;
          const id = await someone(address);
          let stoppedAt: number | undefined;
          app.telegram.behave = (_, attempt) =>
            scheduler.schedule(Promise.resolve(outcomeOf(outcomes[attempt - 1] ?? "sent")), "send");
          const events = lanes.map((lane, at) => async () => {
            if (stoppedAt === undefined) await queue(app, id, [{ lane, text: `message ${at}` }]);
          });
          const stop = async () => {
            await app.receive(inbound(address, written("stop")));
            stoppedAt ??= app.telegram.calls.length;
          };
          scheduler.scheduleSequence([...events, stop]);
          await scheduler.waitAll();
          await app.advance(10 * second, second);
          await scheduler.waitAll();
          await app.quiet();
          // Its confirmation is handed on in the same breath.
          const after = texts().slice(stoppedAt);
          expect(after.filter((text) => text.startsWith("message "))).toEqual([]);
          app.telegram.behave = () => sent();
        },
      ),
      { numRuns: 25 },
    );
  });
});

function outcomeOf(kind: SendOutcome["kind"]): SendOutcome {
  if (kind === "retry-later") return { kind, afterMs: second, reason: "429", scope: "contact" };
  return kind === "unknown" ? { kind, reason: "lost" } : sent();
}

describe("leaving a topic", () => {
  it("ends its broadcasts that are queued", async () => {
    await newsTopic();
    await subscriber("ali");
    const gate = app.telegram.gate();
    await queue(app, (await contactAt(app, "ali")) ?? 0, [{ lane: "reply", text: "under way" }]);
    await sendBroadcast(app.parts, news);
    await app.quiet();
    await app.receive(inbound("ali", { kind: "tap", button: "t:helpline/news:leave" }));
    gate.letAll();
    app.parts.outbox.start();
    await app.advance(5 * second);
    expect(newsSent()).toBe(0);
  });

  it("does not concern those who stay", async () => {
    await newsTopic();
    await subscriber("ali");
    await sendBroadcast(app.parts, news);
    await app.advance(2 * second);
    expect(newsSent()).toBe(1);
  });
});

describe("a deletion", () => {
  async function remove(address: string): Promise<void> {
    await app.receive(inbound(address, written("delete")));
    await app.quiet();
    await tap(address, ":yes");
  }

  it("sends its receipt although the person is gone, and then nothing is left of them", async () => {
    const ali = await someone("ali");
    await remove("ali");
    await app.quiet();
    expect(app.telegram.calls.at(-1)?.outgoing).toMatchObject({ address: "ali", lane: "reply" });
    expect(await app.store.contact(ali)).toBeUndefined();
    expect(await contactAt(app, "ali")).toBeUndefined();
    expect(await rows("SELECT * FROM outbox WHERE lone_key IS NOT NULL")).toEqual([]);
  });

  it("keeps the receipt for a later try, also after a restart, and destroys its key when it has gone", async () => {
    await someone("ali");
    await app.receive(inbound("ali", written("delete")));
    await app.quiet();
    app.telegram.behave = () => ({ kind: "retry-later", afterMs: minute, reason: "429", scope: "contact" });
    await tap("ali", ":yes");
    await app.quiet();
    expect(await rows("SELECT * FROM outbox WHERE lone_key IS NOT NULL")).toHaveLength(1);
    app.telegram.calls.splice(0);
    app.telegram.behave = () => sent();
    await app.restart();
    app.parts.outbox.start();
    await app.advance(2 * minute, 10 * second);
    expect(app.telegram.calls).toHaveLength(1);
    expect(app.telegram.calls[0]?.outgoing.address).toBe("ali");
    expect(await rows("SELECT * FROM outbox WHERE lone_key IS NOT NULL")).toEqual([]);
  });

  it("tries to deliver the receipt for a day, and then destroys its key with it", async () => {
    await someone("ali");
    await app.receive(inbound("ali", written("delete")));
    await app.quiet();
    const slow = { kind: "retry-later", afterMs: 13 * hour, reason: "429", scope: "contact" } as const;
    app.telegram.behave = () => slow;
    await tap("ali", ":yes");
    app.telegram.calls.splice(0);
    await app.advance(13 * hour + second, hour);
    expect(app.telegram.calls).toHaveLength(1);
    expect(await rows("SELECT * FROM outbox WHERE lone_key IS NOT NULL")).toHaveLength(1);
    await app.advance(day, hour);
    expect(app.telegram.calls).toHaveLength(1);
    expect(await rows("SELECT * FROM outbox WHERE lone_key IS NOT NULL")).toEqual([]);
  });

  it("lets nothing that was under way be tried again", async () => {
    const ali = await someone("ali");
    await app.receive(inbound("ali", written("delete")));
    await app.quiet();
    const question = app.telegram.calls.at(-1);
    app.telegram.behave = (outgoing) =>
      textOf(outgoing) === "under way" ? { kind: "unknown", reason: "lost" } : sent();
    const gate = app.telegram.gate();
    await queue(app, ali, [{ lane: "reply", text: "under way" }]);
    const yes = question?.outgoing.message.buttons.find(({ id }) => id.endsWith(":yes"))?.id ?? "";
    await app.receive(inbound("ali", { kind: "tap", button: yes }));
    gate.letAll();
    await app.advance(minute, second);
    expect(texts().filter((text) => text === "under way")).toHaveLength(1);
  });

  it("begins anew for a person who writes again", async () => {
    const before = await someone("ali");
    await remove("ali");
    expect(await meet(app, "ali")).not.toBe(before);
  });
});

async function rows(sql: string): Promise<readonly unknown[]> {
  const { DatabaseSync } = await import("node:sqlite");
  const db = new DatabaseSync(`${app.dataDir}/parwana.db`, { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}
