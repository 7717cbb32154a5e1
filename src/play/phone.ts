import type { Clock, Log } from "../app/ports.ts";
import type { Channel, SendOutcome } from "../app/ports-channel.ts";
import type { Lane, Message, Outgoing } from "../core/nouns/message.ts";
import type { Ms } from "../core/nouns/time.ts";
import type { Drawn, Phone } from "../web/playground/phone.ts";

/** Whose form messages take. */
export type PlayedChannel = "telegram" | "whatsapp";

/** The words that the platforms themselves show; WhatsApp's templates are what matters here. */
export type PlatformWords = {
  readonly telegram: Parameters<typeof import("../channels/telegram/channel.ts").openTelegram>[0]["profile"];
  readonly templates: Parameters<
    typeof import("../channels/whatsapp/channel.ts").openWhatsApp
  >[0]["templates"];
};

export type Sending = {
  readonly message: Message;
  readonly lane: Lane;
  readonly at: Ms;
  /** Until when it is kept where it has to wait for the person to write. */
  readonly keptUntil: Ms;
  /** The message as it is to be said later, where it had to wait; undefined where nothing is to be said any more. */
  readonly later?: (at: Ms) => Message | undefined;
};

/** A message as it came to the phone (a long one in several pieces), and what the platform made of it. */
export type Arrived = { readonly drawn: readonly Drawn[]; readonly outcome: SendOutcome };

/** A phone with one chat on it, behind the real channel: what is sent takes the form it would take there. */
export type PlayedPhone = {
  /** Sends a message at a time; WhatsApp sends its template instead where the person wrote too long ago. */
  readonly send: (sending: Sending) => Promise<Arrived>;
  /** The person wrote or tapped at this time; gives what had waited for it and is still worth sending. */
  readonly hear: (at: Ms) => Promise<readonly Arrived[]>;
  /** Whether something waits for the person to write at this time. */
  readonly waits: (at: Ms) => boolean;
  readonly close: () => Promise<void>;
};

type Line = { readonly phone: Phone; readonly channel: Channel; readonly id: Outgoing["channel"] };

const session = "play";
const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Opens a phone of that kind. Nothing of it leaves the process. */
export async function openPhone(kind: PlayedChannel, words: PlatformWords): Promise<PlayedPhone> {
  const clock = { at: 0, now: () => clock.at };
  const line = await lines[kind](clock, words);
  const arrived = new Map<string, Drawn>();
  const stopWatching = line.phone.watch(session, (event) => {
    if (event.kind === "shown" && event.message.from === "bot") arrived.set(event.message.id, event.message);
  });
  let lastInbound: Ms | undefined;
  let kept: readonly Sending[] = [];
  let count = 0;

  const worthSending = (at: Ms) => kept.filter(({ keptUntil }) => at <= keptUntil);
  const send = async (sending: Sending): Promise<Arrived> => {
    const { message, lane, at } = sending;
    clock.at = at;
    const before = new Set(arrived.keys());
    count += 1;
    const outcome = await line.channel.send({
      id: count,
      contact: 1,
      channel: line.id,
      address: line.phone.addressOf(session),
      lane,
      message,
      lastInbound,
      openKeyboard: undefined,
      organisation: undefined,
    });
    if (outcome.kind === "announced" || outcome.kind === "window-closed") kept = [...kept, sending];
    return { drawn: [...arrived].filter(([id]) => !before.has(id)).map(([, drawn]) => drawn), outcome };
  };

  return {
    send,
    waits: (at) => worthSending(at).length > 0,
    async hear(at) {
      lastInbound = at;
      const waiting = worthSending(at);
      kept = [];
      const came: Arrived[] = [];
      for (const one of waiting) {
        const message = one.later === undefined ? one.message : one.later(at);
        if (message !== undefined) came.push(await send({ ...one, message, at }));
      }
      return came;
    },
    async close() {
      stopWatching();
      await line.channel.stop();
    },
  };
}

/** The SDKs are only loaded when their channel is played. */
const lines: Readonly<Record<PlayedChannel, (clock: Clock, words: PlatformWords) => Promise<Line>>> = {
  async telegram(clock, words) {
    const { openTelegram } = await import("../channels/telegram/channel.ts");
    const { openTelegramPhone } = await import("../web/playground/telegram-phone.ts");
    const phone = openTelegramPhone(clock);
    const { account, transport } = phone;
    const id = "playground/telegram";
    return {
      phone,
      id,
      channel: openTelegram({ id, ...account, transport, profile: words.telegram, log: quiet, clock }),
    };
  },
  async whatsapp(clock, words) {
    const { openWhatsApp } = await import("../channels/whatsapp/channel.ts");
    const { openWhatsAppPhone } = await import("../web/playground/whatsapp-phone.ts");
    const phone = openWhatsAppPhone(clock);
    const { account, transport } = phone;
    const id = "playground/whatsapp";
    const ready = Promise.withResolvers<void>();
    const channel = openWhatsApp({
      id,
      ...account,
      transport,
      templates: words.templates,
      log: quiet,
      clock,
      // The first pause begins when every content record and template is there.
      wait: (_ms, signal) => {
        ready.resolve();
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      },
    });
    await channel.start(() => Promise.resolve());
    await ready.promise;
    return { phone, id, channel };
  },
};
