import type { ParameterKind } from "./parameter-checks.ts";

export interface Parameter {
  readonly kind: ParameterKind;
  readonly required?: true;
  /** Inclusive: of a number, or of a string's length in UTF-16 units. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

export type Parameters = Readonly<Record<string, Parameter>>;

const chat: Parameter = { kind: "chat", required: true };
const message: Parameter = { kind: "integer", required: true, atLeast: 1 };
const flag: Parameter = { kind: "boolean" };
const languageCode: Parameter = { kind: "language" };

const TEXT: Parameters = {
  text: { kind: "string", required: true },
  parse_mode: { kind: "parse-mode" },
  entities: { kind: "entities" },
  link_preview_options: { kind: "link-preview" },
};

/**
 * The methods that the stand-in knows, with every parameter that the Bot API (10.1) documents for them, less those
 * for business accounts, forum topics, inline messages and uploads. A parameter that is not here is refused.
 */
export const METHODS = {
  getMe: {},
  getUpdates: {
    offset: { kind: "integer" },
    limit: { kind: "integer", atLeast: 1, atMost: 100 },
    timeout: { kind: "integer", atLeast: 0 },
    allowed_updates: { kind: "update-types" },
  },
  setWebhook: {
    url: { kind: "string", required: true },
    ip_address: { kind: "string" },
    max_connections: { kind: "integer", atLeast: 1, atMost: 100 },
    allowed_updates: { kind: "update-types" },
    drop_pending_updates: flag,
    secret_token: { kind: "secret" },
  },
  deleteWebhook: { drop_pending_updates: flag },
  getWebhookInfo: {},
  sendMessage: {
    chat_id: chat,
    ...TEXT,
    disable_notification: flag,
    protect_content: flag,
    allow_paid_broadcast: flag,
    message_effect_id: { kind: "string" },
    reply_parameters: { kind: "reply-parameters" },
    reply_markup: { kind: "any-markup" },
  },
  editMessageText: { chat_id: chat, message_id: message, ...TEXT, reply_markup: { kind: "inline-markup" } },
  editMessageReplyMarkup: { chat_id: chat, message_id: message, reply_markup: { kind: "inline-markup" } },
  deleteMessage: { chat_id: chat, message_id: message },
  answerCallbackQuery: {
    callback_query_id: { kind: "string", required: true, atLeast: 1 },
    text: { kind: "string", atMost: 200 },
    show_alert: flag,
    url: { kind: "string" },
    cache_time: { kind: "integer", atLeast: 0 },
  },
  sendChatAction: { chat_id: chat, action: { kind: "action", required: true } },
  setMyCommands: {
    commands: { kind: "commands", required: true },
    scope: { kind: "scope" },
    language_code: languageCode,
  },
  setMyDescription: { description: { kind: "string", atMost: 512 }, language_code: languageCode },
  setMyShortDescription: { short_description: { kind: "string", atMost: 120 }, language_code: languageCode },
  setMyName: { name: { kind: "string", atMost: 64 }, language_code: languageCode },
} satisfies Readonly<Record<string, Parameters>>;

export type MethodName = keyof typeof METHODS;

function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

const BY_LOWER_CASE: ReadonlyMap<string, MethodName> = new Map(
  Object.keys(METHODS)
    .filter(isMethodName)
    .map((name) => [name.toLowerCase(), name]),
);

/** Gives the method of that name, in whatever case (the real server ignores it). */
export function methodNamed(name: string): MethodName | undefined {
  return isMethodName(name) ? name : BY_LOWER_CASE.get(name.toLowerCase());
}
