import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addOrganisation, addTopic } from "../../src/app/desk.ts";
import { Problem } from "../../src/app/errors.ts";
import type { ContactState } from "../../src/app/ports.ts";
import {
  broadcastStatus,
  preflight,
  queueBroadcast,
  resumeBroadcasts,
  sendBroadcast,
} from "../../src/app/send-broadcast.ts";
import { emptyChanges } from "../../src/app/turn-changes.ts";
import type { ChannelId } from "../../src/core/nouns/ids.ts";
import { hour, second } from "../../src/core/nouns/time.ts";
import { type App, openApp, stillTime } from "./app-world.ts";
import { sent } from "./fake-channel.ts";

let app: App;
beforeEach(async () => {
  stillTime();
  app = await openApp();
  await addOrganisation(app.parts, "helpline", "Helpline");
  await addTopic(app.parts, "helpline", "news", { en: "News" });
});
afterEach(() => app.end());

const order = { organisation: "helpline", topic: "news", texts: { en: "the news" } };

type Someone = {
  readonly channel?: ChannelId;
  readonly state?: ContactState;
  readonly language?: string;
  readonly lastInbound?: number | undefined;
};

/** Somebody who is subscribed, in the store, without the conversation that leads there. */
async function subscriber(address: string, fields: Someone = {}): Promise<number> {
  const { parts } = app;
  const { channel = "telegram", state = "active", language = "en" } = fields;
  const now = parts.clock.now();
  const made = parts.people.create(parts.store.nextId(), [address], language, "");
  const person = {
    ...made,
    session: { ...made.session, met: true, subscriptions: ["helpline/news"], stopped: state === "stopped" },
  };
  const blind = parts.vault.blind(channel, address);
  await parts.store.turn({
    who: { kind: "address", blinds: [blind] },
    inbox: undefined,
    fire: undefined,
    now,
    decide: () => ({
      ...emptyChanges(false),
      contact: parts.people.seal(person, {
        channel,
        state,
        version: 0,
        lastSeen: now,
        lastInbound: "lastInbound" in fields ? fields.lastInbound : now,
        openKeyboard: undefined,
      }),
      blinds: [blind],
      subscribe: ["helpline/news"],
    }),
    keep: () => {
      throw new Error("nothing should be kept");
    },
  });
  return person.id;
}

describe("the preflight", () => {
  it("counts who is reached, how, and who is not and why", async () => {
    const longAgo = app.parts.clock.now() - 30 * hour;
    await subscriber("a");
    await subscriber("b", { language: "ps" });
    await subscriber("c", { state: "stopped" });
    await subscriber("d", { state: "blocked" });
    await subscriber("e", { language: "xx" });
    await subscriber("f", { channel: "playground/telegram" });
    await subscriber("g", { channel: "whatsapp" });
    await subscriber("h", { channel: "whatsapp", lastInbound: longAgo });
    await subscriber("i", { channel: "whatsapp", lastInbound: undefined });
    const found = await preflight(app.parts, order);
    expect(found).toMatchObject({ topic: "helpline/news", subscribers: 9, reachable: 5 });
    expect([...found.channels].sort((a, b) => a.channel.localeCompare(b.channel))).toEqual([
      {
        channel: "playground/telegram",
        now: 0,
        byTemplate: 0,
        not: { "channel-off": 1 },
        seconds: 0,
      },
      {
        channel: "telegram",
        now: 2,
        byTemplate: 0,
        not: { "opted-out": 1, blocked: 1, "no-language": 1 },
        seconds: 1,
      },
      { channel: "whatsapp", now: 1, byTemplate: 2, not: {}, seconds: 1 },
    ]);
  });

  it.each([
    { given: ["en"], textIn: { en: "en", "fa-AF": "en", ps: "en" } },
    { given: ["ps", "en"], textIn: { en: "en", "fa-AF": "en", ps: "ps" } },
    { given: ["ps", "fa-AF"], textIn: { en: "ps", "fa-AF": "fa-AF", ps: "ps" } },
  ])(
    "counts by language, and says in which each gets it where there is $given",
    async ({ given, textIn }) => {
      await subscriber("a");
      await subscriber("b", { language: "ps" });
      await subscriber("c", { language: "ps", channel: "whatsapp", lastInbound: undefined });
      await subscriber("d", { language: "fa-AF" });
      await subscriber("e", { language: "es", state: "stopped" });
      const texts = Object.fromEntries(given.map((language) => [language, `in ${language}`]));
      const { languages } = await preflight(app.parts, { ...order, texts });
      const counted = [...languages].sort((a, b) => a.language.localeCompare(b.language));
      expect(counted).toEqual([
        { language: "en", reachable: 1, textIn: textIn.en },
        { language: "fa-AF", reachable: 1, textIn: textIn["fa-AF"] },
        { language: "ps", reachable: 2, textIn: textIn.ps },
      ]);
      await sendBroadcast(app.parts, { ...order, texts });
      app.parts.outbox.start();
      await app.advance(3 * second);
      const got = app.telegram.calls.map(({ outgoing }) => [
        outgoing.address,
        outgoing.message.parts.at(1)?.text.replaceAll(/[\u2068\u2069]/g, ""),
      ]);
      expect(Object.fromEntries(got)).toEqual({
        a: `in ${textIn.en}`,
        b: `in ${textIn.ps}`,
        d: `in ${textIn["fa-AF"]}`,
      });
    },
  );

  it("says for whom the window has closed and no template speaks", async () => {
    await subscriber("h", { channel: "whatsapp", lastInbound: undefined });
    Object.assign(app.whatsapp, { reach: () => "window-closed" });
    expect(await preflight(app.parts, order)).toMatchObject({
      reachable: 0,
      channels: [{ not: { "window-closed": 1 } }],
    });
  });

  it("sends nothing and keeps nothing", async () => {
    await subscriber("a");
    await preflight(app.parts, order);
    await app.advance(2 * second);
    expect(app.telegram.calls).toEqual([]);
    expect(await app.parts.store.desk.broadcastsIn("planning")).toEqual([]);
  });
});

describe("a broadcast", () => {
  it("reaches those whom the preflight counted, once each, with who says it and the way to leave", async () => {
    await subscriber("a");
    await subscriber("b", { language: "ps" });
    await subscriber("c", { state: "stopped" });
    await subscriber("d", { state: "blocked" });
    await subscriber("e", { language: "xx" });
    const { reachable } = await preflight(app.parts, order);
    const id = await sendBroadcast(app.parts, order);
    app.parts.outbox.start();
    await app.advance(3 * second);
    expect(app.telegram.calls.map(({ outgoing }) => outgoing.address).sort()).toEqual(["a", "b"]);
    expect(app.telegram.calls).toHaveLength(reachable);
    for (const { outgoing } of app.telegram.calls) {
      expect(outgoing).toMatchObject({ lane: "bulk", organisation: "Helpline" });
      const [from, text] = outgoing.message.parts;
      expect(from?.text).toContain("Helpline");
      expect(text?.text).toContain("the news");
      expect(outgoing.message.buttons.map((button) => button.id)).toEqual(["t:helpline/news:leave"]);
    }
    const status = await broadcastStatus(app.parts, id);
    expect(status.broadcast).toMatchObject({ id, state: "done" });
    expect(status.broadcast).not.toHaveProperty("texts");
    expect(status.counts).toMatchObject({ sent: 2 });
  });

  it("goes on after a crash in the middle of queueing, and reaches each once", async () => {
    const people = 30;
    for (let each = 0; each < people; each++) await subscriber(`person ${each}`);
    const id = app.parts.store.nextId();
    const { desk } = app.parts.store;
    const now = app.parts.clock.now();
    await desk.createBroadcast({ ...order, id, topic: "helpline/news", createdAt: now });
    const first = await desk.queueBroadcastChunk(id, 10, ["en"], now, now + hour);
    expect(first).toEqual({ queued: 10, more: true });
    app.parts.outbox.start();
    await app.advance(2 * second);
    expect(app.telegram.calls).toHaveLength(10);
    await app.restart();
    await Promise.all([resumeBroadcasts(app.parts), resumeBroadcasts(app.parts)]);
    await queueBroadcast(app.parts, id);
    app.parts.outbox.start();
    await app.advance(3 * second);
    expect(app.telegram.calls).toHaveLength(people);
    expect(new Set(app.telegram.calls.map(({ outgoing }) => outgoing.address)).size).toBe(people);
    await app.restart();
    await resumeBroadcasts(app.parts);
    app.parts.outbox.start();
    await app.advance(3 * second);
    expect(app.telegram.calls).toHaveLength(people);
    expect((await broadcastStatus(app.parts, id)).broadcast.state).toBe("done");
  });

  it("leaves only once it is written that it does, where the platform can't be asked afterwards", async () => {
    await app.end();
    stillTime();
    let works = false;
    const written: number[] = [];
    app = await openApp({
      around: (store) => ({
        ...store,
        leaving: async (row) => {
          if (!works) throw new Problem("store-unavailable", "the disk is full");
          await store.leaving(row);
          written.push(row.contact);
        },
      }),
    });
    Object.assign(app.whatsapp, { looksBack: true });
    await addOrganisation(app.parts, "helpline", "Helpline");
    await addTopic(app.parts, "helpline", "news", { en: "News" });
    const asked = await subscriber("a");
    await subscriber("b", { channel: "whatsapp" });
    const id = await sendBroadcast(app.parts, order);
    app.parts.outbox.start();
    await app.advance(10 * second);
    expect([app.telegram.calls.length, app.whatsapp.calls.length, written]).toEqual([0, 1, []]);
    works = true;
    await app.advance(30 * second);
    expect([app.telegram.calls.length, app.whatsapp.calls.length, written]).toEqual([1, 1, [asked]]);
    expect((await broadcastStatus(app.parts, id)).counts).toEqual({ sent: 2 });
  });

  it("tells in its status what became of each, by reason", async () => {
    await subscriber("sent");
    await subscriber("refused");
    await subscriber("lost");
    await subscriber("blocked");
    app.telegram.behave = ({ address }) => {
      if (address === "refused") return { kind: "refused", reason: "63013" };
      if (address === "lost") return { kind: "unknown", reason: "timeout" };
      return address === "blocked" ? { kind: "contact-stopped", reason: "403" } : sent();
    };
    const id = await sendBroadcast(app.parts, order);
    app.parts.outbox.start();
    await app.advance(3 * second);
    expect((await broadcastStatus(app.parts, id)).counts).toEqual({
      sent: 1,
      "failed 63013": 1,
      "failed unknown timeout": 1,
      "failed 403": 1,
    });
  });

  it("keeps the channel's pace over a long run, and answers do not wait for it", async () => {
    await app.end();
    stillTime();
    app = await openApp({ bulkPerSecond: 10 });
    await addOrganisation(app.parts, "helpline", "Helpline");
    await addTopic(app.parts, "helpline", "news", { en: "News" });
    for (let each = 0; each < 60; each++) await subscriber(`person ${each}`);
    await sendBroadcast(app.parts, order);
    app.parts.outbox.start();
    await app.advance(8 * second, 20);
    const times = app.telegram.calls.map(({ at }) => at);
    expect(times).toHaveLength(60);
    for (const [at, time] of times.entries())
      expect(times.slice(at).filter((other) => other < time + second).length).toBeLessThanOrEqual(12);
  });

  it.each([
    { order: { ...order, topic: "gone" }, says: /no topic `helpline\/gone`.*parwana topic add/ },
    { order: { ...order, organisation: "other" }, says: /no topic `other\/news`/ },
    { order: { ...order, organisation: "other", topic: "helpline/news" }, says: /belongs to `helpline`/ },
    { order: { ...order, texts: {} }, says: /no text.*--text en=/ },
    { order: { ...order, texts: { xx: "hello" } }, says: /`xx` is none of the languages.*en/ },
    { order: { ...order, texts: { en: " \n" } }, says: /text for `en` is empty/ },
    { order: { ...order, texts: { en: "x".repeat(3001) } }, says: /3001 characters; at most 3000/ },
  ])("that can't be carried out says why: $says", async ({ order: wrong, says }) => {
    for (const run of [preflight, sendBroadcast]) {
      const problem = await run(app.parts, wrong).catch((error: unknown) => error);
      expect(problem).toBeInstanceOf(Problem);
      expect(String(problem)).toMatch(says);
    }
    expect(await app.parts.store.desk.broadcastsIn("planning")).toEqual([]);
  });
});
