import { createHmac } from "node:crypto";
import { join } from "node:path";
import { heardIn } from "../app/heard.ts";
import type { Log } from "../app/ports.ts";
import type { Channel } from "../app/ports-channel.ts";
import type { Store } from "../app/ports-store.ts";
import type { Config } from "../config.ts";
import { contentRoot, type Installation } from "./installation.ts";
import type { Door } from "./web-thread.ts";

/** Where Twilio posts what people write. */
export const whatsappWebhook = "/webhooks/whatsapp";

/** Where each platform posts to. */
export const webhookPaths = {
  telegram: ["/webhooks/telegram"],
  whatsapp: [whatsappWebhook, `${whatsappWebhook}/status`],
} as const;

/** The channels that the configuration turns on; the SDK of one that is off is not even loaded. */
async function configuredChannels(config: Config, installation: Installation): Promise<readonly Channel[]> {
  const channels = await Promise.all([telegramOf(config, installation), whatsappOf(config, installation)]);
  return channels.filter((channel) => channel !== undefined);
}

async function telegramOf(
  { telegram, publicUrl }: Config,
  { parts, words }: Installation,
): Promise<Channel | undefined> {
  if (telegram === undefined) return undefined;
  const { openTelegram } = await import("../channels/telegram/channel.ts");
  const { token, apiRoot } = telegram;
  const [path] = webhookPaths.telegram;
  const secret = webhookSecretOf(telegram);
  return openTelegram({
    id: "telegram",
    token,
    ...(apiRoot === undefined ? {} : { apiRoot }),
    ...(publicUrl === undefined ? {} : { webhook: { url: `${publicUrl}${path}`, secret } }),
    profile: words.telegram,
    log: parts.log,
    clock: parts.clock,
  });
}

/** What Telegram has to send along: as it was set, or one that only follows from the token. */
function webhookSecretOf({ token, webhookSecret }: NonNullable<Config["telegram"]>): string {
  return webhookSecret ?? createHmac("sha256", token).update("parwana telegram webhook").digest("base64url");
}

async function whatsappOf(
  { whatsapp, publicUrl }: Config,
  { parts, words }: Installation,
): Promise<Channel | undefined> {
  if (whatsapp === undefined || publicUrl === undefined) return undefined;
  const { openWhatsApp } = await import("../channels/whatsapp/channel.ts");
  const { apiRoot, ...account } = whatsapp;
  return openWhatsApp({
    id: "whatsapp",
    ...account,
    publicUrl,
    ...(apiRoot === undefined ? {} : { apiRoot }),
    records: contentRecords(parts.store),
    heard: heardIn(parts.store),
    templates: words.templates,
    log: parts.log,
    clock: parts.clock,
  });
}

/** Where the SIDs of WhatsApp's content records are remembered. */
function contentRecords(store: Store) {
  return {
    get: async (name: string) => {
      const value = await store.readMeta(`content ${name}`);
      return value === undefined ? undefined : Buffer.from(value).toString("utf8");
    },
    set: (name: string, sid: string) => store.writeMeta(`content ${name}`, Buffer.from(sid, "utf8")),
  };
}

/** Both channels once more, with the playground's phones in the place of the platforms. */
async function playgroundPhones({ publicUrl }: Config, { parts, words }: Installation) {
  const { clock } = parts;
  const [
    { openTelegram },
    { openWhatsApp },
    { openTelegramPhone },
    { openWhatsAppPhone },
    { readPageWords },
  ] = await Promise.all([
    import("../channels/telegram/channel.ts"),
    import("../channels/whatsapp/channel.ts"),
    import("../web/playground/telegram-phone.ts"),
    import("../web/playground/whatsapp-phone.ts"),
    import("../web/playground/words.ts"),
  ]);
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
  const real = await configuredChannels(config, installation);
  const playground = config.playground ? await playgroundPhones(config, installation) : undefined;
  const all =
    playground === undefined ? real : [...real, playground.telegram.channel, playground.whatsapp.channel];
  return { real, playground, all };
}

/** How to read what the platforms post; none where nothing is posted, because there is no address to post to. */
export function doorsOf({ telegram, whatsapp, publicUrl }: Config, channels: readonly Channel[]): Door[] {
  if (publicUrl === undefined) return [];
  return channels.flatMap(({ id, answer }): readonly Door[] => {
    if (id === "telegram" && telegram !== undefined) {
      const secret = webhookSecretOf(telegram);
      return [{ channel: id, paths: webhookPaths[id], answer, door: { kind: "secret", secret } }];
    }
    if (id === "whatsapp" && whatsapp !== undefined) {
      const { accountSid, authToken } = whatsapp;
      const door = { channel: id, accountSid, authToken, publicUrl };
      return [{ channel: id, paths: webhookPaths[id], answer, door }];
    }
    return [];
  });
}
