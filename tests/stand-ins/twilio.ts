import { createContentStore } from "./twilio/content-store.ts";
import { arrive, HANDLERS, type Platform } from "./twilio/desk.ts";
import { errorAnswer, NOT_FOUND } from "./twilio/errors.ts";
import { playFault, type TwilioFault } from "./twilio/faults.ts";
import { createLedger, type Ledger } from "./twilio/ledger.ts";
import type { MessageRecord } from "./twilio/messages.ts";
import { type People, type PersonFacts, personAt } from "./twilio/people.ts";
import { createPerson, type Person } from "./twilio/person.ts";
import { type Route, readRoute } from "./twilio/routes.ts";
import { createPoster, type Delivery, type Form } from "./twilio/signed-post.ts";
import { statusForm, told } from "./twilio/statuses.ts";
import { createFaults, type Faults } from "./wire/faults.ts";
import { type Exchange, type Reply, startHost } from "./wire/host.ts";
import { startLeanHost } from "./wire/lean-host.ts";
import { seeded } from "./wire/seeded.ts";
import { createSignal, type Signal } from "./wire/signal.ts";
import { createTimers } from "./wire/timers.ts";

export interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The bot's sender, `whatsapp:+…`. */
  readonly from: string;
  /** Where the bot is to the outside; signatures are over URLs below it. */
  readonly publicUrl?: string;
  /** Where `publicUrl` is on this machine; may be said later with `deliverTo`. */
  readonly deliverTo?: string;
  /** The sender's webhook, with its `#rc=…` fragment; may be said later with `setWebhook`. */
  readonly webhookUrl?: string;
  /** Milliseconds since the epoch: the clock of the 24 h window. Default the system's. */
  readonly now?: () => number;
  readonly seed?: number;
  /** Default true. False checks nothing, knows everybody and never fails: for benches. */
  readonly strict?: boolean;
  readonly latencyMs?: number;
  /** How long a message is not in the list yet. Default 0. */
  readonly listedAfterMs?: number;
  /** Default true: status callbacks come in any order. */
  readonly shuffle?: boolean;
  /** Chance, 0 to 1, that a status is told twice. Default 0.25. */
  readonly duplicateRate?: number;
  /** Default true. False: no status is ever told, as when the network between is broken. */
  readonly tellsStatuses?: boolean;
  /** Chance, 0 to 1, that an inbound message is posted twice. Default 0. */
  readonly inboundDuplicateRate?: number;
}

/** A stand-in for Twilio's Messages and Content APIs and its WhatsApp channel. */
export interface Twilio extends AsyncDisposable {
  /** What replaces every Twilio host. */
  readonly url: string;
  readonly deliverTo: (base: string) => void;
  readonly setWebhook: (url: string) => void;
  /** Opens (or gives again) the controls of a person on WhatsApp. */
  readonly person: (address: string, facts?: PersonFacts) => Person;
  readonly approve: (contentSid: string) => void;
  readonly reject: (contentSid: string) => void;
  readonly ledger: Ledger;
  readonly faults: Faults<TwilioFault>;
  /** Every POST to the bot, in the order in which they ended. */
  readonly deliveries: readonly Delivery[];
  /** True when no POST to the bot is under way or due. */
  readonly idle: () => boolean;
  readonly waitFor: Signal["waitFor"];
  readonly close: () => Promise<void>;
}

/** Starts a stand-in on a free port of 127.0.0.1. */
export async function startTwilio(options: TwilioOptions): Promise<Twilio> {
  const timers = createTimers();
  const ledger = createLedger();
  const deliveries: Delivery[] = [];
  const signal = createSignal(
    timers,
    () => `${ledger.messages.length} messages taken, ${deliveries.length} POSTs to the bot`,
  );
  const faults = createFaults<TwilioFault>();
  const hooks = createHooks(options, deliveries, signal.notify, timers);
  const now = options.now ?? Date.now;
  const random = seeded((options.seed ?? 1) + 1);
  const people: People = new Map();
  const platform: Platform = {
    accountSid: options.accountSid,
    from: options.from,
    strict: options.strict ?? true,
    listedAfterMs: options.listedAfterMs ?? 0,
    now,
    random,
    people,
    messages: new Map(),
    contents: createContentStore(now, random),
    ledger,
    tellStatuses: hooks.tellStatuses,
    tellInbound: hooks.tellInbound,
  };
  const host = await (platform.strict ? startHost : startLeanHost)((exchange) => {
    answer(platform, options, faults, timers, exchange);
    signal.notify();
  });

  const persons = new Map<string, Person>();
  const close = async () => {
    timers.close();
    hooks.close();
    await host.close();
  };
  return {
    url: host.url,
    deliverTo: hooks.deliverTo,
    setWebhook: hooks.setWebhook,
    person(address, facts = {}) {
      const person =
        persons.get(address) ??
        createPerson(address, personAt(people, address, facts), (state, sent) =>
          arrive(platform, state, sent),
        );
      persons.set(address, person);
      return person;
    },
    approve: (sid) => platform.contents.decide(sid, "approved"),
    reject: (sid) => platform.contents.decide(sid, "rejected"),
    ledger,
    faults,
    deliveries,
    idle: hooks.idle,
    waitFor: signal.waitFor,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function answer(
  platform: Platform,
  options: TwilioOptions,
  faults: ReturnType<typeof createFaults<TwilioFault>>,
  timers: ReturnType<typeof createTimers>,
  exchange: Exchange,
): void {
  if (exchange.header("authorization") !== basicAuth(options)) {
    exchange.reply(errorAnswer({ status: 401, code: 20003, message: "Authenticate" }));
    return;
  }
  const route = readRoute(exchange.method, exchange.url, options.accountSid);
  if (route === undefined) {
    exchange.reply(errorAnswer(NOT_FOUND));
    return;
  }
  const fault = faults.take(route.name, targetOf(route, exchange));
  const failLater = fault?.kind === "fail-later" ? fault.code : undefined;
  const run = (reply: Reply) => {
    const answered = HANDLERS[route.name](platform, route, exchange, failLater);
    if (options.latencyMs === undefined || options.latencyMs <= 0) reply(answered);
    else timers.after(options.latencyMs, () => reply(answered));
  };
  if (fault === undefined || fault.kind === "fail-later") run(exchange.reply);
  else playFault(fault, exchange, timers, run);
}

function basicAuth({ accountSid, authToken }: TwilioOptions): string {
  return `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
}

function targetOf(route: Route, exchange: Exchange): string | undefined {
  if (route.name !== "messages.create") return route.sid;
  return new URLSearchParams(exchange.body).get("To") ?? undefined;
}

interface Hooks extends Pick<Platform, "tellStatuses" | "tellInbound"> {
  readonly deliverTo: (base: string) => void;
  readonly setWebhook: (url: string) => void;
  readonly idle: () => boolean;
  readonly close: () => void;
}

function createHooks(
  options: TwilioOptions,
  deliveries: Delivery[],
  notify: () => void,
  timers: ReturnType<typeof createTimers>,
): Hooks {
  const random = seeded(options.seed ?? 1);
  const chaos = { shuffle: options.shuffle ?? true, duplicateRate: options.duplicateRate ?? 0.25 };
  let base = options.deliverTo;
  let webhook = options.webhookUrl;
  let underWay = 0;
  const poster = createPoster({
    authToken: options.authToken,
    random,
    reach: (url) => reachable(url, options.publicUrl, base),
    onDelivery(delivery) {
      deliveries.push(delivery);
      notify();
    },
  });
  /** Starts after the answer of the call that caused it has been written. */
  const start = (posts: () => Promise<unknown>) => {
    underWay += 1;
    timers.after(0, () => {
      void posts().finally(() => {
        underWay -= 1;
        notify();
      });
    });
  };
  return {
    deliverTo(next) {
      base = next;
    },
    setWebhook(url) {
      webhook = url;
    },
    idle: () => underWay === 0,
    tellStatuses(callback, message: MessageRecord, statuses) {
      if (options.tellsStatuses === false) return;
      const forms = told(statuses, chaos, random).map((status) =>
        statusForm(message, status, options.accountSid),
      );
      start(async () => {
        for (const form of forms) await poster.post("status", callback, form);
      });
    },
    tellInbound(form: Form) {
      const to = webhook;
      if (to === undefined) return;
      const copies = random() < (options.inboundDuplicateRate ?? 0) ? [form, form] : [form];
      start(() => Promise.all(copies.map((copy) => poster.post("inbound", to, copy))));
    },
    close: poster.close,
  };
}

/** Only plain HTTP of this machine is ever called; what is below the public URL is found at the local one. */
function reachable(url: string, publicUrl: string | undefined, base: string | undefined): string | undefined {
  const below = publicUrl !== undefined && base !== undefined && url.startsWith(publicUrl);
  const local = below ? base + url.slice(publicUrl.length) : url;
  return local.startsWith("http://") ? local : undefined;
}
