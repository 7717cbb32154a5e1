import { createCalls } from "./telegram/calls.ts";
import { type BotApiFault, playFault } from "./telegram/faults.ts";
import { createLedger, type Ledger } from "./telegram/ledger.ts";
import type { MethodName } from "./telegram/method-table.ts";
import { answerOf, badRequest } from "./telegram/outcome.ts";
import { createPerson, type Person, type PersonFacts } from "./telegram/person.ts";
import { createPoller } from "./telegram/polling.ts";
import { readParameters, unwrapped } from "./telegram/read-parameters.ts";
import { readRoute } from "./telegram/route.ts";
import { createUpdateStore, type Update } from "./telegram/updates.ts";
import { createWebhookSender, type Delivery } from "./telegram/webhook.ts";
import type { World } from "./telegram/world.ts";
import { createFaults, type Faults } from "./wire/faults.ts";
import { type Exchange, type Reply, startHost } from "./wire/host.ts";
import { startLeanHost } from "./wire/lean-host.ts";
import { seeded } from "./wire/seeded.ts";
import type { Payload } from "./wire/shapes.ts";
import { createSignal, type Signal } from "./wire/signal.ts";
import { createTimers } from "./wire/timers.ts";

export interface BotApiOptions {
  /** Default `1000001:stand-in-token`. */
  readonly token?: string;
  /** Default true. False checks nothing and knows every chat: for benches. */
  readonly strict?: boolean;
  /** Every answer is held back so long. Default 0. */
  readonly latencyMs?: number;
  /** Milliseconds since the epoch. Default the system's clock. */
  readonly now?: () => number;
  readonly seed?: number;
  /** Chance, 0 to 1, that a webhook update is posted twice. Default 0. */
  readonly duplicateRate?: number;
  /** Multiplies the delays between webhook attempts. Default 0.01. */
  readonly retryScale?: number;
  /** How long a webhook may take to answer. Default 60 s. */
  readonly webhookTimeoutMs?: number;
  /** Where the bot is to the outside (`https://…`); webhooks below it are posted to `deliverTo`. */
  readonly publicUrl?: string;
  /** Where `publicUrl` is on this machine. */
  readonly deliverTo?: string;
}

/** A stand-in for Telegram's Bot API. */
export interface BotApi extends AsyncDisposable {
  /** What `apiRoot` is to be. */
  readonly url: string;
  readonly token: string;
  /** Opens (or gives again) the controls of a person. */
  readonly person: (chatId: number, facts?: PersonFacts) => Person;
  readonly ledger: Ledger;
  readonly faults: Faults<BotApiFault>;
  /** Every webhook POST, in the order in which they ended. */
  readonly deliveries: readonly Delivery[];
  /** What the bot has not confirmed (polling) or taken with a 2xx (webhook). */
  readonly pending: () => readonly Update[];
  /** True while a getUpdates call waits. */
  readonly polled: () => boolean;
  /** What a setMy… method has set last, for a language (empty: for all others). */
  readonly profile: (method: MethodName, languageCode?: string) => Payload | undefined;
  readonly waitFor: Signal["waitFor"];
  readonly close: () => Promise<void>;
}

const FIRST_UPDATE = 700_000_001;

/** Starts a stand-in on a free port of 127.0.0.1. */
export async function startBotApi(options: BotApiOptions = {}): Promise<BotApi> {
  const token = options.token ?? "1000001:stand-in-token";
  const latencyMs = options.latencyMs ?? 0;
  const timers = createTimers();
  const ledger = createLedger();
  const faults = createFaults<BotApiFault>();
  const signal = createSignal(timers, () => lastCalls(ledger));
  const world = createWorld(options, token);
  const webhook = createWebhookSender(world.updates, {
    now: world.now,
    random: seeded(options.seed ?? 1),
    timers,
    retryScale: options.retryScale ?? 0.01,
    duplicateRate: options.duplicateRate ?? 0,
    timeoutMs: options.webhookTimeoutMs ?? 60_000,
    reach: (url) => reached(url, options),
    onDelivery: signal.notify,
    onReplyCall: (body) => calls.performReply(body),
  });
  const desk = { world, webhook, poller: createPoller(world.updates, timers) };
  const calls = createCalls(desk, ledger, signal.notify);
  const late = (reply: Reply): Reply =>
    latencyMs > 0 ? (answer) => void timers.after(latencyMs, () => reply(answer)) : reply;

  const host = await (world.strict ? startHost : startLeanHost)((exchange) => {
    const call = readCall(exchange, token, world.strict);
    if (call.kind === "refused") {
      exchange.reply(answerOf(call));
      return;
    }
    const run = (reply: Reply) => calls.perform(call.method, call.parameters, exchange, late(reply));
    const fault = faults.take(call.method, chatOf(call.parameters));
    if (fault === undefined) run(exchange.reply);
    else playFault(fault, exchange, timers, run);
    signal.notify();
  });

  const people = new Map<number, Person>();
  const close = async () => {
    timers.close();
    webhook.close();
    await host.close();
  };
  return {
    url: host.url,
    token,
    person(chatId, facts = {}) {
      const person = people.get(chatId) ?? createPerson(world, chatId, facts, signal.notify);
      people.set(chatId, person);
      return person;
    },
    ledger,
    faults,
    deliveries: webhook.deliveries,
    pending: () => [...world.updates.pending.values()],
    polled: desk.poller.waiting,
    profile: (method, languageCode = "") => world.profile.get(`${method}:${languageCode}`),
    waitFor: signal.waitFor,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function readCall(exchange: Exchange, token: string, strict: boolean) {
  const route = readRoute(exchange.url, token);
  if (route.kind === "refused") return route;
  const read = readParameters(route.method, route.query, exchange.header("content-type"), exchange.body);
  if (read.kind === "refused") return badRequest(read.reason);
  const parameters = strict ? unwrapped(route.method, read.parameters) : read.parameters;
  return { kind: "call", method: route.method, parameters } as const;
}

function chatOf(parameters: Payload): number | undefined {
  const { chat_id: chat } = parameters;
  return typeof chat === "number" ? chat : undefined;
}

function createWorld(options: BotApiOptions, token: string): World {
  const now = options.now ?? Date.now;
  let messages = 0;
  return {
    bot: {
      id: Number(token.split(":")[0]),
      is_bot: true,
      first_name: "Stand-in",
      username: "stand_in_bot",
      can_join_groups: false,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    },
    strict: options.strict ?? true,
    publicUrl: options.publicUrl,
    now,
    chats: new Map(),
    queries: new Map(),
    profile: new Map(),
    updates: createUpdateStore(now, FIRST_UPDATE),
    nextMessageId: () => ++messages,
  };
}

/** Only plain HTTP of this machine is ever called. */
function reached(url: string, { publicUrl, deliverTo }: BotApiOptions): string | undefined {
  if (publicUrl === undefined || !url.startsWith(`${publicUrl}/`)) return url;
  return deliverTo === undefined ? undefined : deliverTo + url.slice(publicUrl.length);
}

function lastCalls({ calls }: Ledger): string {
  const last = calls
    .slice(-5)
    .map(({ method, chat }) => (chat === undefined ? method : `${method} to ${chat}`));
  return `${calls.length} calls accepted${last.length === 0 ? "" : `, the last: ${last.join(", ")}`}`;
}
