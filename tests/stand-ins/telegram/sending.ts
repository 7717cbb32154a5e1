import { isObject, type Payload } from "../wire/shapes.ts";
import type { Entity } from "./html.ts";
import { badRequest, done, type Outcome, type Refusal, refused } from "./outcome.ts";
import { readText } from "./text.ts";
import { type Chat, messageObject, openChat, type StoredMessage, type World } from "./world.ts";

/** Gives the chat that the bot may write to, or the refusal of the real server. */
export function reachable(
  world: World,
  id: unknown,
): { readonly kind: "chat"; readonly chat: Chat } | Refusal {
  const chat = findChat(world, id);
  if (chat === undefined || !chat.started) return badRequest("chat not found");
  if (chat.blocked) return refused(403, "Forbidden: bot was blocked by the user");
  return { kind: "chat", chat };
}

function findChat(world: World, id: unknown): Chat | undefined {
  if (typeof id !== "number") return undefined;
  return world.strict ? world.chats.get(id) : openChat(world, id);
}

/** Gives what a text call shows: parsed and measured where the stand-in is strict, as it came otherwise. */
export function shownText(
  world: World,
  parameters: Payload,
): { readonly kind: "text"; readonly text: string; readonly entities: readonly Entity[] } | Refusal {
  if (!world.strict) return { kind: "text", text: String(parameters["text"]), entities: [] };
  const read = readText(parameters);
  return read.kind === "text" ? read : badRequest(read.reason);
}

/** Gives the markup that a call asks for; an inline keyboard without buttons is none. */
export function askedMarkup(parameters: Payload): Payload | undefined {
  const markup = parameters["reply_markup"];
  if (!isObject(markup)) return undefined;
  const inline = markup["inline_keyboard"];
  if (!Array.isArray(inline)) return markup;
  const rows = inline.filter((row) => Array.isArray(row) && row.length > 0);
  return rows.length === 0 ? undefined : { inline_keyboard: rows };
}

/** sendMessage. */
export function sendMessage(world: World, parameters: Payload): Outcome {
  const found = reachable(world, parameters["chat_id"]);
  if (found.kind === "refused") return found;
  const { chat } = found;
  if (repliesToNothing(chat, parameters["reply_parameters"]))
    return badRequest("message to be replied not found");
  const shown = shownText(world, parameters);
  if (shown.kind === "refused") return shown;
  const message: StoredMessage = {
    id: world.nextMessageId(),
    chat: chat.id,
    from: "bot",
    sentAt: world.now(),
    text: shown.text,
    entities: shown.entities,
    markup: askedMarkup(parameters),
  };
  chat.messages.set(message.id, message);
  return done(messageObject(world, chat, message));
}

function repliesToNothing(chat: Chat, reply: unknown): boolean {
  if (!isObject(reply) || reply["allow_sending_without_reply"] === true) return false;
  const id = reply["message_id"];
  return typeof id !== "number" || !chat.messages.has(id);
}
