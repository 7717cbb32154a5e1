import type { Channel, SendOutcome } from "../../src/app/ports-channel.ts";
import type { ChannelId } from "../../src/core/nouns/ids.ts";
import type { Outgoing } from "../../src/core/nouns/message.ts";
import { hour, minute, second } from "../../src/core/nouns/time.ts";

/** What a fake channel does with a message: an outcome, at once or later. */
export type Behaviour = (outgoing: Outgoing, attempt: number) => SendOutcome | Promise<SendOutcome>;

/** One call of `send`: what was to go, when it began, and what came of it. */
export type Call = { readonly outgoing: Outgoing; readonly at: number };

export type FakeChannel = Channel & {
  readonly calls: Call[];
  /** Sends that have begun and not ended. */
  readonly underWay: () => number;
  /** The most that were ever under way at once. */
  readonly most: () => number;
  behave: Behaviour;
  /** From now on sends wait; the function given back lets the first of them go on. */
  readonly gate: () => { readonly letOne: () => void; readonly letAll: () => void };
};

export const textOf = ({ message }: Outgoing): string => message.parts.map(({ text }) => text).join("\n");

let providerIds = 0;
export const sent = (hasKeyboard = false): SendOutcome => {
  providerIds += 1;
  return { kind: "sent", providerId: `P${providerIds}`, hasKeyboard };
};

/** A channel of ours in memory: it records what it is given and does what the test says. */
export function fakeChannel(id: ChannelId, now: () => number, bulkPerSecond = 1_000): FakeChannel {
  const calls: Call[] = [];
  const attempts = new Map<number, number>();
  const waiting: (() => void)[] = [];
  let gated = false;
  let underWay = 0;
  let most = 0;
  const channel: FakeChannel = {
    id,
    calls,
    underWay: () => underWay,
    most: () => most,
    behave: ({ message }) => sent(message.buttons.length > 0),
    gate: () => {
      gated = true;
      return {
        letOne: () => waiting.shift()?.(),
        letAll: () => {
          gated = false;
          for (const go of waiting.splice(0)) go();
        },
      };
    },
    receive: () => ({ kind: "ignored" }),
    answer: { contentType: "text/plain", body: "" },
    send: async (outgoing) => {
      calls.push({ outgoing, at: now() });
      const attempt = (attempts.get(outgoing.id) ?? 0) + 1;
      attempts.set(outgoing.id, attempt);
      underWay += 1;
      most = Math.max(most, underWay);
      try {
        if (gated) await new Promise<void>((go) => waiting.push(go));
        return await channel.behave(outgoing, attempt);
      } finally {
        underWay -= 1;
      }
    },
    reach: (_language, lastInbound) => (lastInbound === undefined ? "by-template" : "now"),
    doubtWait: id === "whatsapp" ? minute : 2 * second,
    ...(id === "whatsapp" ? { window: 24 * hour } : {}),
    bulkPerSecond,
    start: async () => undefined,
    stop: async () => undefined,
  };
  return channel;
}
