import type { ChannelId, ContactId, OutboxId } from "./ids.ts";
import type { Language } from "./language.ts";
import { day, type Ms } from "./time.ts";

/**
 * A paragraph group of a message. The style is a hint that each channel draws in its own way
 * (Telegram: bold and italic; WhatsApp: asterisks and underscores). The text is plain, never markup:
 * whoever writes it into a payload escapes it, at that last step only.
 */
export type Part = { readonly style: "heading" | "text" | "note"; readonly text: string };

/** Something to tap: an id of at most 64 bytes that comes back when it is tapped, and what is written on it. */
export type Button = { readonly id: string; readonly label: string };

/** How many UTF-16 units fit a row of WhatsApp's lists (Twilio Content API), the shortest that any channel has. */
export const longestRow = 24;

/** What a person is told, in their language, before any channel has chosen a form for it. */
export type Message = {
  readonly language: Language;
  readonly parts: readonly Part[];
  /** The answers or things to do, in order. */
  readonly buttons: readonly Button[];
  /** Ways out of the question (back, a person, menu), drawn smaller where a channel can. */
  readonly nav: readonly Button[];
  /** What is written on the button that opens a list, where a channel has lists. At most 20 UTF-16 units. */
  readonly listLabel: string;
};

/** Which queue a message waits in: answers overtake nudges, nudges overtake broadcasts. */
export type Lane = "reply" | "nudge" | "bulk";

/** How long a message is kept that has to wait for the person to write, where it does not say so itself. */
export const keptFor: Ms = 7 * day;

/** A message about to leave, with all that a channel needs to choose form, window and template. */
export type Outgoing = {
  readonly id: OutboxId;
  readonly contact: ContactId;
  readonly channel: ChannelId;
  /** Where to: what the channel itself gave as the address. */
  readonly address: string;
  readonly lane: Lane;
  readonly message: Message;
  /** When the person last wrote to us on this channel; undefined when never. */
  readonly lastInbound: Ms | undefined;
  /** The platform's id of the message that shows the buttons of a question which this one ends, to be taken away. */
  readonly openKeyboard: string | undefined;
  /** The same of another message whose buttons a tap has used up. */
  readonly spent?: string | undefined;
  /** The organisation that speaks, for templates; undefined when the bot itself does. */
  readonly organisation: string | undefined;
  /** From when on (ms) the platform may have taken this message from us without our hearing of it; undefined when it surely has not. */
  readonly doubtSince?: Ms | undefined;
};
