import type { Channel } from "../../../src/app/ports-channel.ts";
import { openWhatsApp, type WhatsAppOptions } from "../../../src/channels/whatsapp/channel.ts";
import type { ContentRecords } from "../../../src/channels/whatsapp/content.ts";
import type { TemplateSpec } from "../../../src/channels/whatsapp/templates.ts";
import type { Button, Message, Outgoing } from "../../../src/core/nouns/message.ts";
import { keepingLog } from "../../logs.ts";
import { startTwilio, type Twilio } from "../../stand-ins/twilio.ts";

export const accountSid = `AC${"0".repeat(32)}`;
export const authToken = "example-auth-token";
export const from = "whatsapp:+15550000001";
export const to = "whatsapp:+93700000001";
export const publicUrl = "https://bot.example.org";
export const noon = Date.UTC(2026, 10, 22, 12);

export const templates: readonly TemplateSpec[] = [
  {
    name: "broadcast",
    variables: ["organisation"],
    languages: {
      en: { code: "en", text: "There is a message from {{organisation}} for you. Reply to read it." },
      "fa-AF": { code: "prs_AF", text: "پیامی از {{organisation}} برای شما است. جواب بدهید." },
    },
  },
  {
    name: "nudge",
    variables: [],
    languages: { en: { code: "en", text: "There is a message for you. Reply to read it." } },
  },
];

export function keepingRecords(): ContentRecords & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: async (name) => kept.get(name),
    set: async (name, sid) => {
      kept.set(name, sid);
    },
  };
}

/** Pauses that last until someone lets them end. `begun(n)` resolves when the n-th pause (from 1) has begun. */
export function heldPauses() {
  const pauses: number[] = [];
  const watchers = new Set<() => void>();
  let release: () => void = () => undefined;
  return {
    pauses,
    wait: (ms: number, signal: AbortSignal): Promise<void> => {
      pauses.push(ms);
      for (const look of watchers) look();
      return new Promise((resolve) => {
        release = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
        if (signal.aborted) resolve();
      });
    },
    begun: (count: number): Promise<void> =>
      new Promise((resolve) => {
        const look = () => {
          if (pauses.length < count) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    end: () => release(),
  };
}

export type World = {
  readonly twilio: Twilio;
  readonly channel: Channel;
  readonly log: ReturnType<typeof keepingLog>;
  readonly records: ReturnType<typeof keepingRecords>;
  readonly pauses: ReturnType<typeof heldPauses>;
  /** Moves the clock of both sides. */
  readonly at: (ms: number) => void;
  readonly close: () => Promise<void>;
};

/** A stand-in for Twilio with one person, who has just written, and the channel that talks with it. */
export async function openWorld(about: Partial<WhatsAppOptions> = {}): Promise<World> {
  let now = noon;
  const twilio = await startTwilio({ accountSid, authToken, from, publicUrl, now: () => now, seed: 7 });
  twilio.person(to).say("hello");
  const log = keepingLog();
  const records = keepingRecords();
  const pauses = heldPauses();
  const channel = openWhatsApp({
    id: "whatsapp",
    accountSid,
    authToken,
    from,
    publicUrl,
    apiRoot: twilio.url,
    records,
    templates,
    log,
    clock: { now: () => now },
    wait: pauses.wait,
    ...about,
  });
  return {
    twilio,
    channel,
    log,
    records,
    pauses,
    at: (ms) => {
      now = ms;
    },
    close: async () => {
      await channel.stop();
      await twilio.close();
    },
  };
}

/** Starts the channel and waits until it has created what it creates. */
export async function started(world: World): Promise<void> {
  await world.channel.start(async () => undefined);
  await world.pauses.begun(1);
}

export function message(about: Partial<Message> = {}): Message {
  return {
    language: "en",
    parts: [{ style: "text", text: "Are you outside the U.S.?" }],
    buttons: [],
    nav: [],
    listLabel: "Choose",
    ...about,
  };
}

export function outgoing(about: Partial<Outgoing> = {}): Outgoing {
  return {
    id: 4_503_599_627_370_496,
    contact: 1,
    channel: "whatsapp",
    address: to,
    lane: "reply",
    message: message(),
    lastInbound: noon,
    openKeyboard: undefined,
    organisation: undefined,
    ...about,
  };
}

/** Buttons with ids `x:0`, `x:1` … and these labels. */
export function buttons(...labels: readonly string[]): readonly Button[] {
  return labels.map((label, index) => ({ id: `x:${index}`, label }));
}

export function ways(...labels: readonly string[]): readonly Button[] {
  return labels.map((label, index) => ({ id: `nav:${index}`, label }));
}
