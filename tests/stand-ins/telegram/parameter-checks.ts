import { isObject, unknownKey } from "../wire/shapes.ts";
import { type Check, checkAnyMarkup, checkInlineMarkup } from "./markup.ts";

/** The kinds of value that the methods of the stand-in take. */
export type ParameterKind =
  | "chat"
  | "integer"
  | "boolean"
  | "string"
  | "language"
  | "update-types"
  | "entities"
  | "link-preview"
  | "reply-parameters"
  | "any-markup"
  | "inline-markup"
  | "commands"
  | "scope"
  | "secret"
  | "action"
  | "parse-mode";

const UPDATE_TYPES = new Set(
  (
    "message edited_message channel_post edited_channel_post business_connection business_message " +
    "edited_business_message deleted_business_messages message_reaction message_reaction_count inline_query " +
    "chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll poll_answer " +
    "my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot"
  ).split(" "),
);
const ACTIONS = new Set(
  (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker " +
    "find_location record_video_note upload_video_note"
  ).split(" "),
);
const PREVIEW_KEYS = new Set([
  "is_disabled",
  "url",
  "prefer_small_media",
  "prefer_large_media",
  "show_above_text",
]);
const REPLY_KEYS = new Set([
  "message_id",
  "chat_id",
  "allow_sending_without_reply",
  "quote",
  "quote_parse_mode",
  "quote_entities",
  "quote_position",
]);
const SCOPES = new Set(
  "default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member".split(
    " ",
  ),
);
const MOST_COMMANDS = 100;

const checkCommands: Check = (value) => {
  if (!Array.isArray(value)) return "expected an Array of BotCommand";
  if (value.length > MOST_COMMANDS) return "BOT_COMMANDS_TOO_MUCH";
  return value.map(checkCommand).find((reason) => reason !== undefined);
};

function checkCommand(command: unknown): string | undefined {
  if (!isObject(command)) return "expected an Object as a command";
  if (unknownKey(command, new Set(["command", "description"])) !== undefined)
    return "unknown field in a command";
  const { command: name, description } = command;
  if (typeof name !== "string" || !/^[a-z0-9_]{1,32}$/.test(name)) return "BOT_COMMAND_INVALID";
  const fits = typeof description === "string" && description.length >= 1 && description.length <= 256;
  return fits ? undefined : "BOT_COMMAND_DESCRIPTION_INVALID";
}

const checkPreview: Check = (value) => {
  if (!isObject(value)) return "object expected as link preview options";
  const stranger = unknownKey(value, PREVIEW_KEYS);
  if (stranger !== undefined) return `unknown field "${stranger}" in link preview options`;
  const wrong = Object.entries(value).find(
    ([key, given]) => typeof given !== (key === "url" ? "string" : "boolean"),
  );
  return wrong === undefined ? undefined : `field "${wrong[0]}" of link preview options has the wrong type`;
};

const checkReply: Check = (value) => {
  if (!isObject(value)) return "object expected as reply parameters";
  const stranger = unknownKey(value, REPLY_KEYS);
  if (stranger !== undefined) return `unknown field "${stranger}" in reply parameters`;
  return Number.isInteger(value["message_id"]) ? undefined : "message identifier is not specified";
};

const checkEntities: Check = (value) => {
  const fine =
    Array.isArray(value) &&
    value.every(
      (entity) =>
        isObject(entity) &&
        typeof entity["type"] === "string" &&
        Number.isInteger(entity["offset"]) &&
        Number.isInteger(entity["length"]),
    );
  return fine ? undefined : "can't parse entities: expected an Array of MessageEntity";
};

function when(fine: (value: unknown) => boolean, otherwise: string): Check {
  return (value) => (fine(value) ? undefined : otherwise);
}

function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === "string" && pattern.test(value);
}

/** One check a kind: why the value is refused, or undefined. */
export const CHECKS: Readonly<Record<ParameterKind, Check>> = {
  chat: when(
    (value) => Number.isSafeInteger(value) || matches(/^(-?\d{1,16}|@[A-Za-z]\w{3,31})$/)(value),
    "chat_id is empty",
  ),
  integer: when((value) => Number.isSafeInteger(value), "expected an Integer"),
  boolean: when((value) => typeof value === "boolean", "expected a Boolean"),
  string: (value) => {
    if (typeof value !== "string") return "expected a String";
    return value.isWellFormed() ? undefined : "strings must be encoded in UTF-8";
  },
  language: when(matches(/^([a-z]{2})?$/), "invalid language code specified"),
  "update-types": when(
    (value) =>
      Array.isArray(value) && value.every((type) => typeof type === "string" && UPDATE_TYPES.has(type)),
    "can't parse allowed_updates: unknown update type",
  ),
  entities: checkEntities,
  "link-preview": checkPreview,
  "reply-parameters": checkReply,
  "any-markup": checkAnyMarkup,
  "inline-markup": checkInlineMarkup,
  commands: checkCommands,
  scope: when(
    (value) => isObject(value) && typeof value["type"] === "string" && SCOPES.has(value["type"]),
    "unsupported BotCommandScope",
  ),
  secret: when(matches(/^[A-Za-z0-9_-]{1,256}$/), "secret token contains unallowed characters"),
  action: when(
    (value) => typeof value === "string" && ACTIONS.has(value),
    "wrong parameter action in request",
  ),
  "parse-mode": when(matches(/^(html)?$/i), "unsupported parse_mode"),
};

/** The kinds that may also come as their JSON text (the documentation's "JSON-serialized"). */
export const JSON_KINDS: ReadonlySet<ParameterKind> = new Set([
  "update-types",
  "entities",
  "link-preview",
  "reply-parameters",
  "any-markup",
  "inline-markup",
  "commands",
  "scope",
]);
