import type { Payload } from "../wire/shapes.ts";
import type { Entity } from "./html.ts";
import type { UpdateStore } from "./updates.ts";

/** A message as the stand-in keeps it; an edit replaces the whole record, a deletion removes it. */
export interface StoredMessage {
  readonly id: number;
  readonly chat: number;
  readonly from: "bot" | "person";
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  readonly editedAt?: number;
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly markup: Payload | undefined;
  /** What a message other than a text carries: photo, contact, location … */
  readonly other?: Payload;
}

export interface Chat {
  readonly id: number;
  readonly name: string;
  readonly languageCode: string | undefined;
  readonly messages: Map<number, StoredMessage>;
  /** False until the person presses Start: the bot cannot write to them. */
  started: boolean;
  blocked: boolean;
}

export interface Query {
  readonly id: string;
  readonly chat: number;
  readonly askedAt: number;
  answer: Payload | undefined;
}

/** What setMyName and its like have left behind; keys are `method:language` (`setMyCommands:scope:language`). */
export type Profile = Map<string, Payload>;

/** Everything that the platform knows. */
export interface World {
  readonly bot: Payload;
  readonly strict: boolean;
  /** Where the bot is to the outside, if it is anywhere but on this machine. */
  readonly publicUrl: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly chats: Map<number, Chat>;
  readonly queries: Map<string, Query>;
  readonly profile: Profile;
  readonly updates: UpdateStore;
  readonly nextMessageId: () => number;
}

/** Gives the chat, opened now where there was none. */
export function openChat(
  world: World,
  id: number,
  person: { readonly name?: string; readonly languageCode?: string } = {},
): Chat {
  const known = world.chats.get(id);
  if (known !== undefined) return known;
  const chat: Chat = {
    id,
    name: person.name ?? `Person ${id}`,
    languageCode: person.languageCode,
    messages: new Map(),
    started: true,
    blocked: false,
  };
  world.chats.set(id, chat);
  return chat;
}

/** Gives a chat's User object. */
export function userOf(chat: Chat): Payload {
  const user = { id: chat.id, is_bot: false, first_name: chat.name };
  return chat.languageCode === undefined ? user : { ...user, language_code: chat.languageCode };
}

/** Gives a chat's Chat object. */
export function chatObject(chat: Chat): Payload {
  return { id: chat.id, first_name: chat.name, type: "private" };
}

/** Gives the Message object of a stored message. */
export function messageObject(world: World, chat: Chat, message: StoredMessage): Payload {
  const { id, from, sentAt, editedAt, text, entities, markup, other } = message;
  return {
    message_id: id,
    from: from === "bot" ? world.bot : userOf(chat),
    chat: chatObject(chat),
    date: seconds(sentAt),
    ...(editedAt === undefined ? {} : { edit_date: seconds(editedAt) }),
    ...(other ?? { text }),
    ...(entities.length === 0 ? {} : { entities }),
    ...(markup !== undefined && Object.hasOwn(markup, "inline_keyboard") ? { reply_markup: markup } : {}),
  };
}

/** Milliseconds to the whole seconds of the Bot API. */
export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
