import { createHmac } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { Outbox } from "./app/deliver-outbox.ts";
import { loadTopics } from "./app/desk.ts";
import { Problem, problemText } from "./app/errors.ts";
import { IntakeGate } from "./app/intake-gate.ts";
import { metricsText } from "./app/metrics.ts";
import { People } from "./app/people.ts";
import type { Channel, Clock, Log } from "./app/ports.ts";
import { receive } from "./app/receive.ts";
import { contactStopped } from "./app/record-status.ts";
import { Content } from "./app/runtime.ts";
import { Scheduler } from "./app/scheduler.ts";
import type { TurnParts } from "./app/take-turn.ts";
import { openTelegram } from "./channels/telegram/channel.ts";
import { openWhatsApp } from "./channels/whatsapp/channel.ts";
import { type Config, readConfig } from "./config.ts";
import { channelWords } from "./content/channel-words.ts";
import { formatIssues } from "./content/format-issues.ts";
import { loadContent } from "./content/load.ts";
import type { ChannelId } from "./core/nouns/ids.ts";
import { openSqliteStore } from "./store/sqlite/open.ts";
import { loadMasterKey } from "./vault/master-key.ts";
import { openVault } from "./vault/vault.ts";
import { VaultError } from "./vault/vault-error.ts";
import { openControl } from "./web/control.ts";
import { openTelegramPhone } from "./web/playground/telegram-phone.ts";
import { openWhatsAppPhone } from "./web/playground/whatsapp-phone.ts";
import { readPageWords } from "./web/playground/words.ts";
import { buildServer } from "./web/server.ts";

/** The folder that holds `flows/` and `locales/`. */
export const contentRoot = fileURLToPath(new URL("..", import.meta.url));

const wallClock: Clock = { now: () => Date.now() };

/** Content, vault, store and the paths over them: what a server and a lone command both need. */
export type Installation = {
  readonly parts: TurnParts;
  readonly gate: IntakeGate;
  readonly words: ReturnType<typeof channelWords>;
  /** Where the master key came from, to tell the host about a new key file. */
  readonly keyOrigin: "variable" | "file" | "made";
  readonly addChannels: (channels: readonly Channel[]) => void;
  readonly close: () => Promise<void>;
};

/** Structured notes on standard error; nothing personal is ever given to them. */
export function openLog(level: Config["logLevel"]): Log {
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  };
}

/** The configuration from the environment; a Problem that lists everything that is wrong with it. */
export function configFrom(environment: NodeJS.ProcessEnv): Config {
  const read = readConfig(environment);
  if (!Array.isArray(read)) return read as Config;
  throw new Problem(
    "config",
    ["The settings can't be used:", ...read.map(({ variable, what }) => `  ${variable} ${what}`)].join("\n"),
  );
}

/** Opens everything that does not listen. Throws Problems; nothing stays open then. */
export async function openInstallation(
  config: Config,
  log: Log,
  clock: Clock = wallClock,
): Promise<Installation> {
  const loaded = loadContent(contentRoot);
  if ("issues" in loaded)
    throw new Problem("content", `The flows and words can't be used:\n${formatIssues(loaded.issues)}`);
  const master = loadMasterKey({
    ...(config.masterKey === undefined ? {} : { masterKey: config.masterKey }),
    keyFile: config.keyFile,
    dataDir: config.dataDir,
  });
  const store = await openSqliteStore({ dataDir: config.dataDir, log, clock });
  try {
    const vault = openVault(master.key, store.metaSync);
    const channels = new Map<ChannelId, Channel>();
    const base = {
      store,
      vault,
      clock,
      log,
      content: new Content(loaded.program, loaded.translator),
      channels,
      people: new People(vault),
    };
    const gate: IntakeGate = new IntakeGate(() => outbox.backlog);
    const outbox: Outbox = new Outbox(base, {
      inFlight: config.sendsInFlight,
      chance: Math.random,
      onLeft: () => gate.left(),
      onContactStopped: (contact, channel) => contactStopped(parts, contact, channel),
    });
    const parts: TurnParts = { ...base, outbox };
    await loadTopics(parts);
    const addChannels = (added: readonly Channel[]) => {
      for (const channel of added) channels.set(channel.id, channel);
    };
    return {
      parts,
      gate,
      words: channelWords(loaded),
      keyOrigin: master.origin,
      addChannels,
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

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

export type Server = { readonly url: string; readonly stop: () => Promise<void> };

/** Starts a server: opens everything, listens, connects the channels. `stop` finishes what is in flight; idempotent. */
export async function startServer(
  config: Config,
  log: Log = openLog(config.logLevel),
  clock: Clock = wallClock,
): Promise<Server> {
  const installation = await openInstallation(config, log, clock);
  const { parts, gate } = installation;
  const { real, playground, all } = await openChannels(config, installation);
  installation.addChannels(all);
  const take = (received: Parameters<typeof receive>[1]) => receive({ ...parts, gate }, received);
  const web = buildServer({
    webhooks: real.map((channel) => ({ channel, paths: webhookPaths[channel.id] ?? [] })),
    receive: take,
    health: () => parts.store.health(),
    metrics: () => metricsText(parts),
    ...(playground === undefined ? {} : { playground }),
    log,
  });
  const scheduler = new Scheduler(parts);
  const control = await openControl(config.dataDir, parts);
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= shutDown());
  const shutDown = async () => {
    await Promise.all(all.map((channel) => channel.stop()));
    await Promise.all([web.close(), control.close(), scheduler.stop()]);
    await parts.outbox.stop();
    await installation.close();
  };
  try {
    const url = await web.listen({ host: config.host, port: config.port });
    parts.outbox.start();
    scheduler.start();
    await Promise.all(
      all.map((channel) =>
        channel.start(async (received) => {
          const receipt = await take(received);
          if (receipt !== "done") throw new Problem("busy", `the input could not be taken in: ${receipt}`);
        }),
      ),
    );
    announce(config, installation, url);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const webhookPaths: Readonly<Partial<Record<ChannelId, readonly string[]>>> = {
  telegram: ["/webhooks/telegram"],
  whatsapp: ["/webhooks/whatsapp", "/webhooks/whatsapp/status"],
};

/** Tells the host, on the terminal, what runs and how to turn the rest on. */
function announce(config: Config, { keyOrigin }: Installation, url: string): void {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  say(`\nParwana is running, with its data in ${config.dataDir}/.\n`);
  say(
    config.playground
      ? `  Playground  ${url.replace("127.0.0.1", "localhost")}`
      : "  Playground  off (PLAYGROUND=on turns it on)",
  );
  say(
    `  Telegram    ${config.telegram === undefined ? "off (TELEGRAM_BOT_TOKEN turns it on)" : `on, ${config.publicUrl === undefined ? "long polling" : "webhook"}`}`,
  );
  say(
    `  WhatsApp    ${config.whatsapp === undefined ? "off (TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_FROM and PUBLIC_URL turn it on)" : "on"}`,
  );
  if (keyOrigin === "made")
    say(
      `\n  A new master key is in ${config.keyFile}. Without it nothing in ${config.dataDir}/ can be read: keep a copy, apart from the data.`,
    );
  say("\n  Stop with Ctrl-C.\n");
}

/** Runs the server until a signal ends it. What goes wrong is said in words, with exit code 1. */
export async function main(): Promise<void> {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 24)
    return refuse(
      new Problem(
        "config",
        `Parwana needs Node 24 or newer, this is ${process.versions.node}. Start it with \`npm start\`, which brings its own.`,
      ),
    );
  try {
    const server = await startServer(configFrom(process.env));
    const end = () => {
      server.stop().then(
        () => process.exit(0),
        (error: unknown) => refuse(error),
      );
    };
    process.on("SIGINT", end);
    process.on("SIGTERM", end);
  } catch (error) {
    refuse(error);
  }
}

function refuse(error: unknown): void {
  process.stderr.write(`${startProblem(error)}\n`);
  process.exit(1);
}

/** What kept the server from starting. Nothing personal has been read at that point: a foreign error may speak for itself. */
function startProblem(error: unknown): string {
  return (
    ownWords(error) ??
    `Parwana could not start: ${error instanceof Error ? error.message : problemText(error)}`
  );
}

/** The words of an error that is meant for the host; undefined for a foreign one. */
export function ownWords(error: unknown): string | undefined {
  if (error instanceof Problem || error instanceof VaultError) return error.message;
  return isPortTaken(error) ? "The port is in use by another program: set PORT to a free one." : undefined;
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

if (import.meta.main) await main();
