import type { Sent } from "./inbound.ts";
import type { PersonState, SeenMessage } from "./people.ts";

export interface TapOptions {
  /** Sends an id that no choice of that message has. */
  readonly forge?: boolean;
}

export interface Person {
  readonly address: string;
  /** Each sends one message, opens the 24 h window, and gives the message's sid. */
  readonly say: (text: string) => string;
  /** Taps a quick reply, or a row of a list, by its title or its id. Throws where the message has no such choice. */
  readonly tap: (on: string | "latest", titleOrId: string, options?: TapOptions) => string;
  readonly sendMedia: (url: string, contentType: string, caption?: string) => string;
  readonly sendLocation: (latitude: number, longitude: number, label?: string) => string;
  /** Blocks the business: later messages fail with 63014. */
  readonly block: () => void;
  readonly unblock: () => void;
  /** Puts the person on Twilio's own list: later messages are refused with 21610. */
  readonly optOut: () => void;
  readonly optIn: () => void;
  /** What has arrived from the bot, oldest first. */
  readonly messages: () => readonly SeenMessage[];
  /** Both sides of the chat, oldest first. */
  readonly conversation: () => readonly SeenMessage[];
}

/** Gives the controls of one person; `arrive` takes what they send and gives its sid. */
export function createPerson(
  address: string,
  state: PersonState,
  arrive: (person: PersonState, sent: Sent) => string,
): Person {
  const fromBot = () => state.seen.filter(({ from }) => from === "bot");
  return {
    address,
    say: (body) => arrive(state, { kind: "text", body }),
    tap: (on, titleOrId, options = {}) => arrive(state, tapped(fromBot(), on, titleOrId, options)),
    sendMedia: (url, contentType, body = "") => arrive(state, { kind: "media", url, contentType, body }),
    sendLocation: (latitude, longitude, label) =>
      arrive(state, { kind: "location", latitude, longitude, label }),
    block() {
      state.blocked = true;
    },
    unblock() {
      state.blocked = false;
    },
    optOut() {
      state.optedOut = true;
    },
    optIn() {
      state.optedOut = false;
    },
    messages: fromBot,
    conversation: () => [...state.seen],
  };
}

function tapped(
  messages: readonly SeenMessage[],
  on: string | "latest",
  titleOrId: string,
  { forge = false }: TapOptions,
): Sent {
  const message =
    on === "latest"
      ? messages.findLast(({ buttons, rows }) => buttons.length + rows.length > 0)
      : messages.find(({ sid }) => sid === on);
  if (message === undefined) throw new Error(`no message "${on}" with choices to tap`);
  const picks = ({ id, title }: { readonly id: string; readonly title: string }) =>
    id === titleOrId || title.trim() === titleOrId.trim();
  const button = message.buttons.find(picks);
  if (button !== undefined) return { kind: "button", on: message, ...button };
  const row = message.rows.find(picks);
  if (row !== undefined) return { kind: "row", on: message, ...row };
  if (forge) return { kind: "button", on: message, title: titleOrId, id: titleOrId };
  const there = [...message.buttons, ...message.rows].map(({ title, id }) => `${title} [${id}]`).join(", ");
  throw new Error(`no choice "${titleOrId}" to tap; there are: ${there || "none"}`);
}
