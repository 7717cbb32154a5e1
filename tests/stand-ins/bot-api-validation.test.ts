import { Api, GrammyError, InlineKeyboard } from "grammy";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BotApi, startBotApi } from "./bot-api.ts";

let api: BotApi;
let grammy: Api;

beforeAll(async () => {
  api = await startBotApi();
  grammy = new Api(api.token, { apiRoot: api.url });
  api.person(1);
});
afterAll(() => api.close());

async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GrammyError)) throw new Error("the call was not refused", { cause: error });
  return `${error.error_code} ${error.description}`;
}

/** What grammY's types would not let out, a careless caller could still send. */
function raw(method: string, payload: unknown): Promise<Response> {
  return fetch(`${api.url}/bot${api.token}/${method}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(payload),
  });
}

describe("what sendMessage refuses", () => {
  const button = (fields: object) => ({
    chat_id: 1,
    text: "x",
    reply_markup: { inline_keyboard: [[fields]] },
  });
  it.each([
    ["no chat", { text: "x" }, "chat_id is empty"],
    ["an unknown chat", { chat_id: 99, text: "x" }, "chat not found"],
    ["no text", { chat_id: 1 }, "message text is empty"],
    ["only invisible characters", { chat_id: 1, text: "\u2068 \u2069" }, "message text is empty"],
    ["4097 UTF-16 units", { chat_id: 1, text: "x".repeat(4097) }, "message is too long"],
    ["half an emoji", { chat_id: 1, text: "x\ud83d" }, "strings must be encoded in UTF-8"],
    [
      "a parameter of the past",
      { chat_id: 1, text: "x", disable_web_page_preview: true },
      "unknown parameter",
    ],
    ["a bad preview", { chat_id: 1, text: "x", link_preview_options: { disabled: true } }, "unknown field"],
    ["65 bytes of data", button({ text: "a", callback_data: "ب".repeat(33) }), "BUTTON_DATA_INVALID"],
    ["empty data", button({ text: "a", callback_data: "" }), "BUTTON_DATA_INVALID"],
    ["an empty label", button({ text: "  ", callback_data: "a" }), "non-empty String"],
    ["a button without an action", button({ text: "a" }), "exactly one action is expected, found 0"],
    ["two actions", button({ text: "a", callback_data: "a", url: "https://a.example" }), "found 2"],
    [
      "a reply to nothing",
      { chat_id: 1, text: "x", reply_parameters: { message_id: 5 } },
      "replied not found",
    ],
  ])("%s", async (_what, payload, reason) => {
    const response = await raw("sendMessage", payload);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      ok: false,
      error_code: 400,
      description: expect.stringContaining(reason),
    });
  });

  it("but 64 bytes of data, and 4096 units beside their tags, go", async () => {
    const keyboard = new InlineKeyboard().text("بلی", "ب".repeat(32));
    const text = `<b>${"x".repeat(4096)}</b>`;
    const sent = await grammy.sendMessage(1, text, { parse_mode: "HTML", reply_markup: keyboard });
    expect(sent.text).toHaveLength(4096);
    expect(sent.entities).toEqual([{ type: "bold", offset: 0, length: 4096 }]);
  });
});

describe("HTML", () => {
  it.each([
    ["<br>", 'Unsupported start tag "br"'],
    ["<p>x</p>", 'Unsupported start tag "p"'],
    ["a&nbsp;b", "Unsupported unescaped character"],
    ["a & b", "Unsupported unescaped character"],
    ["a > b", "Unsupported unescaped character"],
    ["1 < 2", "Unsupported start tag"],
    ["<b>x", `Can't find end tag corresponding to start tag "b"`],
    ["x</b>", "Unexpected end tag"],
    ["<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ["<a>x</a>", 'Unsupported attributes of tag "a"'],
    ["<b class='x'>x</b>", 'Unsupported attributes of tag "b"'],
    ["&#0;x", "Unsupported entity"],
  ])("refuses %s", async (text, reason) => {
    expect(await refusalOf(grammy.sendMessage(1, text, { parse_mode: "HTML" }))).toContain(
      `400 Bad Request: can't parse entities: ${reason}`,
    );
  });

  it("reads the allowed tags and entities", async () => {
    const text = `&lt;&#1583;&#x27;&quot;&amp;&gt; <a href="https://www.uscis.gov/i-131">I-131</a> <blockquote expandable>q</blockquote>`;
    const sent = await grammy.sendMessage(1, text, { parse_mode: "HTML" });
    expect(sent.text).toBe(`<د'"&> I-131 q`);
    expect(sent.entities).toEqual([
      { type: "text_link", offset: 7, length: 5, url: "https://www.uscis.gov/i-131" },
      { type: "blockquote", offset: 13, length: 1 },
    ]);
  });
});

describe("messages that are edited or deleted", () => {
  it("shows the person what is left", async () => {
    const person = api.person(2);
    const first = await grammy.sendMessage(2, "Which?", {
      reply_markup: new InlineKeyboard().text("A", "a"),
    });
    const second = await grammy.sendMessage(2, "gone soon");
    await grammy.editMessageText(2, first.message_id, "You chose A");
    await grammy.deleteMessage(2, second.message_id);
    expect(person.messages()).toMatchObject([{ text: "You chose A", edited: true, keyboard: [] }]);
    expect(await refusalOf(grammy.editMessageText(2, first.message_id, "You chose A"))).toContain(
      "400 Bad Request: message is not modified",
    );
    expect(await refusalOf(grammy.editMessageReplyMarkup(2, second.message_id))).toContain(
      "message to edit not found",
    );
  });
});

describe("the bot's own page", () => {
  it("takes what is allowed, per language", async () => {
    await grammy.setMyCommands([{ command: "help", description: "کمک" }], { language_code: "fa" });
    await grammy.setMyDescription("د ماښام", { language_code: "ps" });
    await grammy.setMyShortDescription("x".repeat(120));
    await grammy.setMyName("Parwana");
    expect(api.profile("setMyCommands", "fa")).toMatchObject({ commands: [{ command: "help" }] });
    expect(api.profile("setMyDescription", "ps")).toMatchObject({ description: "د ماښام" });
  });

  it.each([
    ["setMyCommands", { commands: [{ command: "Help", description: "x" }] }, "BOT_COMMAND_INVALID"],
    [
      "setMyCommands",
      { commands: [{ command: "help", description: "" }] },
      "BOT_COMMAND_DESCRIPTION_INVALID",
    ],
    ["setMyDescription", { description: "x", language_code: "fa-AF" }, "invalid language code"],
    ["setMyDescription", { description: "x".repeat(513) }, "at most 512"],
    ["setMyName", { name: "x".repeat(65) }, "at most 64"],
    ["sendChatAction", { chat_id: 1, action: "thinking" }, "wrong parameter action"],
    ["setWebhook", { url: "http://bot.example.org/hook" }, "An HTTPS URL must be provided"],
    ["setWebhook", { url: "http://127.0.0.1:1/", secret_token: "no spaces" }, "unallowed characters"],
  ])("refuses %s: case %#", async (method, payload, reason) => {
    const body: unknown = await (await raw(method, payload)).json();
    expect(body).toMatchObject({ error_code: 400, description: expect.stringContaining(reason) });
  });
});

describe("the door", () => {
  it("reads GET, form and JSON alike", async () => {
    const root = `${api.url}/bot${api.token}`;
    const get = await fetch(`${root}/sendMessage?chat_id=1&text=by%20query`);
    const form = await fetch(`${root}/SENDMESSAGE`, {
      method: "POST",
      body: new URLSearchParams({
        chat_id: "1",
        text: "by form",
        protect_content: "true",
        reply_markup: JSON.stringify({ inline_keyboard: [[{ text: "A", callback_data: "a" }]] }),
      }),
    });
    expect([get.status, form.status]).toEqual([200, 200]);
    expect(api.person(1).messages().slice(-2)).toMatchObject([
      { text: "by query" },
      { text: "by form", keyboard: [[{ label: "A", data: "a" }]] },
    ]);
  });

  it("knows its token and its methods", async () => {
    expect((await fetch(`${api.url}/bot1:wrong/getMe`)).status).toBe(401);
    expect((await fetch(`${api.url}/bot${api.token}/sendDice`)).status).toBe(404);
    expect((await fetch(`${api.url}/elsewhere`)).status).toBe(404);
    expect(await grammy.getMe()).toMatchObject({ id: 1_000_001, is_bot: true });
  });
});
