import type { Payload } from "../wire/shapes.ts";
import type { Entity } from "./html.ts";
import { type Button, buttonsOf, replyLabelsOf } from "./keyboards.ts";
import {
  type Chat,
  chatObject,
  messageObject,
  openChat,
  type StoredMessage,
  seconds,
  userOf,
  type World,
} from "./world.ts";

/** A message as the person sees it now. */
export interface SeenMessage {
  readonly id: number;
  readonly from: "bot" | "person";
  readonly text: string;
  readonly entities: readonly Entity[];
  /** The inline keyboard, row by row. */
  readonly keyboard: readonly (readonly Button[])[];
  /** The labels of a reply keyboard, row by row. */
  readonly replyKeyboard: readonly (readonly string[])[];
  readonly edited: boolean;
}

export interface TapOptions {
  /** Sends data that no button on that message has, as a changed client could. */
  readonly forge?: boolean;
  /** Attaches an InaccessibleMessage, as the platform does for an old message. */
  readonly inaccessible?: boolean;
}

export interface Person {
  readonly chatId: number;
  /** Sends a text; gives its message id. */
  readonly say: (text: string) => number;
  /** Sends something else than a text: `{ photo: [...] }`, `{ contact: {...} }` …; gives its message id. */
  readonly sendOther: (content: Payload) => number;
  /** Taps a button by its label or its data; gives the query's id. Throws where the message has no such button. */
  readonly tap: (on: number | "latest", labelOrData: string, options?: TapOptions) => string;
  readonly block: () => void;
  readonly unblock: () => void;
  /** What the bot has sent and not deleted, edits applied, oldest first. */
  readonly messages: () => readonly SeenMessage[];
  /** Both sides of the chat, oldest first. */
  readonly conversation: () => readonly SeenMessage[];
  /** What the bot answered to a tap: the notice shown (perhaps empty), or undefined while the spinner turns. */
  readonly notice: (queryId: string) => string | undefined;
}

const LONGEST_TEXT = 4096;

/** Gives the controls of one person; `changed` is called after each thing they do. */
export function createPerson(world: World, id: number, facts: PersonFacts, changed: () => void): Person {
  const chat = openChat(world, id, facts);
  if (facts.started === false) chat.started = false;
  const seen = () => [...chat.messages.values()].map(seenAs);
  const arrive = (content: Payload, text: string): number => {
    if (chat.blocked) throw new Error(`person ${id} has blocked the bot: unblock first`);
    chat.started = true;
    const message = keepIncoming(world, chat, content, text);
    world.updates.add("message", id, messageObject(world, chat, message));
    changed();
    return message.id;
  };
  return {
    chatId: id,
    say(text) {
      if (text.trim() === "" || text.length > LONGEST_TEXT)
        throw new Error("a client sends 1 to 4096 UTF-16 units");
      return arrive({ text, ...commandEntity(text) }, text);
    },
    sendOther: (content) => arrive(content, ""),
    tap(on, labelOrData, options = {}) {
      const query = tap(world, chat, on, labelOrData, options);
      changed();
      return query;
    },
    block() {
      setBlocked(world, chat, true);
      changed();
    },
    unblock() {
      setBlocked(world, chat, false);
      changed();
    },
    messages: () => seen().filter((message) => message.from === "bot"),
    conversation: seen,
    notice(queryId) {
      const answer = world.queries.get(queryId)?.answer;
      return answer === undefined ? undefined : String(answer["text"] ?? "");
    },
  };
}

export interface PersonFacts {
  readonly name?: string;
  readonly languageCode?: string;
  /** False: the person has never pressed Start, the bot cannot find the chat. */
  readonly started?: boolean;
}

function keepIncoming(world: World, chat: Chat, content: Payload, text: string): StoredMessage {
  const message: StoredMessage = {
    id: world.nextMessageId(),
    chat: chat.id,
    from: "person",
    sentAt: world.now(),
    text,
    entities: [],
    markup: undefined,
    other: content,
  };
  chat.messages.set(message.id, message);
  return message;
}

function commandEntity(text: string): Payload {
  const command = /^\/[A-Za-z0-9_]{1,32}/.exec(text)?.[0];
  return command === undefined
    ? {}
    : { entities: [{ type: "bot_command", offset: 0, length: command.length }] };
}

function tap(
  world: World,
  chat: Chat,
  on: number | "latest",
  labelOrData: string,
  options: TapOptions,
): string {
  const message = messageTapped(chat, on);
  const data = options.forge === true ? labelOrData : dataTapped(message, labelOrData);
  const id = String(4_000_000_000_000 + world.queries.size + 1);
  world.queries.set(id, { id, chat: chat.id, askedAt: world.now(), answer: undefined });
  const gone = options.inaccessible === true || message === undefined;
  world.updates.add("callback_query", chat.id, {
    id,
    from: userOf(chat),
    message: gone
      ? { chat: chatObject(chat), message_id: message?.id ?? (on === "latest" ? 1 : on), date: 0 }
      : messageObject(world, chat, message),
    chat_instance: `-${chat.id}`,
    data,
  });
  return id;
}

function messageTapped(chat: Chat, on: number | "latest"): StoredMessage | undefined {
  if (on !== "latest") return chat.messages.get(on);
  return [...chat.messages.values()].findLast(
    ({ from, markup }) => from === "bot" && buttonsOf(markup).length > 0,
  );
}

function dataTapped(message: StoredMessage | undefined, labelOrData: string): string {
  const buttons = buttonsOf(message?.markup).flat();
  const wanted = labelOrData.trim();
  const found =
    buttons.find(({ data }) => data === labelOrData) ?? buttons.find(({ label }) => label.trim() === wanted);
  if (found?.data !== undefined) return found.data;
  const there = buttons.map(({ label, data }) => `${label} [${data ?? "no data"}]`).join(", ");
  throw new Error(`no button "${labelOrData}" to tap; there are: ${there || "none"}`);
}

function setBlocked(world: World, chat: Chat, blocked: boolean): void {
  if (chat.blocked === blocked) return;
  chat.blocked = blocked;
  const member = { user: world.bot, status: "member" };
  const banned = { user: world.bot, status: "kicked", until_date: 0 };
  world.updates.add("my_chat_member", chat.id, {
    chat: chatObject(chat),
    from: userOf(chat),
    date: seconds(world.now()),
    old_chat_member: blocked ? member : banned,
    new_chat_member: blocked ? banned : member,
  });
}

function seenAs({ id, from, text, entities, markup, editedAt }: StoredMessage): SeenMessage {
  return {
    id,
    from,
    text,
    entities,
    keyboard: buttonsOf(markup),
    replyKeyboard: replyLabelsOf(markup),
    edited: editedAt !== undefined,
  };
}
