import type { Payload } from "../wire/shapes.ts";
import { badRequest, done, type Outcome, type Refusal } from "./outcome.ts";
import { askedMarkup, reachable, shownText } from "./sending.ts";
import { type Chat, messageObject, type StoredMessage, type World } from "./world.ts";

const SAME =
  "message is not modified: specified new message content and reply markup are exactly the same as a current " +
  "content and reply markup of the message";
/** Bot API deleteMessage: only messages sent less than 48 hours ago. */
const DELETABLE_FOR_MS = 48 * 3_600_000;

type Found = { readonly kind: "found"; readonly chat: Chat; readonly message: StoredMessage } | Refusal;

/** editMessageText; as on the platform, a left-out reply_markup takes the keyboard away. */
export function editMessageText(world: World, parameters: Payload): Outcome {
  const found = editable(world, parameters);
  if (found.kind === "refused") return found;
  const shown = shownText(world, parameters);
  if (shown.kind === "refused") return shown;
  const { text, entities } = shown;
  return replace(world, found.chat, found.message, {
    ...found.message,
    text,
    entities,
    markup: askedMarkup(parameters),
  });
}

/** editMessageReplyMarkup; a left-out reply_markup takes the keyboard away. */
export function editMessageReplyMarkup(world: World, parameters: Payload): Outcome {
  const found = editable(world, parameters);
  if (found.kind === "refused") return found;
  return replace(world, found.chat, found.message, { ...found.message, markup: askedMarkup(parameters) });
}

/** deleteMessage. */
export function deleteMessage(world: World, parameters: Payload): Outcome {
  const found = find(world, parameters, "message to delete not found");
  if (found.kind === "refused") return found;
  if (world.now() - found.message.sentAt > DELETABLE_FOR_MS)
    return badRequest("message can't be deleted for everyone");
  found.chat.messages.delete(found.message.id);
  return done(true);
}

function editable(world: World, parameters: Payload): Found {
  const found = find(world, parameters, "message to edit not found");
  if (found.kind === "refused") return found;
  const { from, markup } = found.message;
  const plain = markup === undefined || Object.hasOwn(markup, "inline_keyboard");
  return from === "bot" && plain ? found : badRequest("message can't be edited");
}

function find(world: World, parameters: Payload, missing: string): Found {
  const reached = reachable(world, parameters["chat_id"]);
  if (reached.kind === "refused") return reached;
  const message = reached.chat.messages.get(Number(parameters["message_id"]));
  return message === undefined ? badRequest(missing) : { kind: "found", chat: reached.chat, message };
}

function replace(world: World, chat: Chat, before: StoredMessage, after: StoredMessage): Outcome {
  if (looks(before) === looks(after)) return badRequest(SAME);
  const edited = { ...after, editedAt: world.now() };
  chat.messages.set(edited.id, edited);
  return done(messageObject(world, chat, edited));
}

function looks({ text, entities, markup }: StoredMessage): string {
  return JSON.stringify([text, entities, markup]);
}
