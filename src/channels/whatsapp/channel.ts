import { setTimeout } from "node:timers/promises";
import type { Clock, Log } from "../../app/ports.ts";
import type { Channel, Heard } from "../../app/ports-channel.ts";
import { hour, type Ms, minute } from "../../core/nouns/time.ts";
import { bulkPerSecond, doubtWait, windowLength } from "./capabilities.ts";
import { openClient, type TwilioApi } from "./client.ts";
import { type ContentRecords, createContentBook } from "./content.ts";
import { failureFields } from "./failures.ts";
import { genericRecords } from "./generic-records.ts";
import { Missed } from "./missed.ts";
import type { Transport } from "./network.ts";
import { createReceive } from "./receive.ts";
import { createSend, isWindowOpen, templateOf } from "./send.ts";
import { createTemplateBook, type TemplateBook, type TemplateSpec } from "./templates.ts";

export type WhatsAppOptions = {
  readonly id: "whatsapp" | "playground/whatsapp";
  readonly accountSid: string;
  readonly authToken: string;
  /** Our own address: `whatsapp:+…`. */
  readonly from: string;
  /** Where Twilio reaches us: what it posts is verified against it, and it is told to report there. */
  readonly publicUrl: string;
  /** Takes the place of every Twilio host. */
  readonly apiRoot?: string;
  /** Takes the place of the network: is handed every call as it would leave. */
  readonly transport?: Transport;
  readonly records: ContentRecords;
  /** Where it is noted from when on there may be what nobody heard; without it, it is not asked for. */
  readonly heard?: Heard;
  readonly templates: readonly TemplateSpec[];
  readonly log: Log;
  readonly clock: Clock;
  /** Calls under way at once; more wait. */
  readonly connections?: number;
  /** How pauses are made; resolves, never rejects, when the signal aborts. */
  readonly wait?: (ms: Ms, signal: AbortSignal) => Promise<void>;
};

/** At some 200 ms a call, Twilio's 80 messages a second take 16 at once; the rest is for slow hours. */
const defaultConnections = 50;

/**
 * Opens the WhatsApp channel. `start` recalls the content records of earlier runs and is ready; what is missing is
 * created in the background, and the templates' approval is asked for every hour.
 */
export function openWhatsApp(options: WhatsAppOptions): Channel {
  const { id, accountSid, authToken, from, publicUrl, records, heard, log, clock } = options;
  const wait = options.wait ?? pauseFor;
  const api = apiOf(options);
  const book = createContentBook(api, records, log);
  const templates = createTemplateBook(options.templates, api, book, records, log);
  const specs = [...genericRecords, ...templates.records];
  const stopping = new AbortController();
  const { signal } = stopping;
  const sending = new Set<Promise<unknown>>();
  const looksBack = id === "whatsapp";
  const send = createSend({ api, from, publicUrl, book, templates, clock, log, looksBack });

  const upkeep = async () => {
    const complete = await book.ensure(specs, signal);
    return (await templates.refresh(signal)) && complete;
  };
  const recall = async () => {
    await book.recall(specs);
    await templates.recall();
  };
  const missed = heard && new Missed({ api, channel: id, from, heard, log, clock, wait, signal });
  let work: Promise<unknown> | undefined;

  const stopped = async () => {
    stopping.abort();
    await work;
    await Promise.allSettled(sending);
    await api.close();
  };
  let stop: Promise<void> | undefined;

  return {
    id,
    receive: createReceive({
      channel: id,
      accountSid,
      authToken: id === "playground/whatsapp" ? undefined : authToken,
      publicUrl,
    }),
    answer: { contentType: "text/xml", body: "<Response/>" },
    send(outgoing) {
      const run = send(outgoing).finally(() => sending.delete(run));
      sending.add(run);
      return run;
    },
    looksBack,
    reach: reachBy(templates),
    window: windowLength,
    doubtWait,
    bulkPerSecond,
    refused: () => missed?.refused(),
    recall,
    async start(intake) {
      await recall();
      work ??= Promise.all([keepUp(upkeep, wait, signal, log), missed?.listen(intake)]);
    },
    stop() {
      stop ??= stopped();
      return stop;
    },
  };
}

function reachBy(templates: TemplateBook): Channel["reach"] {
  return (language, lastInbound, now) => {
    if (isWindowOpen(lastInbound, now)) return "now";
    if (templates.approved(templateOf.bulk, language) !== undefined) return "by-template";
    return templates.isKnown(templateOf.bulk, language) ? "window-closed" : "template-unknown";
  };
}

function apiOf({ accountSid, authToken, apiRoot, transport, connections }: WhatsAppOptions): TwilioApi {
  return openClient({
    accountSid,
    authToken,
    apiRoot,
    transport,
    connections: connections ?? defaultConnections,
  });
}

const shortestPause: Ms = minute / 2;
const longestPause: Ms = hour;

/** Runs again and again: every hour while all is well, after a failure sooner, ever more slowly. Never rejects. */
async function keepUp(
  run: () => Promise<boolean>,
  wait: (ms: Ms, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  let pause = shortestPause;
  while (!signal.aborted) {
    const complete = await run().catch((error: unknown) => {
      log.error("whatsapp.upkeep-failed", failureFields(error));
      return false;
    });
    await wait(complete ? longestPause : pause, signal);
    pause = complete ? shortestPause : Math.min(pause * 2, longestPause);
  }
}

async function pauseFor(ms: Ms, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
