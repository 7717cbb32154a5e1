import { createServer, type Server } from "node:http";
import { Api, Bot, GrammyError, HttpError, InlineKeyboard } from "grammy";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BotApi, startBotApi } from "./bot-api.ts";
import { listening } from "./wire/host.ts";

let clock = 0;
let api: BotApi;
let grammy: Api;

beforeEach(async () => {
  clock = Date.UTC(2026, 10, 22);
  api = await startBotApi({ now: () => clock, retryScale: 0.001, seed: 7 });
  grammy = new Api(api.token, { apiRoot: api.url });
});
afterEach(() => api.close());

describe("long polling", () => {
  it("gives an update again until a later offset confirms it", async () => {
    api.person(5, { languageCode: "fa" }).say("سلام");
    const [first] = await grammy.getUpdates();
    const [again] = await grammy.getUpdates();
    expect(again).toEqual(first);
    expect(first?.message).toMatchObject({ text: "سلام", from: { language_code: "fa" } });
    expect(await grammy.getUpdates({ offset: (first?.update_id ?? 0) + 1 })).toEqual([]);
    expect(api.pending()).toEqual([]);
  });

  it("waits for what comes, and obeys the limit", async () => {
    const waiting = grammy.getUpdates({ timeout: 30, limit: 1 });
    await api.waitFor(api.polled, "a poll");
    api.person(5).say("one");
    api.person(5).say("two");
    expect((await waiting).map((update) => update.message?.text)).toEqual(["one"]);
    expect(await grammy.getUpdates({ limit: 1 })).toHaveLength(1);
  });

  it("ends the older of two pollers with 409", async () => {
    const older = grammy.getUpdates({ timeout: 30 });
    const olderEnds = expect(older).rejects.toMatchObject({ error_code: 409 });
    await api.waitFor(api.polled, "the first poll");
    const newer = grammy.getUpdates({ timeout: 30 });
    await olderEnds;
    api.person(5).say("hello");
    expect(await newer).toHaveLength(1);
  });

  it("refuses to poll beside a webhook", async () => {
    await grammy.setWebhook("http://127.0.0.1:9/hook");
    await expect(grammy.getUpdates()).rejects.toMatchObject({ error_code: 409 });
    await grammy.deleteWebhook();
    expect(await grammy.getUpdates()).toEqual([]);
  });

  it("remembers the kinds that were asked for", async () => {
    await grammy.getUpdates({ allowed_updates: ["message"] });
    api.person(5).block();
    expect(await grammy.getUpdates()).toEqual([]);
    await grammy.getUpdates({ allowed_updates: [] });
    api.person(5).unblock();
    expect(await grammy.getUpdates()).toMatchObject([
      { my_chat_member: { new_chat_member: { status: "member" } } },
    ]);
  });

  it("works under grammY's own bot", async () => {
    const bot = new Bot(api.token, { client: { apiRoot: api.url } });
    bot.command("start", (context) =>
      context.reply("Hi", { reply_markup: new InlineKeyboard().text("Yes", "y") }),
    );
    bot.callbackQuery("y", async (context) => {
      await context.answerCallbackQuery("thanks");
      await context.editMessageText("You said yes");
    });
    const running = bot.start();
    const person = api.person(5);
    person.say("/start");
    await api.waitFor(() => person.messages().at(-1), "the greeting");
    const query = person.tap("latest", "Yes");
    await api.waitFor(() => person.messages().at(-1)?.edited, "the edit");
    expect(person.notice(query)).toBe("thanks");
    expect(person.messages()).toMatchObject([{ text: "You said yes", keyboard: [] }]);
    await bot.stop();
    await running;
  });
});

describe("people", () => {
  it("are not found before Start, and forbidden after a block", async () => {
    const stranger = api.person(6, { started: false });
    await expect(grammy.sendMessage(6, "x")).rejects.toMatchObject({
      description: "Bad Request: chat not found",
    });
    stranger.say("/start");
    await grammy.sendMessage(6, "x");
    stranger.block();
    await expect(grammy.sendMessage(6, "x")).rejects.toMatchObject({
      error_code: 403,
      description: "Forbidden: bot was blocked by the user",
    });
    expect(() => stranger.say("hm")).toThrow("unblock first");
  });

  it("tap only what is there, unless they forge", async () => {
    const person = api.person(6);
    const sent = await grammy.sendMessage(6, "Q", { reply_markup: new InlineKeyboard().text("A", "a:1") });
    expect(() => person.tap("latest", "B")).toThrow('no button "B" to tap; there are: A [a:1]');
    person.tap(sent.message_id, "a:1");
    person.tap(sent.message_id, "evil", { forge: true, inaccessible: true });
    expect(await grammy.getUpdates()).toMatchObject([
      { callback_query: { data: "a:1", message: { message_id: sent.message_id, text: "Q" } } },
      { callback_query: { data: "evil", message: { message_id: sent.message_id, date: 0 } } },
    ]);
  });

  it("wait for an answer to a tap only so long, and for one", async () => {
    const person = api.person(6);
    await grammy.sendMessage(6, "Q", { reply_markup: new InlineKeyboard().text("A", "a") });
    const inTime = person.tap("latest", "A");
    const late = person.tap("latest", "A");
    await grammy.answerCallbackQuery(inTime);
    expect([person.notice(inTime), person.notice(late)]).toEqual(["", undefined]);
    clock += 150_001;
    for (const query of [inTime, late]) {
      await expect(grammy.answerCallbackQuery(query)).rejects.toMatchObject({
        description: "Bad Request: query is too old and response timeout expired or query ID is invalid",
      });
    }
  });
});

describe("faults", () => {
  it.each([
    [
      { kind: "429", retryAfter: 7 },
      { error_code: 429, parameters: { retry_after: 7 } },
    ],
    [{ kind: "500" }, { error_code: 500 }],
    [{ kind: "403" }, { error_code: 403 }],
    [
      { kind: "400", description: "odd" },
      { error_code: 400, description: "Bad Request: odd" },
    ],
  ] as const)("%j is heard, and leaves nothing behind", async (fault, heard) => {
    api.person(6);
    api.faults.push({ method: "sendMessage", chat: 6, times: 1, do: fault });
    const error: unknown = await grammy.sendMessage(6, "x").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GrammyError);
    expect(error).toMatchObject(heard);
    expect(api.ledger.calls).toEqual([]);
    expect(api.faults.played()).toEqual({ [fault.kind]: 1 });
    await grammy.sendMessage(6, "x");
    expect(api.faults.left()).toBe(0);
    expect(api.faults.played()).toEqual({ [fault.kind]: 1 });
  });

  it.each([
    ["drop-before", 0],
    ["drop-after", 1],
    ["html-body", 0],
  ] as const)("%s leaves the caller without an answer, and %i calls carried out", async (kind, accepted) => {
    const person = api.person(6);
    api.faults.push({ times: 1, do: { kind } });
    await expect(grammy.sendMessage(6, "x")).rejects.toBeInstanceOf(HttpError);
    expect(person.messages()).toHaveLength(accepted);
    await grammy.sendMessage(6, "x");
    expect(api.ledger.of("sendMessage", 6).map(({ copies }) => copies)).toEqual(
      Array.from({ length: accepted + 1 }, () => accepted + 1),
    );
  });

  it("hang until the caller gives up; delay and latency only hold back", async () => {
    api.person(6);
    api.faults.push({ times: 1, do: { kind: "hang" } });
    const caller = new AbortController();
    const hanging = fetch(`${api.url}/bot${api.token}/getMe`, { signal: caller.signal });
    const given = expect(hanging).rejects.toThrow("aborted");
    await api.waitFor(() => api.faults.left() === 0, "the hanging call");
    caller.abort();
    await given;
    api.faults.push({ times: 1, do: { kind: "delay", ms: 5 } });
    expect((await grammy.sendMessage(6, "x")).text).toBe("x");
  });

  it("a wait that fails says what was seen", async () => {
    api.person(6);
    await grammy.sendMessage(6, "secret words");
    const waited = api.waitFor(() => api.ledger.calls.length > 1, "a second message", 1);
    await expect(waited).rejects.toThrow(
      "waited 1 ms for a second message; seen so far: 1 calls accepted, the last: sendMessage to 6",
    );
  });
});

describe("webhook", () => {
  let server: Server;
  let hook = "";
  let taken: { readonly secret: unknown; readonly update: { readonly update_id: number } }[] = [];
  let answers: (readonly [status: number, retryAfter?: string])[] = [];

  beforeEach(async () => {
    taken = [];
    answers = [];
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        taken.push({ secret: request.headers["x-telegram-bot-api-secret-token"], update: JSON.parse(body) });
        const [status, retryAfter] = answers.shift() ?? [200];
        response.writeHead(status, retryAfter === undefined ? {} : { "Retry-After": retryAfter });
        response.end();
      });
    });
    hook = `http://127.0.0.1:${await listening(server)}/hook`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it("posts with the secret, again until 2xx, the next of the chat only then", async () => {
    answers = [[500], [502], [503, "2"], [200]];
    await grammy.setWebhook(hook, { secret_token: "s-1" });
    api.person(5).say("one");
    api.person(5).say("two");
    await api.waitFor(() => api.pending().length === 0, "both taken");
    expect(taken.map(({ secret }) => secret)).toEqual(Array.from({ length: 5 }, () => "s-1"));
    expect(api.deliveries.map(({ attempt, came }) => [attempt, came])).toEqual([
      [1, 500],
      [2, 502],
      [3, 503],
      [4, 200],
      [1, 200],
    ]);
    expect(await grammy.getWebhookInfo()).toMatchObject({
      url: hook,
      pending_update_count: 0,
      max_connections: 40,
    });
  });

  it("keeps messages, taps and blocks of one person in queues of their own", async () => {
    const person = api.person(5);
    await grammy.sendMessage(5, "Q", { reply_markup: new InlineKeyboard().text("A", "a") });
    person.say("one");
    person.tap("latest", "A");
    person.block();
    await grammy.setWebhook(hook);
    await api.waitFor(() => api.pending().length === 0, "all taken");
    expect(api.deliveries.map(({ queue }) => queue).sort()).toEqual([
      "callback_query:5",
      "message:5",
      "my_chat_member:5",
    ]);
  });

  it("drops what has expired: a tap after 150 s", async () => {
    await grammy.sendMessage(api.person(5).chatId, "Q", {
      reply_markup: new InlineKeyboard().text("A", "a"),
    });
    api.person(5).tap("latest", "A");
    clock += 150_000;
    await grammy.setWebhook(hook);
    expect([api.pending().length, taken.length]).toEqual([0, 0]);
  });

  it("posts second copies at the rate that is asked for", async () => {
    await using twice = await startBotApi({ duplicateRate: 1, seed: 3 });
    await new Api(twice.token, { apiRoot: twice.url }).setWebhook(hook);
    for (const chat of [1, 2, 3, 4]) twice.person(chat).say("x");
    await twice.waitFor(() => twice.deliveries.length === 8, "two copies of each");
    expect(new Set(taken.map(({ update }) => update.update_id)).size).toBe(4);
    expect(twice.deliveries.filter(({ copy }) => copy === 1)).toHaveLength(4);
  });

  it("carries out what the answer's body asks for", async () => {
    server.removeAllListeners("request");
    server.on("request", (_request, response) =>
      response.end(JSON.stringify({ method: "sendMessage", chat_id: 5, text: "by reply" })),
    );
    await grammy.setWebhook(hook);
    api.person(5).say("x");
    await api.waitFor(() => api.person(5).messages().at(-1)?.text === "by reply", "the reply");
  });
});
