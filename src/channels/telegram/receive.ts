import { timingSafeEqual } from "node:crypto";
import type { Inbound, Received, WebhookRequest } from "../../app/ports-channel.ts";
import type { ChannelId } from "../../core/nouns/ids.ts";
import { type Input, readableText } from "../../core/nouns/input.ts";
import {
  type CallbackQuery,
  type MemberChange,
  type TelegramMessage,
  type Update,
  updateSchema,
} from "./update-schema.ts";

/** Who may post to the webhook: everyone (inside the process only), those who know the secret, or no one. */
export type Door =
  | { readonly kind: "open" }
  | { readonly kind: "secret"; readonly secret: string }
  | { readonly kind: "closed" };

const secretHeader = "x-telegram-bot-api-secret-token";
const ignored: Received = { kind: "ignored" };

/** Gives the function that verifies and reads one webhook request of this channel. It never throws. */
export function createReceive(channel: ChannelId, door: Door): (request: WebhookRequest) => Received {
  const admits = admission(door);
  return (request) => {
    const refusal = admits(request.headers[secretHeader]);
    if (refusal !== undefined) return refusal;
    const json = parsed(request.body);
    return json === undefined ? malformed : readUpdate(channel, json.value);
  };
}

const malformed: Received = { kind: "refused", httpStatus: 400, reason: "malformed" };
const wrongSecret: Received = { kind: "refused", httpStatus: 401, reason: "secret" };
const noWebhook: Received = { kind: "refused", httpStatus: 403, reason: "no-webhook" };

function admission(door: Door): (given: string | undefined) => Received | undefined {
  if (door.kind === "open") return () => undefined;
  if (door.kind === "closed") return () => noWebhook;
  const secret = Buffer.from(door.secret);
  return (given) => (given !== undefined && equal(Buffer.from(given), secret) ? undefined : wrongSecret);
}

/** Compares in a time that tells nothing but whether the lengths agree. */
function equal(given: Buffer, secret: Buffer): boolean {
  return given.length === secret.length && timingSafeEqual(given, secret);
}

function parsed(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}

/** Reads one Update of the Bot API, however it came; what is not for us is `ignored`, what is none is `refused`. */
export function readUpdate(channel: ChannelId, value: unknown): Received {
  const read = updateSchema.safeParse(value);
  if (!read.success) return malformed;
  const { message, callback_query: query, my_chat_member: change } = read.data;
  if (message !== undefined) return readMessage(channel, read.data, message, value);
  if (query !== undefined) return readTap(channel, read.data, query);
  return change === undefined ? ignored : readChange(channel, read.data, change);
}

const privateChat = "private";

function readMessage(channel: ChannelId, update: Update, message: TelegramMessage, raw: unknown): Received {
  if (message.chat.type !== privateChat) return ignored;
  if (message.text === undefined && isService(raw)) return ignored;
  const input: Input = message.text === undefined ? { kind: "media" } : readText(readableText(message.text));
  return inbound(channel, update, message.chat.id, message.from?.language_code, input);
}

function readTap(channel: ChannelId, update: Update, query: CallbackQuery): Received {
  const { message, data } = query;
  if (data === undefined || (message !== undefined && message.chat.type !== privateChat)) return ignored;
  // In a private chat the chat and the person have the same id (API, Chat.id).
  const chat = message?.chat.id ?? query.from.id;
  return inbound(channel, update, chat, query.from.language_code, { kind: "tap", button: data }, query);
}

const changes: Readonly<Record<string, Input>> = {
  kicked: { kind: "blocked" },
  member: { kind: "unblocked" },
};

function readChange(channel: ChannelId, update: Update, change: MemberChange): Received {
  const { status } = change.new_chat_member;
  const input = Object.hasOwn(changes, status) ? changes[status] : undefined;
  if (input === undefined || change.chat.type !== privateChat) return ignored;
  return inbound(channel, update, change.chat.id, change.from.language_code, input);
}

function inbound(
  channel: ChannelId,
  update: Update,
  chat: number,
  languageHint: string | undefined,
  input: Input,
  tap?: CallbackQuery,
): Received {
  const read: Inbound = {
    channel,
    externalId: String(update.update_id),
    addresses: [String(chat)],
    input,
    languageHint,
    opensWindow: input.kind !== "blocked" && input.kind !== "unblocked",
    tappedMessage: tap?.message === undefined ? undefined : String(tap.message.message_id),
    tapId: tap?.id,
  };
  return { kind: "inbound", inbound: read };
}

const commandPattern = /^\/([a-z0-9_]+)(?:@\w+)?(?:\s+([\s\S]*))?$/i;
/** API: a deep link's payload has up to 64 of these. Anything else was typed by hand and is no payload. */
const payloadPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** `/start payload` is Telegram's own beginning; any other command is what the person would have typed as a word. */
function readText(text: string): Input {
  const found = text.startsWith("/") ? commandPattern.exec(text) : null;
  const command = found?.[1];
  if (command === undefined) return { kind: "text", text };
  const rest = found?.[2]?.trim() ?? "";
  if (command.toLowerCase() === "start")
    return { kind: "start", payload: payloadPattern.test(rest) ? rest : "" };
  return { kind: "text", text: rest === "" ? command : `${command} ${rest}` };
}

/**
 * What Telegram itself puts into a private chat. Everything else without text counts as something the person sent,
 * kinds that do not exist yet included: better one answer too many than silence.
 */
const serviceFields = [
  "pinned_message",
  "message_auto_delete_timer_changed",
  "write_access_allowed",
  "chat_background_set",
  "connected_website",
  "passport_data",
  "proximity_alert_triggered",
  "forum_topic_created",
  "forum_topic_edited",
  "forum_topic_closed",
  "forum_topic_reopened",
  "users_shared",
  "chat_shared",
  "boost_added",
] as const;

function isService(update: unknown): boolean {
  const message = isRecord(update) ? update["message"] : undefined;
  return isRecord(message) && serviceFields.some((field) => Object.hasOwn(message, field));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
