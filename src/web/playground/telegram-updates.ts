import type { Clock } from "../../app/ports.ts";
import type { Drawn } from "./phone.ts";

export type TelegramPerson = {
  readonly chat: number /** ISO 639-1. */;
  readonly language: string | undefined;
};

/** Gives numbers that grow, also beyond a restart: none is below `floor()` at the time. */
export function createCounter(floor: () => number): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, floor());
    return last;
  };
}

/** Gives the makers of Updates as the Bot API posts them. */
export function updatesFor(clock: Clock, nextMessage: () => number) {
  const nextUpdate = createCounter(() => clock.now() * 1000);
  const seconds = () => Math.floor(clock.now() / 1000);

  const message = (person: TelegramPerson, content: object) => {
    const id = nextMessage();
    const sent = { message_id: id, from: userOf(person), chat: chatOf(person), date: seconds(), ...content };
    return { update: { update_id: nextUpdate(), message: sent }, message: id };
  };

  return {
    text: (person: TelegramPerson, text: string) => message(person, { text, ...commandEntities(text) }),
    photo: (person: TelegramPerson) => message(person, { photo: [photo] }),
    tap: (person: TelegramPerson, tapped: Drawn, data: string) => {
      const update = nextUpdate();
      const shown = {
        message_id: Number(tapped.id),
        chat: chatOf(person),
        date: Math.floor(tapped.at / 1000),
        text: tapped.text,
      };
      const query = {
        // The chat's own number in front: what answers the query names nothing else.
        id: `${person.chat}-${update}`,
        from: userOf(person),
        chat_instance: String(person.chat),
        message: shown,
        data,
      };
      return { update_id: update, callback_query: query };
    },
    block(person: TelegramPerson, blocked: boolean) {
      const [before, after] = blocked ? ["member", "kicked"] : ["kicked", "member"];
      const bot = { id: 1, is_bot: true, first_name: "Parwana" };
      const change = {
        chat: chatOf(person),
        from: userOf(person),
        date: seconds(),
        old_chat_member: { user: bot, status: before },
        new_chat_member: { user: bot, status: after },
      };
      return { update_id: nextUpdate(), my_chat_member: change };
    },
  };
}

const photo = { file_id: "playground", file_unique_id: "playground", width: 320, height: 240 };
const firstName = "P";

function userOf({ chat, language }: TelegramPerson) {
  const user = { id: chat, is_bot: false, first_name: firstName };
  return language === undefined ? user : { ...user, language_code: language };
}

function chatOf({ chat }: TelegramPerson) {
  return { id: chat, type: "private", first_name: firstName };
}

function commandEntities(text: string) {
  const command = /^\/\w+/.exec(text)?.[0];
  return command === undefined
    ? {}
    : { entities: [{ type: "bot_command", offset: 0, length: command.length }] };
}
