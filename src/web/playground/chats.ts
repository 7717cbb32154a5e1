import type { Call, Drawn, PhoneEvent, Screen } from "./phone.ts";

type See = (event: PhoneEvent) => void;
type Chat = { messages: Drawn[]; calls: Call[]; blocked: boolean; readonly watchers: Set<See> };

/** What the phones of one kind keep, by address. In memory only, and bounded: the oldest makes room. */
export type Chats = {
  readonly watch: (address: string, see: See) => () => void;
  readonly isWatched: (address: string) => boolean;
  readonly screen: (address: string) => Screen;
  readonly find: (address: string, id: string) => Drawn | undefined;
  /** Adds a message, or puts it in the place of the one that has its id. */
  readonly show: (address: string, message: Drawn) => void;
  /** Changes a message that is there; says whether it was. */
  readonly change: (address: string, id: string, change: (message: Drawn) => Drawn) => boolean;
  readonly remove: (address: string, id: string) => boolean;
  readonly note: (address: string, call: Call) => void;
  readonly settle: (address: string) => void;
  readonly block: (address: string, blocked: boolean) => void;
  readonly clear: (address: string) => void;
};

const mostChats = 500;
const mostMessages = 200;
const mostCalls = 200;

/** Gives an empty memory. */
export function createChats(): Chats {
  const chats = new Map<string, Chat>();
  const at = (address: string): Chat => chats.get(address) ?? added(chats, address);
  const tell = (chat: Chat, event: PhoneEvent) => {
    for (const see of chat.watchers) see(event);
  };
  const put = (chat: Chat, message: Drawn) => {
    const place = chat.messages.findIndex(({ id }) => id === message.id);
    chat.messages =
      place < 0 ? [...chat.messages, message].slice(-mostMessages) : chat.messages.with(place, message);
    tell(chat, { kind: "shown", message });
  };
  const find = (address: string, id: string) => chats.get(address)?.messages.find((one) => one.id === id);
  const screen = (address: string): Screen => {
    const { messages, calls, blocked } = chats.get(address) ?? nothing;
    return { messages, calls, blocked };
  };
  return {
    screen,
    find,
    watch(address, see) {
      const chat = at(address);
      chat.watchers.add(see);
      see({ kind: "screen", screen: screen(address) });
      return () => chat.watchers.delete(see);
    },
    isWatched: (address) => (chats.get(address)?.watchers.size ?? 0) > 0,
    show: (address, message) => put(at(address), message),
    change(address, id, change) {
      const message = find(address, id);
      if (message !== undefined) put(at(address), change(message));
      return message !== undefined;
    },
    remove(address, id) {
      const chat = at(address);
      const left = chat.messages.filter((message) => message.id !== id);
      if (left.length === chat.messages.length) return false;
      chat.messages = left;
      tell(chat, { kind: "gone", id });
      return true;
    },
    note(address, call) {
      const chat = at(address);
      chat.calls = [...chat.calls, call].slice(-mostCalls);
      tell(chat, { kind: "called", call });
    },
    settle: (address) => tell(at(address), { kind: "settled" }),
    block(address, blocked) {
      const chat = at(address);
      chat.blocked = blocked;
      tell(chat, { kind: "blocked", blocked });
    },
    clear(address) {
      const chat = at(address);
      Object.assign(chat, nothing);
      tell(chat, { kind: "screen", screen: screen(address) });
    },
  };
}

const nothing: Screen & Omit<Chat, "watchers"> = { messages: [], calls: [], blocked: false };

/** Only chats that no one looks at make room. */
function added(chats: Map<string, Chat>, address: string): Chat {
  if (chats.size >= mostChats) {
    for (const [oldest, { watchers }] of chats) {
      if (watchers.size > 0) continue;
      chats.delete(oldest);
      break;
    }
  }
  const chat: Chat = { messages: [], calls: [], blocked: false, watchers: new Set() };
  chats.set(address, chat);
  return chat;
}
