import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Channel, Received } from "../../../src/app/ports-channel.ts";
import { openTelegram } from "../../../src/channels/telegram/channel.ts";
import type { TelegramProfile } from "../../../src/channels/telegram/profile.ts";
import { keepingLog } from "../../logs.ts";
import { startBotApi } from "../../stand-ins/bot-api.ts";
import { clock, emptyProfile, keepingTransport } from "./given.ts";

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0)) await clean();
});

/** The stand-in posts plain HTTP to this machine only. */
const webhook = { url: "http://127.0.0.1:9/webhooks/telegram", secret: "S3cret_of-the-webhook" };
const words = (language: string) => ({
  commands: [{ command: "help", description: `help in ${language}` }],
  description: `description in ${language}`,
  shortDescription: `short in ${language}`,
});
const profile: TelegramProfile = {
  fallback: words("en"),
  languages: { "fa-AF": words("fa"), ps: words("ps"), es: words("es"), prs: words("prs") },
};

async function start(about: { readonly profile?: TelegramProfile; readonly url?: string } = {}) {
  const api = await startBotApi();
  const log = keepingLog();
  const channel = openTelegram({
    id: "telegram",
    token: api.token,
    apiRoot: api.url,
    webhook: { ...webhook, url: about.url ?? webhook.url },
    profile: about.profile ?? emptyProfile,
    log,
    clock,
    wait: () => Promise.resolve(),
  });
  cleanUp.push(channel.stop, api.close);
  return { api, log, channel };
}

const nothing = async (): Promise<void> => undefined;

describe("starting", () => {
  it("sets the webhook with its secret, and does not poll", async () => {
    const { api, channel } = await start();
    await channel.start(nothing);
    await api.waitFor(() => api.ledger.of("setWebhook").length > 0, "the webhook");
    expect(api.ledger.of("setWebhook")[0]?.payload).toEqual({
      url: webhook.url,
      secret_token: webhook.secret,
      max_connections: 100,
      allowed_updates: ["message", "callback_query", "my_chat_member"],
    });
    expect(api.polled()).toBe(false);
    expect(api.ledger.of("deleteWebhook")).toEqual([]);
  });

  it("sets the webhook again and again until it is set", async () => {
    const { api, channel, log } = await start();
    api.faults.push({ method: "setWebhook", times: 3, do: { kind: "500" } });
    await channel.start(nothing);
    await api.waitFor(() => api.ledger.of("setWebhook").length === 1, "the webhook");
    expect(log.notes.map(({ event }) => event)).toEqual(Array(3).fill("telegram.webhook-not-set"));
    expect(JSON.stringify(log.notes)).not.toContain(webhook.secret);
  });

  it("registers what Telegram shows of the bot, in each language that has a code there", async () => {
    const { api, channel, log } = await start({ profile });
    await channel.start(nothing);
    await api.waitFor(() => api.profile("setMyShortDescription", "es") !== undefined, "the last call");
    for (const code of ["fa", "ps", "es"]) {
      expect(api.profile("setMyDescription", code)).toMatchObject({ description: `description in ${code}` });
      expect(api.profile("setMyShortDescription", code)).toMatchObject({
        short_description: `short in ${code}`,
      });
    }
    expect(api.profile("setMyDescription")).toMatchObject({ description: "description in en" });
    expect(api.ledger.of("setMyCommands").map(({ payload }) => payload)).toEqual([
      { commands: words("en").commands },
      { commands: words("fa").commands, language_code: "fa" },
      { commands: words("ps").commands, language_code: "ps" },
      { commands: words("es").commands, language_code: "es" },
    ]);
    await channel.stop();
    expect(log.notes.map(({ event, fields }) => [event, fields?.["language"]])).toEqual([
      ["telegram.profile-without-code", "prs"],
    ]);
  });

  it("does not mind when that fails", async () => {
    const { api, channel, log } = await start({ profile });
    api.faults.push({ method: "setMyCommands", times: 1, do: { kind: "429", retryAfter: 900 } });
    await channel.start(nothing);
    await api.waitFor(() => api.profile("setMyShortDescription", "es") !== undefined, "the last call");
    expect(log.notes[0]).toMatchObject({ level: "warn", event: "telegram.profile-failed" });
    expect(api.ledger.of("setMyCommands")).toHaveLength(3);
  });
});

it("Telegram's own webhook calls are let in and read", async () => {
  const received: Received[] = [];
  let opened: Channel | undefined;
  const url = await listen((headers, body) => {
    const one = opened?.receive({ path: "/webhooks/telegram", query: "", headers, body });
    if (one !== undefined) received.push(one);
    return one?.kind === "inbound" ? 200 : 500;
  });
  const { api, channel } = await start({ url });
  opened = channel;
  await channel.start(nothing);
  await api.waitFor(() => api.ledger.of("setWebhook").length > 0, "the webhook");
  api.person(4400001).say("/start org_helpline-7");
  await api.waitFor(() => api.deliveries.length > 0, "the delivery");
  expect(api.deliveries).toMatchObject([{ came: 200 }]);
  expect(received).toMatchObject([{ inbound: { input: { kind: "start", payload: "org_helpline-7" } } }]);
});

type Headers = Readonly<Record<string, string | undefined>>;

/** A server that answers each POST with the status that `answer` gives; gives its address. */
async function listen(answer: (headers: Headers, body: string) => number): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    response.writeHead(answer(headers, body)).end();
  });
  cleanUp.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return `http://127.0.0.1:${address.port}/webhooks/telegram`;
}

it("the playground's channel neither polls nor sets a webhook", async () => {
  const { calls, transport } = keepingTransport();
  const log = keepingLog();
  const channel = openTelegram({ id: "playground/telegram", token: "1:x", transport, profile, log, clock });
  await channel.start(nothing);
  await channel.stop();
  expect(calls.every(({ method }) => method.startsWith("setMy"))).toBe(true);
});

it("what the planner of broadcasts asks", async () => {
  const { channel } = await start();
  expect([channel.bulkPerSecond, channel.reach("ps", undefined, 0), channel.reach("ps", 0, 1e12)]).toEqual([
    30,
    "now",
    "now",
  ]);
  expect(channel.answer.body).toBe("");
});
