import type { WebhookAnswer, WebhookRequest } from "../../app/ports-channel.ts";
import type { Ms } from "../../core/nouns/time.ts";

export const phoneNames = ["telegram", "whatsapp"] as const;
export type PhoneName = (typeof phoneNames)[number];

/** A request that the channel made, exactly as it would have left. */
export type Call = {
  readonly at: Ms;
  readonly method: string;
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
};

/** A stretch of a text that is drawn in its own way; UTF-16 units, as in the Bot API. */
export type Entity = {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
};

export type DrawnButton = { readonly id: string; readonly label: string };

/** One message as it stands on a phone's screen. */
export type Drawn = {
  readonly id: string;
  readonly from: "bot" | "person";
  readonly at: Ms;
  readonly text: string;
  /** Absent where the marks are in the text itself (WhatsApp). */
  readonly entities?: readonly Entity[];
  /** Buttons below the text, row by row. */
  readonly rows: readonly (readonly DrawnButton[])[];
  /** A list that opens when its label is tapped. */
  readonly list?: {
    readonly label: string;
    readonly rows: readonly (DrawnButton & { readonly description: string })[];
  };
  /** Stands for something that is not text. */
  readonly picture?: boolean;
  /** How far it came. */
  readonly state?: "sending" | "sent" | "delivered" | "read" | "failed";
};

/** All that a phone shows of one conversation. */
export type Screen = {
  readonly messages: readonly Drawn[];
  readonly calls: readonly Call[];
  readonly blocked: boolean;
};

export type PhoneEvent =
  | { readonly kind: "screen"; readonly screen: Screen }
  /** A message came, or changed. */
  | { readonly kind: "shown"; readonly message: Drawn }
  | { readonly kind: "gone"; readonly id: string }
  | { readonly kind: "called"; readonly call: Call }
  /** The bot has taken note of a tap. */
  | { readonly kind: "settled" }
  | { readonly kind: "blocked"; readonly blocked: boolean };

/** What a person can do with a phone. */
export type Deed =
  | {
      readonly kind: "say";
      readonly text: string /** Of the phone, an IETF tag. */;
      readonly language: string | undefined;
    }
  | {
      readonly kind: "tap";
      readonly message: string;
      readonly button: string;
      readonly language: string | undefined;
    }
  | { readonly kind: "media" }
  | { readonly kind: "block"; readonly blocked: boolean };

/** What a deed makes the platform post to the bot, and the message that shows it, if any. */
export type Posted = { readonly request: WebhookRequest | undefined; readonly shown: string | undefined };

/** One of the two phones: it plays the platform for the channel behind it, and keeps what people would see. */
export type Phone = {
  /** Who the channel talks with when this session does something; the same for the same session, always. */
  readonly addressOf: (session: string) => string;
  /** Tells the whole screen at once and then every change, until the given function is called. */
  readonly watch: (session: string, see: (event: PhoneEvent) => void) => () => void;
  /** Does something on the phone; undefined where there is nothing of the kind to do. */
  readonly act: (session: string, deed: Deed) => Posted | undefined;
  /** Notes whether a message of the person's reached the bot. */
  readonly reached: (session: string, message: string, ok: boolean) => void;
  /** Clears the screen. */
  readonly restart: (session: string) => void;
  /** What an update of this phone's was acknowledged with: on Telegram that may be a call. */
  readonly answered: (answer: WebhookAnswer) => void;
  /** Where the platform's own reports (delivered, read) are to be posted. */
  readonly reportTo: (post: (request: WebhookRequest) => void) => void;
};
