import { randomBytes } from "node:crypto";
import type { Clock } from "../../app/ports.ts";
import { type Chats, createChats } from "./chats.ts";
import type { Deed, Phone, Posted } from "./phone.ts";
import { sessionNumber } from "./session-number.ts";
import { answerCall, carryOutAnswer, type TelegramAnswer } from "./telegram-api.ts";
import { createCounter, type TelegramPerson, updatesFor } from "./telegram-updates.ts";

export type TelegramPhone = Phone & {
  /** What the channel behind it is to be opened with. */
  readonly account: {
    readonly token: string;
    readonly apiRoot: string;
    readonly webhook: { readonly url: string; readonly secret: string };
  };
  /** Takes the place of the network: plays the Bot API. */
  readonly transport: (
    url: string,
    init: {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    },
  ) => Promise<{ readonly text: () => string }>;
};

const apiRoot = "https://api.telegram.org";
const webhookPath = "/webhooks/telegram";
const webhookUrl = `https://playground.invalid${webhookPath}`;
const secretHeader = "x-telegram-bot-api-secret-token";

/** Opens a phone with Telegram on it, and the part of the Bot API that its chats need. */
export function openTelegramPhone(clock: Clock): TelegramPhone {
  const chats = createChats();
  const secret = randomBytes(24).toString("base64url");
  const token = `1:${randomBytes(26).toString("base64url")}`;
  const nextMessage = createCounter(() => Math.floor(clock.now() / 1000));
  const updates = updatesFor(clock, nextMessage);

  const act = (session: string, deed: Deed): Posted | undefined => {
    const person = personOf(session, deed);
    const made = doDeed(chats, updates, person, deed, clock);
    if (made === undefined) return undefined;
    const headers = { "content-type": "application/json", [secretHeader]: secret };
    const request = { path: webhookPath, query: "", headers, body: JSON.stringify(made.update) };
    return { request, shown: made.shown };
  };

  return {
    account: { token, apiRoot, webhook: { url: webhookUrl, secret } },
    addressOf,
    watch: (session, see) => chats.watch(addressOf(session), see),
    act,
    reached: (session, message, ok) =>
      void chats.change(addressOf(session), message, (shown) => ({
        ...shown,
        state: ok ? "read" : "failed",
      })),
    restart: (session) => chats.clear(addressOf(session)),
    answered: ({ contentType, body }) =>
      carryOutAnswer(chats, nextMessage, {
        at: clock.now(),
        method: "200 OK",
        url: webhookUrl,
        contentType,
        body,
      }),
    reportTo: () => undefined,
    async transport(url, { method, headers, body }) {
      const contentType = headers["content-type"] ?? "";
      const answer: TelegramAnswer = answerCall(chats, nextMessage, {
        at: clock.now(),
        method,
        url,
        contentType,
        body,
      });
      return { text: () => JSON.stringify(answer) };
    },
  };
}

function addressOf(session: string): string {
  return String(sessionNumber("telegram", session, 15));
}

function personOf(session: string, deed: Deed): TelegramPerson {
  const language = "language" in deed ? deed.language : undefined;
  return { chat: Number(addressOf(session)), language: language?.split("-")[0] };
}

type Made = { readonly update: object; readonly shown: string | undefined };

function doDeed(
  chats: Chats,
  updates: ReturnType<typeof updatesFor>,
  person: TelegramPerson,
  deed: Deed,
  clock: Clock,
): Made | undefined {
  const address = String(person.chat);
  const show = (
    text: string,
    { update, message }: { readonly update: object; readonly message: number },
  ): Made => {
    const shown = String(message);
    const about = { id: shown, from: "person", at: clock.now(), text, rows: [], state: "sending" } as const;
    chats.show(address, deed.kind === "media" ? { ...about, picture: true } : about);
    return { update, shown };
  };
  switch (deed.kind) {
    case "say":
      return show(deed.text, updates.text(person, deed.text));
    case "media":
      return show("", updates.photo(person));
    case "block":
      chats.block(address, deed.blocked);
      return { update: updates.block(person, deed.blocked), shown: undefined };
    case "tap": {
      const tapped = chats.find(address, deed.message);
      const isThere = tapped?.rows.flat().some(({ id }) => id === deed.button);
      if (tapped === undefined || isThere !== true) return undefined;
      return { update: updates.tap(person, tapped, deed.button), shown: undefined };
    }
  }
}
