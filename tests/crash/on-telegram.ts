import { htmlOf, piecesOf } from "../../src/channels/telegram/pieces.ts";
import { readUpdate } from "../../src/channels/telegram/receive.ts";
import { startBotApi } from "../stand-ins/bot-api.ts";
import { failPoints } from "./fail-points.ts";
import { publicUrl } from "./place.ts";
import type { Delivery, Platform, Said } from "./platform.ts";

export const webhookSecret = "stand-in-webhook-secret";
export const botToken = "1000001:stand-in-token-of-the-tests";

/** Telegram keeps no list of what a bot has sent: what was in flight at a crash goes out again. */
export const telegram: Platform = {
  failPoints,
  patienceMs: 40,
  addressOf: (number) => String(5_500_000 + number),
  textsOf: ({ parts }) => piecesOf(parts).map(htmlOf),
  tellsWhatItTook: false,
  tooMany(copies, sendsInFlight) {
    const most = Math.max(0, ...copies);
    return most > sendsInFlight ? `${most} copies after one crash` : undefined;
  },
  async open(url) {
    const bot = await startBotApi({ token: botToken, publicUrl, deliverTo: url, strict: false });
    let lastUpdate = 900_000_000;
    return {
      environment: {
        TELEGRAM_BOT_TOKEN: bot.token,
        TELEGRAM_API_ROOT: bot.url,
        TELEGRAM_WEBHOOK_SECRET: webhookSecret,
      },
      deliver: (address, said) => {
        lastUpdate += 1;
        return deliveryOf(lastUpdate, Number(address), said);
      },
      takenAfter: (count) =>
        bot.ledger.calls.slice(count).map(({ method, chat, payload, at }) => ({
          at,
          to: String(chat),
          texts: method === "sendMessage" ? [String(payload["text"])] : [],
        })),
      trouble(address, kind) {
        const fault = kind === "429" ? ({ kind, retryAfter: 1 } as const) : ({ kind } as const);
        bot.faults.push({ method: "sendMessage", chat: address, times: 1, do: fault });
      },
      troubled: bot.faults.played,
      waitFor: bot.waitFor,
      close: bot.close,
    };
  },
};

function deliveryOf(id: number, chat: number, said: Said): Delivery {
  const update = updateOf(id, chat, said);
  const received = readUpdate("telegram", update);
  if (received.kind !== "inbound") throw new Error("the update is none");
  return {
    inbound: received.inbound,
    path: "/webhooks/telegram",
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": webhookSecret },
    body: JSON.stringify(update),
  };
}

/** Seconds; nothing in these conversations depends on it. */
const date = 1_790_000_000;

function updateOf(id: number, chat: number, said: Said) {
  const from = { id: chat, is_bot: false, first_name: "Somebody", language_code: "en" };
  const about = { message_id: id, date, chat: { id: chat, type: "private" } };
  return "text" in said
    ? { update_id: id, message: { ...about, from, text: said.text } }
    : {
        update_id: id,
        callback_query: { id: String(id), from, message: about, chat_instance: "1", data: said.tap },
      };
}
