import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import type { BotApi } from "../stand-ins/bot-api.ts";
import type { Twilio } from "../stand-ins/twilio.ts";
import { account, publicUrl, webhookSecret } from "../system/world.ts";

/** What everybody says, over and over: commands that are answered the same each time. */
const words = ["please menu", "please language"] as const;

/** Somebody who writes to a webhook, one input after another, each posted until it is acknowledged, as the platforms do. */
export type Speaker = {
  readonly address: string;
  /** The ids of the inputs that were acknowledged, in order. */
  readonly acknowledged: readonly string[];
  /** Posts the next input, or the one that was refused again; gives the HTTP status. */
  readonly step: () => Promise<number>;
  /** What the bot has sent them, in order. */
  readonly heard: () => readonly string[];
};

type Side = {
  readonly address: string;
  /** Posts an input; gives the HTTP status. */
  readonly post: (id: string, word: string) => Promise<number>;
  readonly idOf: (number: number) => string;
  readonly heard: () => readonly string[];
};

function speaker({ address, post, idOf, heard }: Side): Speaker {
  const acknowledged: string[] = [];
  return {
    address,
    acknowledged,
    heard,
    step: async () => {
      const number = acknowledged.length;
      const id = idOf(number);
      const status = await post(id, words[number % words.length] ?? "");
      if (status === 200) acknowledged.push(id);
      return status;
    },
  };
}

/** A person on Telegram, whose updates come to the webhook. */
export function telegramSpeaker(url: string, bot: Pick<BotApi, "ledger">, chat: number): Speaker {
  const from = { id: chat, is_bot: false, first_name: "Somebody", language_code: "en" };
  return speaker({
    address: String(chat),
    idOf: (number) => String(chat * 1_000 + number),
    heard: () => bot.ledger.of("sendMessage", chat).map(({ payload }) => String(payload["text"])),
    post: (id, text) => {
      const chatOfIt = { id: chat, type: "private" };
      const message = { message_id: 1, date: 1_790_000_000, chat: chatOfIt, from, text };
      const headers = {
        "content-type": "application/json",
        "x-telegram-bot-api-secret-token": webhookSecret,
      };
      return post(`${url}/webhooks/telegram`, headers, JSON.stringify({ update_id: Number(id), message }));
    },
  });
}

/** A person on WhatsApp, whose messages Twilio posts. */
export function whatsappSpeaker(url: string, twilio: Pick<Twilio, "ledger">, phone: number): Speaker {
  const address = `whatsapp:+${phone}`;
  return speaker({
    address,
    idOf: (number) => `SM${String(phone).padStart(24, "0")}${String(number).padStart(8, "0")}`,
    heard: () =>
      twilio.ledger
        .to(address)
        .map(({ form }) => [form["Body"], form["ContentSid"], form["ContentVariables"]].join("\n")),
    post: (id, Body) => {
      const form = {
        MessageSid: id,
        AccountSid: account.accountSid,
        From: address,
        To: account.from,
        WaId: String(phone),
        MessageType: "text",
        NumMedia: "0",
        Body,
      };
      const path = "/webhooks/whatsapp";
      const signature = getExpectedTwilioSignature(account.authToken, `${publicUrl}${path}`, form);
      const headers = {
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "x-twilio-signature": signature,
      };
      return post(`${url}${path}`, headers, new URLSearchParams(form).toString());
    },
  });
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<number> {
  const answer = await fetch(url, { method: "POST", headers, body });
  await answer.arrayBuffer();
  return answer.status;
}
