import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReceive } from "../../src/channels/telegram/receive.ts";
import type { Deed, PhoneEvent } from "../../src/web/playground/phone.ts";
import { parseHtml } from "../../src/web/playground/telegram-html.ts";
import { openTelegramPhone } from "../../src/web/playground/telegram-phone.ts";

const session = "session-number-one";
const someone = "session-number-two";
const keyboard = { inline_keyboard: [[{ text: "Yes", callback_data: "q:yes" }]] };

function open() {
  let now = 1_790_000_000_000;
  const phone = openTelegramPhone({ now: () => now++ });
  const chat = Number(phone.addressOf(session));
  const call = async (method: string, body: object): Promise<unknown> => {
    const url = `${phone.account.apiRoot}/bot${phone.account.token}/${method}`;
    const headers = { "content-type": "application/json" };
    const answer = await phone.transport(url, { method: "POST", headers, body: JSON.stringify(body) });
    return JSON.parse(answer.text());
  };
  const events: PhoneEvent[] = [];
  phone.watch(session, (event) => events.push(event));
  const screen = () => {
    let last: PhoneEvent | undefined;
    phone.watch(session, (event) => {
      last = event;
    })();
    return last?.kind === "screen" ? last.screen : undefined;
  };
  const read = createReceive("playground/telegram", { kind: "secret", secret: phone.account.webhook.secret });
  const act = (deed: Deed) => {
    const request = phone.act(session, deed)?.request;
    return request === undefined ? undefined : read(request);
  };
  return { phone, chat, call, events, screen, act };
}

describe("what is sent to a phone", () => {
  test("is shown with its formatting and buttons, and answered as the Bot API does", async () => {
    const { chat, call, screen } = open();
    const text = "<b>One &lt;two&gt;</b>\n<i>سه</i> &amp; four";
    const answer = await call("sendMessage", {
      chat_id: chat,
      text,
      parse_mode: "HTML",
      reply_markup: keyboard,
    });
    const entities = [
      { type: "bold", offset: 0, length: 9 },
      { type: "italic", offset: 10, length: 2 },
    ];
    const shown = "One <two>\nسه & four";
    expect(answer).toMatchObject({
      ok: true,
      result: { chat: { id: chat, type: "private" }, text: shown, entities, reply_markup: keyboard },
    });
    expect(screen()?.messages).toMatchObject([
      { from: "bot", text: shown, entities, rows: [[{ id: "q:yes", label: "Yes" }]] },
    ]);
    expect(screen()?.calls).toMatchObject([{ method: "POST", contentType: "application/json" }]);
    expect(JSON.parse(screen()?.calls[0]?.body ?? "")).toMatchObject({ chat_id: chat, text });
  });

  test.each([
    ["an unclosed tag", { text: "<b>open", parse_mode: "HTML" }, 400, /can't parse entities/],
    ["an unknown tag", { text: "<blink>x</blink>", parse_mode: "HTML" }, 400, /can't parse entities/],
    ["crossed tags", { text: "<b><i>x</b></i>", parse_mode: "HTML" }, 400, /can't parse entities/],
    ["nothing to see", { text: "<b> </b>", parse_mode: "HTML" }, 400, /empty/],
    ["too much", { text: "x".repeat(4097) }, 400, /too long/],
    ["no text", {}, 400, /Bad Request/],
  ])("is refused when it has %s", async (_what, content, code, description) => {
    const { chat, call, screen } = open();
    const answer = await call("sendMessage", { chat_id: chat, ...content });
    expect(answer).toMatchObject({ ok: false, error_code: code });
    expect(JSON.stringify(answer)).toMatch(description);
    expect(screen()?.messages).toEqual([]);
  });

  test("can be edited and deleted, but not edited into what it is", async () => {
    const { chat, call, screen } = open();
    await call("sendMessage", { chat_id: chat, text: "one", reply_markup: keyboard });
    const about = { chat_id: chat, message_id: Number(screen()?.messages[0]?.id) };
    expect(await call("editMessageReplyMarkup", about)).toMatchObject({ ok: true });
    expect(await call("editMessageReplyMarkup", about)).toMatchObject({ ok: false, error_code: 400 });
    expect(await call("editMessageText", { ...about, text: "two" })).toMatchObject({
      result: { text: "two" },
    });
    expect(screen()?.messages).toMatchObject([{ text: "two", rows: [] }]);
    expect(await call("deleteMessage", about)).toEqual({ ok: true, result: true });
    expect(await call("deleteMessage", about)).toMatchObject({ ok: false });
    expect(screen()?.messages).toEqual([]);
  });

  test("is refused while the person blocks the bot", async () => {
    const { chat, call, act, screen } = open();
    expect(act({ kind: "block", blocked: true })).toMatchObject({ inbound: { input: { kind: "blocked" } } });
    expect(await call("sendMessage", { chat_id: chat, text: "hello" })).toMatchObject({ error_code: 403 });
    expect(act({ kind: "block", blocked: false })).toMatchObject({
      inbound: { input: { kind: "unblocked" } },
    });
    expect(await call("sendMessage", { chat_id: chat, text: "hello" })).toMatchObject({ ok: true });
    expect(screen()?.messages).toHaveLength(1);
  });

  test("reaches only the phone that it is for", async () => {
    const { phone, call, screen } = open();
    await call("sendMessage", { chat_id: Number(phone.addressOf(someone)), text: "not yours" });
    expect([screen()?.messages, screen()?.calls]).toEqual([[], []]);
  });

  test("is forgotten beyond the last 200", async () => {
    const { chat, call, screen } = open();
    for (let count = 0; count < 205; count += 1)
      await call("sendMessage", { chat_id: chat, text: `${count}` });
    expect(screen()?.messages.length).toBe(200);
    expect(screen()?.messages.at(-1)?.text).toBe("204");
  });

  test("may be a setting, which no chat shows; an unknown method is not found", async () => {
    const { call, screen } = open();
    expect(await call("setMyCommands", { commands: [] })).toEqual({ ok: true, result: true });
    expect(await call("sendDice", {})).toMatchObject({ ok: false, error_code: 404 });
    expect(screen()?.calls).toEqual([]);
  });
});

describe("what a person does", () => {
  test.each<[Deed, object]>([
    [
      { kind: "say", text: "سلام", language: "fa-AF" },
      { input: { kind: "text", text: "سلام" }, languageHint: "fa", opensWindow: true },
    ],
    [
      { kind: "say", text: "/start from-page", language: undefined },
      { input: { kind: "start", payload: "from-page" } },
    ],
    [{ kind: "media" }, { input: { kind: "media" } }],
  ])("%j is an update that the channel reads", (deed, inbound) => {
    const { phone, act } = open();
    expect(act(deed)).toMatchObject({
      kind: "inbound",
      inbound: { channel: "playground/telegram", addresses: [phone.addressOf(session)], ...inbound },
    });
  });

  test("a tap names its message, and its answer tells the phone", async () => {
    const { chat, call, act, screen, events } = open();
    await call("sendMessage", { chat_id: chat, text: "?", reply_markup: keyboard });
    const message = screen()?.messages[0]?.id ?? "";
    const received = act({ kind: "tap", message, button: "q:yes", language: "ps" });
    expect(received).toMatchObject({
      inbound: { input: { kind: "tap", button: "q:yes" }, tappedMessage: message, languageHint: "ps" },
    });
    const id = received?.kind === "inbound" ? received.inbound.tapId : undefined;
    expect(await call("answerCallbackQuery", { callback_query_id: id })).toEqual({ ok: true, result: true });
    expect(events.at(-1)).toEqual({ kind: "settled" });
    expect(act({ kind: "tap", message, button: "q:no", language: undefined })).toBeUndefined();
    expect(act({ kind: "tap", message: "1", button: "q:yes", language: undefined })).toBeUndefined();
  });

  test("what an update is answered with is carried out where it is a call", async () => {
    const { phone, chat, call, screen } = open();
    await call("sendMessage", { chat_id: chat, text: "?", reply_markup: keyboard });
    const message = Number(screen()?.messages[0]?.id);
    const answered = (body: string) => phone.answered({ contentType: "application/json", body });
    for (const none of ["", "{", "null", '{"method":7}', '{"method":"noSuchMethod"}']) answered(none);
    expect(screen()?.messages).toMatchObject([{ rows: [[{ label: "Yes" }]] }]);
    const body = JSON.stringify({ method: "editMessageReplyMarkup", chat_id: chat, message_id: message });
    answered(body);
    expect(screen()?.messages).toMatchObject([{ rows: [] }]);
    expect(screen()?.calls.at(-1)).toMatchObject({ url: phone.account.webhook.url, body });
  });

  test("never repeats an update's id, also after a restart", () => {
    let now = 1_790_000_000_000;
    const idOf = (phone: ReturnType<typeof openTelegramPhone>) => {
      const request = phone.act(session, { kind: "say", text: "x", language: undefined })?.request;
      return JSON.parse(request?.body ?? "").update_id;
    };
    const before = openTelegramPhone({ now: () => now });
    const ids = Array.from({ length: 5 }, () => idOf(before));
    now += 1;
    ids.push(idOf(openTelegramPhone({ now: () => now })));
    expect(new Set(ids).size).toBe(6);
    expect(ids.every(Number.isSafeInteger)).toBe(true);
  });

  test("shows on the phone, with whether it arrived", () => {
    const { phone, screen } = open();
    const shown = phone.act(session, { kind: "say", text: "hello", language: undefined })?.shown ?? "";
    expect(screen()?.messages).toMatchObject([{ from: "person", text: "hello", state: "sending" }]);
    phone.reached(session, shown, false);
    expect(screen()?.messages).toMatchObject([{ state: "failed" }]);
    phone.restart(session);
    expect(screen()).toEqual({ messages: [], calls: [], blocked: false });
  });
});

test("any text that is escaped comes out as it was", () => {
  const escaped = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(parseHtml(`<b>${escaped(text)}</b>`)).toEqual({
        kind: "text",
        text,
        entities: text === "" ? [] : [{ type: "bold", offset: 0, length: text.length }],
      });
    }),
  );
});
