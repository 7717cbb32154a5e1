import { createHmac } from "node:crypto";
import { join } from "node:path";
import type { Channel, Log } from "../app/ports.ts";
import { openTelegram } from "../channels/telegram/channel.ts";
import { openWhatsApp } from "../channels/whatsapp/channel.ts";
import type { Config } from "../config.ts";
import type { ChannelId } from "../core/nouns/ids.ts";
import { openTelegramPhone } from "../web/playground/telegram-phone.ts";
import { openWhatsAppPhone } from "../web/playground/whatsapp-phone.ts";
import { readPageWords } from "../web/playground/words.ts";
import { contentRoot, type Installation } from "./installation.ts";

/** Where each platform posts to. */
export const webhookPaths: Readonly<Partial<Record<ChannelId, readonly string[]>>> = {
  telegram: ["/webhooks/telegram"],
  whatsapp: ["/webhooks/whatsapp", "/webhooks/whatsapp/status"],
};

/** The channels that the configuration turns on. */
function configuredChannels(config: Config, { parts, words }: Installation): readonly Channel[] {
  const { log, clock } = parts;
  const channels: Channel[] = [];
  if (config.telegram !== undefined) {
    const { token, apiRoot, webhookSecret } = config.telegram;
    const secret =
      webhookSecret ?? createHmac("sha256", token).update("parwana telegram webhook").digest("base64url");
    const webhook =
      config.publicUrl === undefined
        ? {}
        : { webhook: { url: `${config.publicUrl}/webhooks/telegram`, secret } };
    channels.push(
      openTelegram({
        id: "telegram",
        token,
        ...(apiRoot === undefined ? {} : { apiRoot }),
        ...webhook,
        profile: words.telegram,
        log,
        clock,
      }),
    );
  }
  if (config.whatsapp !== undefined && config.publicUrl !== undefined) {
    const { apiRoot, ...account } = config.whatsapp;
    const records = {
      get: async (name: string) => {
        const value = await parts.store.readMeta(`content ${name}`);
        return value === undefined ? undefined : Buffer.from(value).toString("utf8");
      },
      set: (name: string, sid: string) => parts.store.writeMeta(`content ${name}`, Buffer.from(sid, "utf8")),
    };
    channels.push(
      openWhatsApp({
        id: "whatsapp",
        ...account,
        publicUrl: config.publicUrl,
        ...(apiRoot === undefined ? {} : { apiRoot }),
        records,
        templates: words.templates,
        log,
        clock,
      }),
    );
  }
  return channels;
}

/** Both channels once more, with the playground's phones in the place of the platforms. */
async function playgroundPhones({ publicUrl }: Config, { parts, words }: Installation) {
  const { clock } = parts;
  // The phones' platforms always agree: what they say of themselves is not worth a line.
  const log: Log = { ...parts.log, debug: () => {}, info: () => {} };
  const telegramPhone = openTelegramPhone(clock);
  const whatsappPhone = openWhatsAppPhone(clock);
  const telegram = openTelegram({
    id: "playground/telegram",
    ...telegramPhone.account,
    transport: telegramPhone.transport,
    profile: words.telegram,
    log,
    clock,
  });
  const whatsapp = openWhatsApp({
    id: "playground/whatsapp",
    ...whatsappPhone.account,
    transport: whatsappPhone.transport,
    templates: words.templates,
    log,
    clock,
  });
  return {
    telegram: { phone: telegramPhone, channel: telegram },
    whatsapp: { phone: whatsappPhone, channel: whatsapp },
    words: await readPageWords(join(contentRoot, "locales")),
    hosts: publicUrl === undefined ? [] : [new URL(publicUrl).host],
  };
}

/** Every channel of a server with this configuration, none of them started: the real ones and the playground's. */
export async function openChannels(config: Config, installation: Installation) {
  const real = configuredChannels(config, installation);
  const playground = config.playground ? await playgroundPhones(config, installation) : undefined;
  const all =
    playground === undefined ? real : [...real, playground.telegram.channel, playground.whatsapp.channel];
  return { real, playground, all };
}
