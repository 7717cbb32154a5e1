import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { bulkPerSecond } from "../../src/channels/telegram/capabilities.ts";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import type { Person } from "../stand-ins/telegram/person.ts";
import type { Person as WhatsAppPerson } from "../stand-ins/twilio/person.ts";
import { endAll, launchServer } from "./process.ts";
import { answerTo, labelsOf, meet, say, tap, whatsappAnswer } from "./talk.ts";
import { ask, botToken, drained, makePlace, openWorld, telegramAt, type World } from "./world.ts";

let world: World;
let nextChat = 4_460_000;
let nextPhone = 93_700_000_500;

beforeAll(async () => {
  world = await openWorld({ whatsapp: true });
});
afterAll(() => world.close());
afterEach(endAll);

async function subscriber(bot: BotApi, topic: string): Promise<Person> {
  const person = bot.person(++nextChat, { languageCode: "en" });
  await meet(bot, person);
  await tap(bot, person, "News I asked for");
  await tap(bot, person, topic);
  return person;
}

const subscribers = (bot: BotApi, topic: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => subscriber(bot, topic)));

async function whatsappSubscriber(topic: string): Promise<WhatsAppPerson> {
  const { twilio } = world;
  const person = twilio.person(`whatsapp:+${++nextPhone}`);
  const step = (act: () => unknown, shown: string) =>
    whatsappAnswer(twilio, person, act, (said) =>
      said.some(({ body, rows }) => body.includes(shown) || rows.some(({ title }) => title === shown)),
    );
  await step(() => person.say("hello"), "English");
  await step(() => person.say("1"), "What would you like to do?");
  await step(() => person.say("news i want"), "News about what?");
  await step(() => person.tap("latest", topic), "Done. When there is news");
  await drained(world.url);
  return person;
}

async function addTopic(dataDir: string, organisation: string, title: string): Promise<void> {
  await ask(dataDir, { command: "org add", id: organisation, name: `The ${organisation}` });
  await ask(dataDir, { command: "topic add", organisation, topic: "news", titles: { en: title } });
}

const order = (organisation: string, text: string) =>
  ({ command: "broadcast send", organisation, topic: "news", texts: { en: text } }) as const;

async function send(dataDir: string, organisation: string, text: string): Promise<number> {
  const sent = await ask(dataDir, { ...order(organisation, text), dryRun: false });
  return (sent as { readonly broadcast: number }).broadcast;
}

async function countsOf(dataDir: string, id: number): Promise<Readonly<Record<string, number>>> {
  const status = await ask(dataDir, { command: "broadcast status", id });
  return (status as { readonly counts: Readonly<Record<string, number>> }).counts;
}

const calls = (bot: BotApi, text: string) =>
  bot.ledger.of("sendMessage").filter(({ payload }) => String(payload["text"]).includes(text));

describe("a broadcast", () => {
  it("reaches those who asked for it on both channels, and says beforehand who and why not", async () => {
    const { bot, twilio, place } = world;
    await addTopic(place.dataDir, "helpline", "Helpline news");
    const [reads, leaves, stops, blocks] = await subscribers(bot, "Helpline news", 4);
    const onWhatsApp = await whatsappSubscriber("Helpline news");
    const stranger = bot.person(++nextChat, { languageCode: "en" });
    await meet(bot, stranger);
    if (!(reads && leaves && stops && blocks)) throw new Error("four people");

    await tap(bot, leaves, "News I asked for");
    await tap(bot, leaves, "Leave one");
    await tap(bot, leaves, "Helpline news");
    await say(bot, stops, "stop");
    blocks.block();
    const dryRun = async () =>
      (await ask(place.dataDir, { ...order("helpline", "Hello all."), dryRun: true })) as object;
    await expect.poll(dryRun).toMatchObject({
      subscribers: 3,
      reachable: 2,
      channels: expect.arrayContaining([
        expect.objectContaining({ channel: "telegram", now: 1, not: { blocked: 1 } }),
        expect.objectContaining({ channel: "whatsapp", now: 1, not: {} }),
      ]),
    });
    expect(calls(bot, "Hello all.")).toEqual([]);

    const id = await send(place.dataDir, "helpline", "Hello all.");
    await bot.waitFor(() => calls(bot, "Hello all.").length === 1, "the broadcast on Telegram");
    await whatsappAnswer(
      twilio,
      onWhatsApp,
      () => undefined,
      () => onWhatsApp.messages().some(({ body }) => body.includes("Hello all.")),
    );
    await expect.poll(() => countsOf(place.dataDir, id)).toEqual({ sent: 1, read: 1 });
    for (const person of [leaves, stops, stranger]) {
      expect(person.messages().some(({ text }) => text.includes("Hello all."))).toBe(false);
    }
  });

  it("carries a button that ends it with one tap", async () => {
    const { bot, place } = world;
    await addTopic(place.dataDir, "leaver", "Leaver news");
    const person = await subscriber(bot, "Leaver news");
    const news = await answerTo(bot, person, () => send(place.dataDir, "leaver", "One."));
    expect(labelsOf(news)).toContain("Stop these");
    // Also when much else has been said since.
    await say(bot, person, "menu");
    await tap(bot, person, "Ways to explore");
    const left = await answerTo(bot, person, () => person.tap(news.id, "Stop these"));
    expect(left.text).toContain('You won\'t get messages about "Leaver news" any more');
    await bot.waitFor(
      () => person.messages().find(({ id }) => id === news.id)?.keyboard.length === 0,
      "the used button to go",
    );
    expect(await ask(place.dataDir, { ...order("leaver", "Two."), dryRun: true })).toMatchObject({
      subscribers: 0,
    });
  });

  it("keeps the channel's pace, while answers overtake what is left of it", async () => {
    const { bot, place } = world;
    await addTopic(place.dataDir, "many", "Many");
    const people = await subscribers(bot, "Many", 60);
    const asks = bot.person(++nextChat, { languageCode: "en" });
    await meet(bot, asks);
    await send(place.dataDir, "many", "To all of you.");
    await bot.waitFor(() => calls(bot, "To all of you.").length >= 5, "the broadcast to begin");
    await say(bot, asks, "help");
    const before = calls(bot, "To all of you.").length;
    expect(before).toBeLessThan(people.length);
    await bot.waitFor(() => calls(bot, "To all of you.").length === people.length, "the broadcast to end");
    const times = calls(bot, "To all of you.").map(({ at }) => at);
    const inASecond = times.map((from) => times.filter((at) => at >= from && at < from + 1000).length);
    expect(Math.max(...inASecond)).toBeLessThanOrEqual(bulkPerSecond * 1.2);
  });

  it("leaves out whoever says stop while it is under way, and reaches them again when they ask again", async () => {
    const { bot, place } = world;
    await addTopic(place.dataDir, "again", "Again");
    const people = await subscribers(bot, "Again", 40);
    await send(place.dataDir, "again", "Round one.");
    await bot.waitFor(() => calls(bot, "Round one.").length >= 1, "the broadcast to begin");
    const got = new Set(calls(bot, "Round one.").map(({ chat }) => chat));
    const stops = people.findLast(({ chatId }) => !got.has(chatId));
    if (stops === undefined) throw new Error("it went out at once: nobody left to say stop");
    await say(bot, stops, "stop");
    await bot.waitFor(
      () => calls(bot, "Round one.").length === people.length - 1,
      "the rest of the broadcast",
    );
    expect(calls(bot, "Round one.").some(({ chat }) => chat === stops.chatId)).toBe(false);
    await say(bot, stops, "start");
    await tap(bot, stops, "English");
    await tap(bot, stops, "News I asked for");
    await tap(bot, stops, "Again");
    await send(place.dataDir, "again", "Round two.");
    await bot.waitFor(
      () => calls(bot, "Round two.").some(({ chat }) => chat === stops.chatId),
      "the second round",
      15_000,
    );
  });
});

const inFlight = 3;

describe("a server that ends in the middle of a broadcast", () => {
  /** Ends one with this signal, starts another, and gives whom it reached, how often, and what its report says. */
  async function endedBy(signal: "SIGKILL" | "SIGTERM") {
    const place = await makePlace();
    // Slow enough that something is always on its way.
    const bot = await startBotApi({ token: botToken, latencyMs: 150 });
    const environment = { ...place.environment, ...telegramAt(bot), SENDS_IN_FLIGHT: String(inFlight) };
    try {
      const first = await launchServer({ environment });
      await addTopic(place.dataDir, "restart", "Restart");
      const people = await subscribers(bot, "Restart", 36);
      const id = await send(place.dataDir, "restart", "Whatever happens.");
      await bot.waitFor(() => calls(bot, "Whatever happens.").length >= 12, "a part of it");
      await first.end(signal);
      expect(calls(bot, "Whatever happens.").length).toBeLessThan(people.length);
      await launchServer({ environment });
      const isOver = async () =>
        Object.keys(await countsOf(place.dataDir, id)).every((name) => name !== "queued");
      await vi.waitUntil(isOver, { timeout: 30_000, interval: 100 });
      const chats = calls(bot, "Whatever happens.").map(({ chat }) => chat);
      return { people, chats, counts: await countsOf(place.dataDir, id) };
    } finally {
      await endAll();
      await bot.close();
      place.remove();
    }
  }

  it("killed: goes on with it and writes to nobody twice; only of those in flight it does not know", async () => {
    const { people, chats, counts } = await endedBy("SIGKILL");
    expect(new Set(chats).size).toBe(chats.length);
    const { sent = 0, "failed unknown process-ended": unknown = 0, ...others } = counts;
    expect(others).toEqual({});
    expect(sent + unknown).toBe(people.length);
    expect(unknown).toBeLessThanOrEqual(inFlight);
    expect(unknown).toBeGreaterThan(0);
    expect(chats.length).toBeGreaterThanOrEqual(sent);
  });

  it("stopped: settles what is in flight, and reaches everybody once", async () => {
    const { people, chats, counts } = await endedBy("SIGTERM");
    expect(counts).toEqual({ sent: people.length });
    expect(new Set(chats).size).toBe(people.length);
    expect(chats).toHaveLength(people.length);
  });
});
