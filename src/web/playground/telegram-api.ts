import { z } from "zod";
import type { Chats } from "./chats.ts";
import type { Call, Drawn, DrawnButton } from "./phone.ts";
import { parseHtml } from "./telegram-html.ts";

export type TelegramAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error_code: number; readonly description: string };

const markup = z.object({
  inline_keyboard: z.array(z.array(z.object({ text: z.string().min(1), callback_data: z.string().min(1) }))),
});
const text = z.object({
  text: z.string().min(1),
  parse_mode: z.string().optional(),
  reply_markup: markup.optional(),
});
const chat = z.object({ chat_id: z.coerce.string() });
const known = chat.extend({ message_id: z.coerce.string() });

const schemas = {
  sendMessage: chat.extend(text.shape),
  editMessageText: known.extend(text.shape),
  editMessageReplyMarkup: known.extend({ reply_markup: markup.optional() }),
  deleteMessage: known,
  sendChatAction: chat,
  answerCallbackQuery: z.object({ callback_query_id: z.string() }),
};

const carried = z.object({ method: z.string() });

/** Calls about the bot itself, which no chat shows. */
const settings: ReadonlySet<string> = new Set([
  "setMyCommands",
  "deleteMyCommands",
  "setMyName",
  "setMyDescription",
  "setMyShortDescription",
  "setWebhook",
  "deleteWebhook",
]);

type Act = (chats: Chats, call: Call, next: () => number, body: unknown) => TelegramAnswer;

const methods: Readonly<Record<keyof typeof schemas, Act>> = {
  sendMessage(chats, call, next, body) {
    const read = schemas.sendMessage.safeParse(body);
    if (!read.success) return badRequest;
    const { chat_id: address, ...rest } = read.data;
    chats.note(address, call);
    if (chats.screen(address).blocked) return refusal(403, "Forbidden: bot was blocked by the user");
    const drawn = drawnText(rest);
    if ("ok" in drawn) return drawn;
    const message: Drawn = { id: String(next()), from: "bot", at: call.at, ...drawn };
    chats.show(address, message);
    return messageResult(address, message, rest.reply_markup);
  },
  editMessageText(chats, call, _next, body) {
    const read = schemas.editMessageText.safeParse(body);
    if (!read.success) return badRequest;
    const { chat_id: address, message_id: id, ...rest } = read.data;
    chats.note(address, call);
    const drawn = drawnText(rest);
    if ("ok" in drawn) return drawn;
    return edited(chats, address, id, (message) => ({ ...message, ...drawn }), rest.reply_markup);
  },
  editMessageReplyMarkup(chats, call, _next, body) {
    const read = schemas.editMessageReplyMarkup.safeParse(body);
    if (!read.success) return badRequest;
    const { chat_id: address, message_id: id, reply_markup: keyboard } = read.data;
    chats.note(address, call);
    return edited(chats, address, id, (message) => ({ ...message, rows: rowsOf(keyboard) }), keyboard);
  },
  deleteMessage(chats, call, _next, body) {
    const read = schemas.deleteMessage.safeParse(body);
    if (!read.success) return badRequest;
    chats.note(read.data.chat_id, call);
    const removed = chats.remove(read.data.chat_id, read.data.message_id);
    return removed ? done : refusal(400, "Bad Request: message to delete not found");
  },
  sendChatAction(chats, call, _next, body) {
    const read = schemas.sendChatAction.safeParse(body);
    if (!read.success) return badRequest;
    chats.note(read.data.chat_id, call);
    return done;
  },
  answerCallbackQuery(chats, call, _next, body) {
    const read = schemas.answerCallbackQuery.safeParse(body);
    const address = /^(\d+)-\d+$/.exec(read.data?.callback_query_id ?? "")?.[1];
    if (address === undefined) return refusal(400, "Bad Request: query is too old or query ID is invalid");
    chats.note(address, call);
    chats.settle(address);
    return done;
  },
};

const done: TelegramAnswer = { ok: true, result: true };
const badRequest = refusal(400, "Bad Request: a parameter is missing or of the wrong type");

/** Answers one call to the Bot API, and shows what it does on the phone it is about. */
export function answerCall(chats: Chats, nextMessage: () => number, call: Call): TelegramAnswer {
  const name = call.url.slice(call.url.lastIndexOf("/") + 1).split("?", 1)[0] ?? "";
  if (settings.has(name)) return done;
  const body = bodyOf(call);
  return isMethod(name) ? methods[name](chats, call, nextMessage, body) : refusal(404, "Not Found");
}

/** Carries out the call that answers a webhook, where it is one (API, "Making requests when getting updates"). */
export function carryOutAnswer(chats: Chats, nextMessage: () => number, answer: Call): void {
  const body = bodyOf(answer);
  const name = carried.safeParse(body).data?.method;
  if (name !== undefined && isMethod(name)) methods[name](chats, answer, nextMessage, body);
}

function isMethod(name: string): name is keyof typeof methods {
  return Object.hasOwn(methods, name);
}

function bodyOf({ body }: Call): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** API, sendMessage. */
const mostCharacters = 4096;

function drawnText(given: z.infer<typeof text>): Pick<Drawn, "text" | "entities" | "rows"> | TelegramAnswer {
  const isHtml = given.parse_mode?.toLowerCase() === "html";
  const read = isHtml ? parseHtml(given.text) : { kind: "text" as const, text: given.text, entities: [] };
  if (read.kind === "wrong") return refusal(400, read.description);
  if (read.text.trim() === "") return refusal(400, "Bad Request: message text is empty");
  if (read.text.length > mostCharacters) return refusal(400, "Bad Request: message is too long");
  return { text: read.text, entities: read.entities, rows: rowsOf(given.reply_markup) };
}

function rowsOf(keyboard: z.infer<typeof markup> | undefined): readonly (readonly DrawnButton[])[] {
  return (keyboard?.inline_keyboard ?? []).map((row) =>
    row.map(({ text: label, callback_data: id }) => ({ id, label })),
  );
}

function edited(
  chats: Chats,
  address: string,
  id: string,
  change: (message: Drawn) => Drawn,
  keyboard: z.infer<typeof markup> | undefined,
): TelegramAnswer {
  const before = chats.find(address, id);
  if (before?.from !== "bot") return refusal(400, "Bad Request: message to edit not found");
  const after = change(before);
  if (JSON.stringify(after) === JSON.stringify(before)) {
    return refusal(400, "Bad Request: message is not modified");
  }
  chats.change(address, id, () => after);
  return messageResult(address, after, keyboard);
}

function messageResult(
  address: string,
  { id, at, text: shown, entities }: Drawn,
  keyboard: unknown,
): TelegramAnswer {
  const result = {
    message_id: Number(id),
    date: Math.floor(at / 1000),
    chat: { id: Number(address), type: "private" },
    text: shown,
    ...(entities === undefined || entities.length === 0 ? {} : { entities }),
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  };
  return { ok: true, result };
}

function refusal(code: number, description: string): TelegramAnswer {
  return { ok: false, error_code: code, description };
}
