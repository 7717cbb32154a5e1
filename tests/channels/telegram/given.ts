import type { Clock } from "../../../src/app/ports.ts";
import type { Inbound } from "../../../src/app/ports-channel.ts";
import type { TelegramProfile } from "../../../src/channels/telegram/profile.ts";
import type { Transport } from "../../../src/channels/telegram/transport.ts";
import type { Button, Message, Outgoing, Part } from "../../../src/core/nouns/message.ts";

export const clock: Clock = { now: () => 1_790_000_000_000 };

export const emptyProfile: TelegramProfile = {
  fallback: { commands: [], description: "", shortDescription: "" },
  languages: {},
};

/** A message of plain text parts. */
export function message(
  parts: readonly (string | Part)[],
  buttons: readonly Button[] = [],
  nav: readonly Button[] = [],
): Message {
  return {
    language: "en",
    parts: parts.map((part) => (typeof part === "string" ? { style: "text", text: part } : part)),
    buttons,
    nav,
    listLabel: "Choose",
  };
}

/** A message on its way to chat 4400001. */
export function outgoing(about: Partial<Outgoing> & { readonly message: Message }): Outgoing {
  return {
    id: 1,
    contact: 71,
    channel: "telegram",
    address: "4400001",
    lane: "reply",
    lastInbound: undefined,
    openKeyboard: undefined,
    organisation: undefined,
    ...about,
  };
}

/** A tap that has arrived. */
export function tapped(tapId: string | undefined): Inbound {
  return {
    channel: "telegram",
    externalId: "700000001",
    addresses: ["4400001"],
    input: { kind: "tap", button: "q1w2:yes" },
    languageHint: undefined,
    opensWindow: true,
    tappedMessage: undefined,
    tapId,
  };
}

export type Call = { readonly method: string; readonly payload: Readonly<Record<string, unknown>> };

/** A transport that keeps every call and answers it as told; message ids count from 1. */
export function keepingTransport(answer: (call: Call, count: number) => unknown = () => undefined): {
  readonly calls: readonly Call[];
  readonly transport: Transport;
} {
  const calls: Call[] = [];
  return {
    calls,
    transport: async (url, init) => {
      const call = { method: url.slice(url.lastIndexOf("/") + 1), payload: JSON.parse(init.body) };
      calls.push(call);
      const given = answer(call, calls.length) ?? { ok: true, result: { message_id: calls.length } };
      return { text: () => JSON.stringify(given) };
    },
  };
}
