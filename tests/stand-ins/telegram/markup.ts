import { isObject, type Payload, unknownKey } from "../wire/shapes.ts";

/** Gives why a value is refused, or undefined where it is fine. */
export type Check = (value: unknown) => string | undefined;

/** Bot API: 1–64 bytes. */
const LONGEST_DATA_BYTES = 64;
/** Not documented; the server answers "reply markup is too long" somewhere above 100. */
const MOST_BUTTONS = 100;

const ACTIONS = [
  "url",
  "callback_data",
  "web_app",
  "login_url",
  "switch_inline_query",
  "switch_inline_query_current_chat",
  "switch_inline_query_chosen_chat",
  "copy_text",
  "callback_game",
  "pay",
];
const BUTTON_KEYS = new Set(["text", "icon_custom_emoji_id", "style", ...ACTIONS]);
const STYLES = new Set(["danger", "success", "primary"]);
const KEYBOARD_KEYS = new Set([
  "keyboard",
  "is_persistent",
  "resize_keyboard",
  "one_time_keyboard",
  "input_field_placeholder",
  "selective",
]);
const KEYBOARD_BUTTON_KEYS = new Set(["text", "style", "request_contact", "request_location"]);

/** Checks an InlineKeyboardMarkup. */
export const checkInlineMarkup: Check = (value) => {
  if (!isObject(value)) return "object expected as reply markup";
  const stranger = unknownKey(value, new Set(["inline_keyboard"]));
  if (stranger !== undefined) return `unknown field "${stranger}" in reply markup`;
  return checkRows(value["inline_keyboard"], "inline keyboard", checkInlineButton);
};

/** Checks any of the four reply markups. */
export const checkAnyMarkup: Check = (value) => {
  if (!isObject(value)) return "object expected as reply markup";
  if (Object.hasOwn(value, "keyboard")) return checkReplyKeyboard(value);
  if (value["remove_keyboard"] === true) return checkFields(value, ["remove_keyboard", "selective"]);
  if (value["force_reply"] === true) {
    return checkFields(value, ["force_reply", "input_field_placeholder", "selective"]);
  }
  return checkInlineMarkup(value);
};

function checkReplyKeyboard(value: Payload): string | undefined {
  const stranger = unknownKey(value, KEYBOARD_KEYS);
  if (stranger !== undefined) return `unknown field "${stranger}" in reply markup`;
  return checkRows(value["keyboard"], "keyboard", checkKeyboardButton);
}

function checkFields(value: Payload, known: readonly string[]): string | undefined {
  const stranger = unknownKey(value, new Set(known));
  return stranger === undefined ? undefined : `unknown field "${stranger}" in reply markup`;
}

function checkRows(rows: unknown, what: string, check: Check): string | undefined {
  if (!Array.isArray(rows))
    return `field "${what.replace(" ", "_")}" of the reply markup must be of type Array`;
  const buttons: unknown[] = [];
  for (const row of rows) {
    if (!Array.isArray(row)) return `can't parse ${what}: expected an Array of buttons`;
    buttons.push(...row);
  }
  if (buttons.length > MOST_BUTTONS) return "reply markup is too long";
  const reason = buttons.map(check).find((found) => found !== undefined);
  return reason === undefined || reason.startsWith("BUTTON_")
    ? reason
    : `can't parse ${what} button: ${reason}`;
}

function checkKeyboardButton(button: unknown): string | undefined {
  if (typeof button === "string") return checkLabel(button);
  if (!isObject(button)) return "expected an object";
  const stranger = unknownKey(button, KEYBOARD_BUTTON_KEYS);
  return stranger === undefined ? checkLabel(button["text"]) : `unknown field "${stranger}"`;
}

function checkInlineButton(button: unknown): string | undefined {
  if (!isObject(button)) return "expected an object";
  const stranger = unknownKey(button, BUTTON_KEYS);
  if (stranger !== undefined) return `unknown field "${stranger}"`;
  const style = button["style"];
  if (style !== undefined && !(typeof style === "string" && STYLES.has(style))) return "invalid button style";
  return checkLabel(button["text"]) ?? checkAction(button);
}

function checkLabel(label: unknown): string | undefined {
  if (typeof label !== "string" || label.trim() === "") return 'field "text" must be a non-empty String';
  return label.isWellFormed() ? undefined : "strings must be encoded in UTF-8";
}

function checkAction(button: Payload): string | undefined {
  const given = ACTIONS.filter((action) => Object.hasOwn(button, action));
  if (given.length !== 1) return `exactly one action is expected, found ${given.length}`;
  if (given[0] === "callback_data") return checkData(button["callback_data"]);
  if (given[0] === "url") return checkUrl(button["url"]);
  return undefined;
}

function checkData(data: unknown): string | undefined {
  if (typeof data !== "string" || data === "") return "BUTTON_DATA_INVALID";
  return Buffer.byteLength(data) <= LONGEST_DATA_BYTES && data.isWellFormed()
    ? undefined
    : "BUTTON_DATA_INVALID";
}

function checkUrl(url: unknown): string | undefined {
  return typeof url === "string" && /^(https?:\/\/|tg:\/\/)\S+$/.test(url) ? undefined : "BUTTON_URL_INVALID";
}
