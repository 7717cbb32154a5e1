import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { AdminRequest } from "../../src/app/admin.ts";
import type { Clock } from "../../src/app/ports.ts";
import { askServer } from "../../src/cli/ask-server.ts";
import { controlPath } from "../../src/web/control-path.ts";
import { configFrom } from "../../src/wiring/installation.ts";
import { type Server, startServer } from "../../src/wiring/server.ts";
import { keepingLog } from "../logs.ts";
import { type BotApi, type BotApiOptions, startBotApi } from "../stand-ins/bot-api.ts";
import { startTwilio, type Twilio, type TwilioOptions } from "../stand-ins/twilio.ts";
import { listening } from "../stand-ins/wire/host.ts";

export const publicUrl = "https://bot.example.org";
export const botToken = "1000001:stand-in-token-of-the-tests";
export const webhookSecret = "stand-in-webhook-secret";
export const account = {
  accountSid: `AC${"0".repeat(32)}`,
  authToken: "example-auth-token",
  from: "whatsapp:+15550000001",
} as const;

/** A data folder, its key beside it, and a free port: what stays the same from one start of a server to the next. */
export type Place = {
  readonly dir: string;
  readonly dataDir: string;
  readonly keyFile: string;
  readonly port: number;
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
};

/** Makes a place of its own in the system's temporary folder. */
export async function makePlace(): Promise<Place> {
  const dir = mkdtempSync(join(tmpdir(), "parwana-"));
  const dataDir = join(dir, "data");
  const keyFile = join(dir, "parwana.key");
  const port = await freePort();
  const environment = {
    DATA_DIR: dataDir,
    PARWANA_KEY_FILE: keyFile,
    PORT: String(port),
    PLAYGROUND: "off",
    LOG_LEVEL: "silent",
  };
  const remove = () => rmSync(dir, { recursive: true, force: true });
  return { dir, dataDir, keyFile, port, url: `http://127.0.0.1:${port}`, environment, remove };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const telegramAt = (bot: Pick<BotApi, "url" | "token">) => ({
  TELEGRAM_BOT_TOKEN: bot.token,
  TELEGRAM_API_ROOT: bot.url,
});

export const whatsappAt = (twilio: Twilio) => ({
  TWILIO_ACCOUNT_SID: account.accountSid,
  TWILIO_AUTH_TOKEN: account.authToken,
  TWILIO_WHATSAPP_FROM: account.from,
  TWILIO_API_ROOT: twilio.url,
  PUBLIC_URL: publicUrl,
});

/** A clock that runs, and can be set forward. */
function movableClock(startAt: number | undefined) {
  let ahead = startAt === undefined ? 0 : startAt - Date.now();
  const clock: Clock = { now: () => Date.now() + ahead };
  return {
    clock,
    now: clock.now,
    forward(ms: number) {
      ahead += ms;
    },
    to(at: number) {
      ahead += at - clock.now();
    },
  };
}

export type WorldOptions = {
  readonly telegram?: "polling" | "webhook";
  readonly whatsapp?: boolean;
  readonly bot?: BotApiOptions;
  readonly twilio?: Partial<TwilioOptions>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Done before the server starts. */
  readonly prepare?: (twilio: Twilio) => void;
  /** When the world's clock starts, ms; default now. */
  readonly startAt?: number;
};

/** A server in this process, between stand-ins of the platforms, all on one clock. */
export async function openWorld(options: WorldOptions = {}) {
  const place = await makePlace();
  const time = movableClock(options.startAt);
  const shared = { now: time.now, publicUrl, deliverTo: place.url };
  const bot = await startBotApi({ token: botToken, ...shared, ...options.bot });
  const webhookUrl = `${publicUrl}/webhooks/whatsapp#rc=3&rp=5xx,ct,rt`;
  const twilio = await startTwilio({ ...account, ...shared, webhookUrl, ...options.twilio });
  const log = keepingLog();
  const { telegram = "polling" } = options;
  const environment = {
    ...place.environment,
    ...telegramAt(bot),
    ...(telegram === "webhook" ? { PUBLIC_URL: publicUrl, TELEGRAM_WEBHOOK_SECRET: webhookSecret } : {}),
    ...(options.whatsapp === true ? whatsappAt(twilio) : {}),
    ...options.environment,
  };
  let server: Server | undefined;
  const start = async () => {
    server = await quietly(() => startServer(configFrom(environment), log, time.clock));
  };
  const stop = async () => {
    await server?.stop();
    server = undefined;
  };
  options.prepare?.(twilio);
  await start();
  return {
    place,
    environment,
    bot,
    twilio,
    log,
    time,
    url: place.url,
    start,
    stop,
    /** What the `parwana` command would have the running server do. */
    ask: (request: AdminRequest) => ask(place.dataDir, request),
    metrics: async () => (await fetch(`${place.url}/metrics`)).text(),
    async close() {
      await stop();
      await Promise.all([bot.close(), twilio.close()]);
      place.remove();
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Has the server on a data folder carry a command out; gives its result. */
export async function ask(dataDir: string, request: AdminRequest): Promise<unknown> {
  const answer = await askServer(controlPath(dataDir), request);
  if (answer.kind === "absent") throw new Error("no server runs on this folder");
  return answer.result;
}

/** Runs without what the server tells its host on the terminal. */
async function quietly<Result>(run: () => Promise<Result>): Promise<Result> {
  const terminal = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    return await run();
  } finally {
    terminal.mockRestore();
  }
}

/** Resolves when the server has nothing left to send, and has marked what was sent. */
export async function drained(url: string): Promise<void> {
  const queued = async () => [
    ...(await (await fetch(`${url}/metrics`)).text()).matchAll(/queued\{.*\} (\d+)/g),
  ];
  await vi.waitUntil(async () => (await queued()).every(([, count]) => count === "0"), {
    timeout: 10_000,
    interval: 5,
  });
}

/** Meta says yes to every template that was submitted, or to those whose name has this in it. */
export async function approveTemplates(twilio: Twilio, named = /_(broadcast|nudge)_/): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString("base64")}`;
  const listed = await fetch(`${twilio.url}/v1/ContentAndApprovals?PageSize=100`, {
    headers: { authorization },
  });
  const { contents } = (await listed.json()) as {
    readonly contents: readonly { readonly sid: string; readonly friendly_name: string }[];
  };
  for (const { sid, friendly_name } of contents) if (named.test(friendly_name)) twilio.approve(sid);
}
