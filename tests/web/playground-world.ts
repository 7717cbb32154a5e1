import { fileURLToPath } from "node:url";
import type { Channel, DeliveryStatus, Inbound } from "../../src/app/ports-channel.ts";
import { openTelegram } from "../../src/channels/telegram/channel.ts";
import { openWhatsApp } from "../../src/channels/whatsapp/channel.ts";
import type { Message } from "../../src/core/nouns/message.ts";
import { openTelegramPhone } from "../../src/web/playground/telegram-phone.ts";
import { openWhatsAppPhone } from "../../src/web/playground/whatsapp-phone.ts";
import { readPageWords } from "../../src/web/playground/words.ts";
import { buildServer } from "../../src/web/server.ts";
import type { Taken } from "../../src/web/webhook-routes.ts";
import { silent } from "../logs.ts";

const clock = { now: () => Date.now() };

/** What the bot answers to something that a person did. */
export type Answers = (inbound: Inbound) => readonly Message[];

/** The playground with the real channels, and a bot behind them that gives prepared answers. */
export async function openPlaygroundWorld(answers: Answers) {
  const telegramPhone = openTelegramPhone(clock);
  const whatsAppPhone = openWhatsAppPhone(clock);
  const profileWords = { commands: [], description: "", shortDescription: "" };
  const telegram = openTelegram({
    id: "playground/telegram",
    ...telegramPhone.account,
    transport: telegramPhone.transport,
    profile: { fallback: profileWords, languages: {} },
    log: silent,
    clock,
  });
  const whatsapp = openWhatsApp({
    id: "playground/whatsapp",
    ...whatsAppPhone.account,
    transport: whatsAppPhone.transport,
    templates: [],
    log: silent,
    clock,
  });
  const channels = new Map<string, Channel>([telegram, whatsapp].map((channel) => [channel.id, channel]));
  const received: (Inbound | DeliveryStatus)[] = [];
  const keyboards = new Map<string, string>();
  const state: { taken: Taken } = { taken: "done" };
  let nextId = 1;

  const send = async (channel: Channel, inbound: Inbound, message: Message) => {
    const [address] = inbound.addresses;
    const outcome = await channel.send({
      id: nextId++,
      contact: 1,
      channel: channel.id,
      address,
      lane: "reply",
      message,
      lastInbound: clock.now(),
      openKeyboard: keyboards.get(address),
      organisation: undefined,
    });
    keyboards.delete(address);
    if (outcome.kind === "sent" && outcome.hasKeyboard) keyboards.set(address, outcome.providerId);
  };
  const receive = async (input: Inbound | DeliveryStatus): Promise<Taken> => {
    received.push(input);
    const channel = channels.get(input.channel);
    if (state.taken !== "done" || channel === undefined || !("input" in input)) return state.taken;
    for (const message of answers(input)) await send(channel, input, message);
    return channel.settle?.(input) ?? "done";
  };

  await Promise.all([telegram, whatsapp].map((channel) => channel.start(async () => undefined)));
  const app = buildServer({
    webhooks: [],
    receive,
    health: async () => ({ ok: true }),
    metrics: async () => "",
    playground: {
      telegram: { phone: telegramPhone, channel: telegram },
      whatsapp: { phone: whatsAppPhone, channel: whatsapp },
      words: await readPageWords(fileURLToPath(new URL("../../locales", import.meta.url))),
    },
    log: silent,
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    app,
    url,
    received,
    state,
    telegramPhone,
    whatsAppPhone,
    async close() {
      await app.close();
      await Promise.all([telegram.stop(), whatsapp.stop()]);
    },
  };
}
