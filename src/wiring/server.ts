import { actOnTidings } from "../app/act-on-tidings.ts";
import { Problem, problemCode } from "../app/errors.ts";
import { metricsText } from "../app/metrics.ts";
import type { Clock, Log } from "../app/ports.ts";
import { receive, receivePosted } from "../app/receive.ts";
import { Scheduler } from "../app/scheduler.ts";
import { callbackRetries } from "../channels/whatsapp/capabilities.ts";
import type { Config } from "../config.ts";
import { contentFingerprint, watchContent } from "../content/watch.ts";
import { type Ms, second } from "../core/nouns/time.ts";
import { openControl } from "../web/control.ts";
import { checkControlPath } from "../web/control-path.ts";
import { builtBetweenTurns } from "./between-turns.ts";
import { openChannels, whatsappWebhook } from "./channels.ts";
import { contentRoot, type Installation, openInstallation, openLog, wallClock } from "./installation.ts";
import { openWeb } from "./web.ts";

export type Server = {
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Looks at the flows and words now, and puts them into use where they are fit; never rejects. */
  readonly publish: () => Promise<void>;
};

/** Starts a server: opens everything, listens, connects the channels. `stop` finishes what is in flight; idempotent. */
export async function startServer(
  config: Config,
  log: Log = openLog(config.logLevel),
  clock: Clock = wallClock,
): Promise<Server> {
  checkControlPath(config.dataDir);
  // Before they are read, so that no change after that goes unseen.
  const seen = await contentFingerprint(contentRoot);
  const installation = await openInstallation(config, log, clock);
  try {
    const server = await serve(config, installation, seen);
    installation.keepContent();
    return server;
  } catch (error) {
    await installation.close();
    throw error;
  }
}

async function serve(config: Config, installation: Installation, seen: string): Promise<Server> {
  const { parts, gate } = installation;
  const { log } = parts;
  const { real, playground, all } = await openChannels(config, installation);
  installation.addChannels(all);
  const intake = { ...parts, gate };
  const web = await openWeb(config, real, {
    receive: (received) => receivePosted(intake, received),
    health: async () => {
      const health = await parts.store.health();
      return health.ok && parts.publisher.refused ? { ...health, content: "refused" } : health;
    },
    metrics: () => metricsText(parts),
    ...(playground === undefined ? {} : { playground }),
    log,
  });
  const scheduler = new Scheduler(parts);
  const publish = () => publishNow(parts);
  const watching = watchContent(contentRoot, lookEvery, () => void publish(), seen);
  // By a signal, as whoever started it would.
  const end = () => void process.kill(process.pid, "SIGTERM");
  const control = await openControl(config.dataDir, { ...parts, end });
  let indexing: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= shutDown());
  const shutDown = async () => {
    watching.close();
    clearTimeout(indexing);
    await Promise.all(all.map((channel) => channel.stop()));
    await Promise.all([web.close(), control.close(), scheduler.stop()]);
    await parts.outbox.stop();
    await installation.close();
  };
  try {
    const url = await web.listen();
    parts.store.together.hear((tidings) => {
      actOnTidings(parts, tidings);
      if (tidings.kind === "took-over") scheduler.resume();
    });
    parts.outbox.start();
    scheduler.start();
    await Promise.all(
      all.map((channel) =>
        channel.start(async (received) => {
          const receipt = await receive(intake, received);
          if (receipt !== "done") throw new Problem("busy", `the input could not be taken in: ${receipt}`);
        }),
      ),
    );
    announce(config, installation, url);
    indexing = setTimeout(() => void buildIndex(parts), indexAfter);
    parts.publisher.lookBack().catch((error: unknown) => {
      log.error("where people are could not be looked at", { code: problemCode(error) });
    });
    return { url, stop, publish };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * When the index of questions is built, unless somebody asks one before: not in somebody's first question, and not before
 * what waited while the server was off has been taken in.
 */
const indexAfter: Ms = 2 * second;

async function buildIndex({ content, log }: Installation["parts"]): Promise<void> {
  try {
    await builtBetweenTurns(content.current.program.faq.index);
  } catch (error) {
    log.error("the index of questions could not be built", { code: problemCode(error) });
  }
}

/** How often the files of the content are looked at. */
const lookEvery: Ms = 2 * second;

async function publishNow({ publisher, log }: Installation["parts"]): Promise<void> {
  try {
    await publisher.publish();
  } catch (error) {
    log.error("content could not be published", { code: problemCode(error) });
  }
}

/** Says whether WhatsApp is on, and then what has to be pasted into Twilio's console. */
function whatsappState({ whatsapp, publicUrl }: Config): string {
  if (whatsapp === undefined || publicUrl === undefined)
    return "off (TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_FROM and PUBLIC_URL turn it on)";
  return `on; "when a message comes in" in Twilio's console: ${publicUrl}${whatsappWebhook}${callbackRetries}`;
}

/** Tells the host, on the terminal, what runs and how to turn the rest on. */
function announce(config: Config, { keyOrigin }: Installation, url: string): void {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const data =
    config.databaseUrl === undefined ? `in ${config.dataDir}/` : "in the PostgreSQL of DATABASE_URL";
  say(`\nParwana is running, with its data ${data}.\n`);
  say(
    config.playground
      ? `  Playground  ${url.replace("127.0.0.1", "localhost")}`
      : "  Playground  off (PLAYGROUND=on turns it on)",
  );
  say(
    `  Telegram    ${config.telegram === undefined ? "off (TELEGRAM_BOT_TOKEN turns it on)" : `on, ${config.publicUrl === undefined ? "long polling" : "webhook"}`}`,
  );
  say(`  WhatsApp    ${whatsappState(config)}`);
  if (keyOrigin === "made")
    say(
      `\n  A new master key is in ${config.keyFile}. Without it the data can't be read: keep a copy, apart from the data.`,
    );
  say("\n  Stop with Ctrl-C.\n");
}
