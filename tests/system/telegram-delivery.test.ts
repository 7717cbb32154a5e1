import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startBotApi } from "../stand-ins/bot-api.ts";
import type { Person } from "../stand-ins/telegram/person.ts";
import { endAll, launchServer } from "./process.ts";
import { meet, say, tap } from "./talk.ts";
import { botToken, drained, makePlace, openWorld, telegramAt, type World } from "./world.ts";

let world: World;
let nextChat = 4_420_000;

beforeAll(async () => {
  world = await openWorld();
  await world.ask({ command: "org add", id: "aid", name: "Aid" });
  await world.ask({
    command: "topic add",
    organisation: "aid",
    topic: "news",
    titles: { en: "News of Aid" },
  });
});
afterAll(() => world.close());
afterEach(endAll);

async function acquaintance(): Promise<Person> {
  const person = world.bot.person(++nextChat, { languageCode: "en" });
  await meet(world.bot, person);
  return person;
}

/** Where the topic's only subscribers stand: what a dry run says of Telegram. */
async function reach() {
  const order = {
    command: "broadcast send",
    organisation: "aid",
    topic: "news",
    texts: { en: "Hello" },
  } as const;
  const result = await world.ask({ ...order, dryRun: true });
  return result as { readonly channels: readonly { readonly now: number; readonly not: object }[] };
}

const texts = (person: Person) => person.messages().map(({ text }) => text);

describe("an answer that Telegram does not take", () => {
  it("waits as long as a 429 says, with everything behind it, while others are answered", async () => {
    const { bot } = world;
    const slowed = await acquaintance();
    const other = await acquaintance();
    bot.ledger.clear();
    const from = Date.now();
    bot.faults.push({
      method: "sendMessage",
      chat: slowed.chatId,
      times: 1,
      do: { kind: "429", retryAfter: 1 },
    });
    slowed.say("menu");
    await bot.waitFor(() => bot.faults.left() === 0, "the refusal");
    slowed.say("help");
    await say(bot, other, "help");
    await bot.waitFor(() => bot.ledger.of("sendMessage", slowed.chatId).length === 2, "both answers");
    const [first, second] = bot.ledger.of("sendMessage", slowed.chatId);
    expect(first?.at).toBeGreaterThanOrEqual(from + 1000);
    expect(first?.payload["text"]).toContain("What would you like to do?");
    expect(second?.payload["text"]).toContain("How this works");
    expect(bot.ledger.of("sendMessage", other.chatId)[0]?.at).toBeLessThan(from + 1000);
    expect(bot.ledger.calls.filter(({ chat, at }) => chat === slowed.chatId && at < from + 1000)).toEqual([]);
  });

  it("waits as long as a 429 says also when the person says stop meanwhile, and then only that is confirmed", async () => {
    const { bot } = world;
    const person = await acquaintance();
    const from = Date.now();
    const before = person.messages().length;
    bot.faults.push({
      method: "sendMessage",
      chat: person.chatId,
      times: 1,
      do: { kind: "429", retryAfter: 1 },
    });
    person.say("menu");
    await bot.waitFor(() => bot.faults.left() === 0, "the refusal");
    await say(bot, person, "stop");
    expect(bot.ledger.of("sendMessage", person.chatId).at(-1)?.at).toBeGreaterThanOrEqual(from + 1000);
    expect(texts(person).slice(before)).toEqual([expect.stringContaining("You won't get any more messages")]);
  });

  it("goes again after a lost connection: once where it was lost before, twice where it was lost after", async () => {
    const { bot } = world;
    const before = await acquaintance();
    const after = await acquaintance();
    bot.ledger.clear();
    bot.faults.push({ method: "sendMessage", chat: before.chatId, times: 1, do: { kind: "drop-before" } });
    bot.faults.push({ method: "sendMessage", chat: after.chatId, times: 1, do: { kind: "drop-after" } });
    before.say("help");
    after.say("help");
    await bot.waitFor(
      () => bot.ledger.of("sendMessage", before.chatId).length === 1,
      "the message that was lost",
    );
    await bot.waitFor(() => bot.ledger.of("sendMessage", after.chatId).length === 2, "the second copy");
    await say(bot, before, "menu");
    await say(bot, after, "menu");
    expect(bot.ledger.of("sendMessage", before.chatId).map(({ copies }) => copies)).toEqual([1, 1]);
    expect(bot.ledger.of("sendMessage", after.chatId).map(({ copies }) => copies)).toEqual([2, 2, 1]);
  });

  it.each([{ kind: "500" }, { kind: "html-body" }] as const)(
    "goes again after $kind, and in order",
    async (fault) => {
      const { bot } = world;
      const person = await acquaintance();
      const before = person.messages().length;
      bot.faults.push({ method: "sendMessage", chat: person.chatId, times: 1, do: fault });
      person.say("help");
      person.say("menu");
      await bot.waitFor(() => person.messages().length === before + 2, "both answers");
      expect(texts(person).slice(before)).toEqual([
        expect.stringContaining("How this works"),
        expect.stringContaining("What would you like to do?"),
      ]);
    },
  );
});

describe("a person who blocks the bot", () => {
  it("is not written to after a 403, or after the update that says so, until they come back", async () => {
    const { bot } = world;
    const refused = await acquaintance();
    const blocks = await acquaintance();
    for (const person of [refused, blocks]) {
      await tap(bot, person, "News I asked for");
      await tap(bot, person, "News of Aid");
    }
    expect((await reach()).channels).toEqual([expect.objectContaining({ now: 2, not: {} })]);
    bot.faults.push({ method: "sendMessage", chat: refused.chatId, times: 1, do: { kind: "403" } });
    refused.say("menu");
    blocks.block();
    await expect
      .poll(async () => (await reach()).channels)
      .toEqual([expect.objectContaining({ now: 0, not: { blocked: 2 } })]);
    blocks.unblock();
    await say(bot, refused, "menu");
    await expect
      .poll(async () => (await reach()).channels)
      .toEqual([expect.objectContaining({ now: 2, not: {} })]);
  });
});

describe("an update", () => {
  it("is confirmed only once it is durable, and handled once however often it comes", async () => {
    const place = await makePlace();
    const bot = await startBotApi({ token: botToken });
    const command = { environment: { ...place.environment, ...telegramAt(bot) } };
    try {
      let server = await launchServer(command);
      const person = bot.person(4_430_001, { languageCode: "en" });
      await say(bot, person, "/start");
      // Fetched, but not committed: someone else holds the database, then the server dies.
      await bot.waitFor(() => bot.polled() && bot.pending().length === 0, "the start to be confirmed");
      await drained(place.url);
      const holder = new DatabaseSync(join(place.dataDir, "parwana.db"));
      holder.exec("BEGIN IMMEDIATE");
      person.tap("latest", "English");
      expect(bot.polled()).toBe(false);
      await server.end("SIGKILL");
      holder.exec("ROLLBACK");
      holder.close();
      expect(bot.pending()).toHaveLength(1);
      // Committed and answered, but not confirmed: no later poll gets through, then the server dies again.
      server = await launchServer(command);
      await bot.waitFor(() => person.messages().length === 2, "the menu");
      await bot.waitFor(() => bot.polled() && bot.pending().length === 0, "the tap to be confirmed");
      bot.faults.push({ method: "getUpdates", times: 1000, do: { kind: "hang" } });
      await say(bot, person, "help");
      // What was sent and not yet marked as sent may go twice; that is not what is looked at here.
      await drained(place.url);
      await server.end("SIGKILL");
      bot.faults.clear();
      expect(bot.pending()).toHaveLength(1);
      server = await launchServer(command);
      await bot.waitFor(() => bot.polled() && bot.pending().length === 0, "the repeat to be confirmed");
      await say(bot, person, "menu");
      expect(texts(person)).toEqual([
        expect.stringContaining("Choose a language"),
        expect.stringContaining("Welcome"),
        expect.stringContaining("How this works"),
        expect.stringContaining("What would you like to do?"),
      ]);
      expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
    } finally {
      await endAll();
      await bot.close();
      place.remove();
    }
  });
});
