import type { ChannelId, OutboxId } from "../core/nouns/ids.ts";
import type { Input } from "../core/nouns/input.ts";
import type { Language } from "../core/nouns/language.ts";
import type { Outgoing } from "../core/nouns/message.ts";
import type { Ms } from "../core/nouns/time.ts";

/** One thing that arrived, after the channel has verified and read it. */
export type Inbound = {
  readonly channel: ChannelId;
  /** The platform's own id of this delivery: the idempotency key. */
  readonly externalId: string;
  /** Every address the platform gave for this person (chat id; phone and business-scoped id); any of them finds the contact. The first is where answers go. */
  readonly addresses: readonly [string, ...string[]];
  readonly input: Input;
  /** The platform's guess at the person's language, an IETF tag, or undefined. */
  readonly languageHint: string | undefined;
  /** Whether this opens the channel's reply window (the person wrote or tapped). */
  readonly opensWindow: boolean;
  /** When the person wrote it, by the platform's clock, where that was not just now. */
  readonly writtenAt?: Ms;
  /** The platform's id of the message whose button was tapped, where its buttons can be taken away. */
  readonly tappedMessage: string | undefined;
  /** What the channel needs to answer a tap (Telegram: the callback query's id). */
  readonly tapId: string | undefined;
};

/** A delivery report of the platform. They come in any order: queued < sent < delivered < read, and a failure is final. */
export type DeliveryStatus = {
  readonly channel: ChannelId;
  readonly providerId: string;
  /** Our own row, where the platform gave it back. */
  readonly outbox: OutboxId | undefined;
  readonly status: "queued" | "sent" | "delivered" | "read" | "failed";
  /** For failures: what the channel makes of the platform's code. */
  readonly failure: SendOutcome | undefined;
};

export type Received =
  | { readonly kind: "inbound"; readonly inbound: Inbound }
  | { readonly kind: "status"; readonly status: DeliveryStatus }
  /** Nothing for us (unknown update kinds …): acknowledge. */
  | { readonly kind: "ignored" }
  /** Not from the platform, or malformed: the HTTP status to answer, no state touched. */
  | { readonly kind: "refused"; readonly httpStatus: 400 | 401 | 403 | 413; readonly reason: string };

/** A webhook request as it came: the body is the untouched bytes as text. */
export type WebhookRequest = {
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

export type WebhookAnswer = { readonly contentType: string; readonly body: string };

/** What became of one attempt to send. */
export type SendOutcome =
  /** `hasKeyboard`: it shows buttons that can be taken away again. */
  | { readonly kind: "sent"; readonly providerId: string; readonly hasKeyboard: boolean }
  /** A template went instead; the message itself waits for the person's next reply. */
  | { readonly kind: "announced"; readonly providerId: string }
  | {
      readonly kind: "retry-later";
      readonly afterMs: Ms | undefined;
      readonly reason: string;
      /** Whole channel or only this person. */
      readonly scope: "channel" | "contact";
    }
  | { readonly kind: "refused"; readonly reason: string }
  /** The person blocked us, is gone, or opted out with the platform. */
  | { readonly kind: "contact-stopped"; readonly reason: string }
  /** The reply window has closed and no approved template may speak: kept back until the person writes. */
  | { readonly kind: "window-closed"; readonly reason: string }
  /** The response was lost: it may or may not have been sent. */
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * How one more broadcast message to this person could go now. `template-unknown`: outside the reply window, and the platform
 * has never been asked whether it has approved the template.
 */
export type Reach = "now" | "by-template" | "window-closed" | "template-unknown";

/** A way to talk. Telegram and WhatsApp implement it; the app knows nothing else of them. */
export type Channel = {
  readonly id: ChannelId;
  /** Verifies and reads one webhook request. Never throws for what it is given. */
  readonly receive: (request: WebhookRequest) => Received;
  /** What a webhook is answered with when all is well. */
  readonly answer: WebhookAnswer;
  /** Sends one message in the form this channel has for it. Never throws: failures are outcomes. */
  readonly send: (outgoing: Outgoing) => Promise<SendOutcome>;
  /**
   * Whether `send` asks the platform first what it has taken since `doubtSince`, and sends only what is not there: it is `sent`
   * then as if just now, and `unknown` while the platform can't be asked. Where it can't look, a message in doubt may go twice.
   */
  readonly looksBack?: boolean;
  /**
   * After the commit, by whoever acknowledges: does what the platform waits for (a tap to be answered). What it gives, where it
   * gives something, is what to answer the webhook with in place of `answer`. Best effort, never throws.
   */
  readonly settle?: (inbound: Inbound) => WebhookAnswer | undefined;
  /** Told of each input that was posted and could not be taken in: the platform may not come again with it. */
  readonly refused?: () => void;
  /** Whether a message that is not an answer could go out, by when the person last wrote. */
  readonly reach: (language: Language, lastInbound: Ms | undefined, now: Ms) => Reach;
  /** How long after a person's last message anything may be written; undefined where it always may. */
  readonly window?: Ms;
  /** How long a message whose answer got lost waits for a delivery report before it is looked for, or sent again. */
  readonly doubtWait: Ms;
  /** Unasked messages a second that this channel bears. */
  readonly bulkPerSecond: number;
  /** Recalls what earlier runs have kept of whom may be written to; asks no platform. `start` does it, too. */
  readonly recall?: () => Promise<void>;
  /** Starts what runs by itself (long polling, registering commands, content records); resolves when ready. */
  readonly start: (intake: Intake) => Promise<void>;
  /** Stops it; in-flight work is finished first. Idempotent. */
  readonly stop: () => Promise<void>;
};

/** From when on (ms) there may be something of the platform's that was not taken in. */
export type Heard = {
  /** Undefined where nobody ever listened. */
  readonly get: () => Promise<Ms | undefined>;
  readonly set: (since: Ms) => Promise<void>;
};

/** What a channel that fetches for itself hands its input to; resolves when it is durable. */
export type Intake = (received: Inbound | DeliveryStatus) => Promise<void>;
