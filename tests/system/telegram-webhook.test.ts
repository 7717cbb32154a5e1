import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, meet, say, tap } from "./talk.ts";
import { drained, openWorld, type World, webhookSecret } from "./world.ts";

let world: World;
let nextUpdate = 1;
let nextChat = 4_440_000;

beforeAll(async () => {
  // Half of all updates are posted twice: side by side, or again after they were acknowledged.
  world = await openWorld({ telegram: "webhook", bot: { duplicateRate: 0.5, seed: 11 } });
  await world.bot.waitFor(() => world.bot.ledger.of("setWebhook").length > 0, "the webhook to be set");
});
afterAll(() => world.close());

type Posted = { readonly body: string; readonly secret?: string; readonly path?: string };

function post({ body, secret = webhookSecret, path = "/webhooks/telegram" }: Posted): Promise<Response> {
  const headers = {
    "content-type": "application/json",
    ...(secret === "" ? {} : { "x-telegram-bot-api-secret-token": secret }),
  };
  return fetch(`${world.url}${path}`, { method: "POST", headers, body });
}

/** A text from a person whom only this test knows. */
function update(chat: number, text = "hello"): string {
  const person = { id: chat, is_bot: false, first_name: "Somebody", language_code: "en" };
  const message = {
    message_id: 1,
    date: 1_790_000_000,
    text,
    from: person,
    chat: { id: chat, type: "private" },
  };
  return JSON.stringify({ update_id: ++nextUpdate, message });
}

/** What the server says it has counted so far, and that nothing is queued. */
async function state(): Promise<string> {
  await drained(world.url);
  return world.metrics();
}

describe("Telegram's posts", () => {
  it("carry a conversation, each update answered once however often it is posted", async () => {
    const { bot } = world;
    const settings = bot.ledger.of("setWebhook").at(-1)?.payload;
    expect(settings).toMatchObject({
      url: "https://bot.example.org/webhooks/telegram",
      secret_token: webhookSecret,
      allowed_updates: ["message", "callback_query", "my_chat_member"],
    });
    const people = Array.from({ length: 5 }, () => bot.person(++nextChat, { languageCode: "en" }));
    await Promise.all(
      people.map(async (person) => {
        await meet(bot, person);
        await tap(bot, person, "Ways to explore");
        await tap(bot, person, "No, nobody");
        await say(bot, person, "no");
      }),
    );
    await bot.waitFor(() => bot.pending().length === 0, "everything to be taken");
    await world.stop();
    for (const person of people) {
      expect(bot.ledger.of("sendMessage", person.chatId)).toHaveLength(5);
      // What was answered has no buttons any more.
      expect(person.messages().filter(({ keyboard }) => keyboard.length > 0)).toHaveLength(1);
    }
    expect(bot.deliveries.filter(({ copy }) => copy === 1).length).toBeGreaterThan(5);
    expect(new Set(bot.deliveries.map(({ came }) => came))).toEqual(new Set([200]));
    await world.start();
  });

  it("are handled once when the same one comes ten times at once, and again much later", async () => {
    const { bot } = world;
    const person = bot.person(++nextChat, { languageCode: "en" });
    const body = update(person.chatId);
    await answerTo(bot, person, async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => post({ body })));
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    });
    expect((await post({ body })).status).toBe(200);
    await world.stop();
    await world.start();
    expect((await post({ body })).status).toBe(200);
    await say(bot, person, "1");
    expect(bot.ledger.of("sendMessage", person.chatId)).toHaveLength(2);
  });
});

describe("a post that is not Telegram's", () => {
  it.each([
    ["without a secret", "", 401],
    ["with a wrong one", "stand-in-webhook-secret-2", 401],
    ["with one that differs in its last letter", `${webhookSecret.slice(0, -1)}x`, 401],
  ])("is refused %s, and leaves nothing", async (_, secret, status) => {
    const before = await state();
    const chat = ++nextChat;
    const refused = await post({ body: update(chat), secret });
    expect(refused.status).toBe(status);
    expect(await state()).toBe(before);
    expect(world.bot.ledger.of("sendMessage", chat)).toEqual([]);
  });

  it.each([
    ["nothing at all", "", 400],
    ["no JSON", '{"update_id": 12', 400],
    ["no update", '{"hello": "world"}', 400],
    ["an update whose message has no chat", '{"update_id": 99001, "message": {"message_id": 1}}', 400],
    ["a list", "[]", 400],
    ["null", "null", 400],
    ["more than anybody needs", `{"update_id": 99002, "message": "${"x".repeat(300_000)}"}`, 413],
    ["a deep nest", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, 400],
  ])("is refused: %s", async (_, body, status) => {
    const before = await state();
    expect((await post({ body })).status).toBe(status);
    expect(await state()).toBe(before);
    expect((await fetch(`${world.url}/readyz`)).status).toBe(200);
  });

  it("is not taken in the other channel's place, nor by another method", async () => {
    expect((await post({ body: update(++nextChat), path: "/webhooks/whatsapp" })).status).toBe(404);
    expect((await fetch(`${world.url}/webhooks/telegram`)).status).toBe(405);
  });
});

describe("an update that means nothing here", () => {
  it.each([
    ["a kind that does not exist yet", { something_new: { id: 1 } }],
    ["an edit", { edited_message: { message_id: 1, text: "later", chat: { id: 5, type: "private" } } }],
    [
      "a group's message",
      { message: { message_id: 1, text: "hi", date: 1, chat: { id: -7, type: "group" } } },
    ],
    ["a poll", { poll: { id: "1", question: "?" } }],
  ])("is acknowledged and ignored: %s", async (_, content) => {
    const before = await state();
    const sent = world.bot.ledger.calls.length;
    const answer = await post({ body: JSON.stringify({ update_id: ++nextUpdate, ...content }) });
    expect(answer.status).toBe(200);
    expect(await state()).toBe(before);
    expect(world.bot.ledger.calls).toHaveLength(sent);
  });
});
