import { describe, expect, test } from "vitest";
import type { Channel, WebhookRequest } from "../../src/app/ports-channel.ts";
import { openTelegram } from "../../src/channels/telegram/channel.ts";
import { openWhatsApp } from "../../src/channels/whatsapp/channel.ts";
import { longestText } from "../../src/core/nouns/input.ts";
import { shippedContent } from "../core/shipped.ts";
import { type Talk, talkAt } from "../core/talk.ts";
import { keepingLog } from "../logs.ts";
import { clock, emptyProfile, keepingTransport } from "./telegram/given.ts";
import { accountSid, authToken, from, keepingRecords, publicUrl, to } from "./whatsapp/given.ts";

const telegram = openTelegram({
  id: "playground/telegram",
  token: "1000001:example",
  profile: emptyProfile,
  log: keepingLog(),
  clock,
  transport: keepingTransport().transport,
});

const whatsApp = openWhatsApp({
  id: "playground/whatsapp",
  accountSid,
  authToken,
  from,
  publicUrl,
  transport: () => Promise.reject(new Error("nothing is sent here")),
  records: keepingRecords(),
  templates: [],
  log: keepingLog(),
  clock,
});

function update(text: string): WebhookRequest {
  const chat = { id: 4400001, type: "private" };
  const message = {
    message_id: 1,
    date: 1,
    chat,
    from: { id: 4400001, is_bot: false, first_name: "-" },
    text,
  };
  return {
    path: "/webhooks/telegram",
    query: "",
    headers: {},
    body: JSON.stringify({ update_id: 1, message }),
  };
}

function post(fields: Readonly<Record<string, string>>): WebhookRequest {
  const form = { AccountSid: accountSid, MessageSid: `SM${"0".repeat(32)}`, From: to, ...fields };
  return { path: "/webhooks/whatsapp", query: "", headers: {}, body: new URLSearchParams(form).toString() };
}

type Border = readonly [name: string, channel: Channel, request: (text: string) => WebhookRequest];

const borders: readonly Border[] = [
  ["Telegram", telegram, update],
  ["Telegram, in a command's words", telegram, (text) => update(`/ask ${text}`)],
  ["WhatsApp", whatsApp, (text) => post({ Body: text })],
  ["WhatsApp, by a button's title", whatsApp, (text) => post({ ButtonText: text, Body: "" })],
];

describe.each(borders)("a text that comes by %s", (_name, channel, request) => {
  const input = (text: string) => {
    const received = channel.receive(request(text));
    if (received.kind !== "inbound") throw new Error(received.kind);
    return received.inbound.input;
  };
  const textOf = (text: string) => {
    const read = input(text);
    return read.kind === "text" ? read.text : read.kind;
  };
  /** What stands before the text of a command. */
  const before = textOf("x").slice(0, -1);
  /** What a channel takes off its own way of writing commands counts as written. */
  const room = longestText - (before === "" ? 0 : before.length + 1);

  test("is read whole as long as Telegram's own can be", () => {
    for (const text of ["x".repeat(room), `${"x".repeat(room - 2)}😀`])
      expect(textOf(text)).toBe(`${before}${text}`);
  });

  test("is cut where it is longer, and never inside a surrogate pair", () => {
    expect(textOf("x".repeat(200_000))).toBe(`${before}${"x".repeat(room)}`);
    expect(textOf(`${"x".repeat(room - 2)}😀😀`)).toBe(`${before}${"x".repeat(room - 2)}😀`);
    expect(textOf(`${"x".repeat(room - 1)}😀`)).toBe(`${before}${"x".repeat(room - 1)}`);
    expect(textOf("😀".repeat(100_000)).isWellFormed()).toBe(true);
  });
});

describe.each(borders.filter(([, , request]) => !request("x").body.includes("/ask")))(
  "what counts in the part of a long text that is read, by %s",
  (_name, channel, request) => {
    const { program } = shippedContent();
    const heard = (text: string, language: string): Talk => {
      const talk = talkAt(program, clock.now(), language, "screening/start:danger");
      const received = channel.receive(request(text));
      if (received.kind === "inbound") talk.take(received.inbound.input);
      return talk;
    };
    const long = " ".repeat(100_000);

    test.each(["stop", "توقف", "parar"])("%s stops", (word) => {
      expect(heard(`${word}${long}`, "en").session.stopped).toBe(true);
    });

    test.each([
      ["en", "They are coming to kill me"],
      ["fa-AF", "می‌خواهند مرا بکشند"],
      ["ps", "غواړي ما ووژني"],
      ["es", "me quieren matar"],
    ])("a danger is heard, in %s", (language, text) => {
      expect(heard(`${text}. ${"x ".repeat(100_000)}`, language).keys[0]).toBe("red-flags:rf-danger.card");
    });
  },
);
