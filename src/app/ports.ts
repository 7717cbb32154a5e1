import type { ChannelId, ContactId, OutboxId } from "../core/nouns/ids.ts";
import type { Input } from "../core/nouns/input.ts";
import type { Language } from "../core/nouns/language.ts";
import type { Lane, Outgoing } from "../core/nouns/message.ts";
import type { Ms } from "../core/nouns/time.ts";

/** The wall clock. Everything that needs "now" is given it from here. */
export type Clock = { readonly now: () => Ms };

/**
 * Where structured notes go. Fields are counts, opaque ids, codes and names of our own parts:
 * never message text, a name, an address or an answer.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
export type Log = {
  readonly debug: (event: string, fields?: LogFields) => void;
  readonly info: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
  readonly error: (event: string, fields?: LogFields) => void;
};

// ---------------------------------------------------------------- channels

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
  /** The platform's id of the message whose button was tapped. */
  readonly tappedMessage: string | undefined;
  /** What the channel needs to answer a tap (Telegram: the callback query's id). */
  readonly tapId: string | undefined;
};

/** A delivery report of the platform. `rank` orders them: queued 0 < sent 1 < delivered 2 < read 3; failures are final. */
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
  | { readonly kind: "sent"; readonly providerId: string; readonly hasButtons: boolean }
  /** A template went instead; the message itself waits for the person's next reply. */
  | { readonly kind: "announced"; readonly providerId: string }
  | {
      readonly kind: "retry-later";
      readonly afterMs: Ms | undefined;
      readonly reason: string /** Whole channel or only this person. */;
      readonly scope: "channel" | "contact";
    }
  | { readonly kind: "refused"; readonly reason: string }
  /** The person blocked us, is gone, or opted out with the platform. */
  | { readonly kind: "contact-stopped"; readonly reason: string }
  /** The reply window has closed and no approved template may speak: kept back until the person writes. */
  | { readonly kind: "window-closed"; readonly reason: string }
  /** The response was lost: it may or may not have been sent. */
  | { readonly kind: "unknown"; readonly reason: string };

/** How one more broadcast message to this person could go now. */
export type Reach = "now" | "by-template" | "window-closed";

/** A way to talk. Telegram and WhatsApp implement it; the app knows nothing else of them. */
export type Channel = {
  readonly id: ChannelId;
  /** Verifies and reads one webhook request. Never throws for what it is given. */
  readonly receive: (request: WebhookRequest) => Received;
  /** What a webhook is answered with when all is well. */
  readonly answer: WebhookAnswer;
  /** Sends one message in the form this channel has for it. Never throws: failures are outcomes. */
  readonly send: (outgoing: Outgoing) => Promise<SendOutcome>;
  /** After the commit: answers the tap, so that the person's phone stops waiting. Best effort, never throws. */
  readonly settleTap: (inbound: Inbound) => void;
  /** Whether a message that is not an answer could go out, by when the person last wrote. */
  readonly reach: (language: Language, lastInbound: Ms | undefined, now: Ms) => Reach;
  /** Unasked messages a second that this channel bears. */
  readonly bulkPerSecond: number;
  /** Starts what runs by itself (long polling, registering commands, content records); resolves when ready. */
  readonly start: (intake: Intake) => Promise<void>;
  /** Stops it; in-flight work is finished first. Idempotent. */
  readonly stop: () => Promise<void>;
};

/** What a channel that fetches for itself hands its input to; resolves when it is durable. */
export type Intake = (received: Inbound | DeliveryStatus) => Promise<void>;

// ---------------------------------------------------------------- vault

/** A person's data key, opened; what is inside is the vault's own. */
export type PersonKey = { readonly id: number; readonly key: object };
export type Place = {
  readonly table: string;
  readonly column: string;
  readonly row: number;
  readonly org?: string;
};
/** Seals and opens what is personal. Its errors name neither keys nor content. */
export interface Vault {
  newPersonKey(id: number): { readonly key: PersonKey; readonly wrapped: Uint8Array };
  openPersonKey(id: number, wrapped: Uint8Array): PersonKey;
  seal(key: PersonKey, place: Place, plain: string): Uint8Array;
  open(key: PersonKey, place: Place, sealed: Uint8Array): string;
  /** The keyed look-up value of an address on a channel. */
  blind(channel: string, address: string): Uint8Array;
  /** What remains of a deleted contact, so that a restored backup deletes it again. */
  tombstone(contactId: number): Uint8Array;
}

// ---------------------------------------------------------------- store

export type ContactState = "active" | "stopped" | "blocked";

/** A contact as stored; what is personal is sealed. */
export type ContactRow = {
  readonly id: ContactId;
  readonly channel: ChannelId;
  readonly language: Language;
  readonly state: ContactState;
  readonly version: number;
  readonly lastSeen: Ms;
  readonly lastInbound: Ms | undefined;
  /** The platform's id of the last message that still shows buttons. */
  readonly openKeyboard: string | undefined;
  readonly wrappedKey: Uint8Array;
  /** Sealed JSON list of addresses, the one to answer to first. */
  readonly address: Uint8Array;
  readonly session: Uint8Array;
};

export type NewOutboxRow = {
  readonly id: OutboxId;
  readonly contact: ContactId;
  readonly channel: ChannelId;
  readonly lane: Lane;
  readonly language: Language;
  readonly notBefore: Ms;
  /** After this it is no longer worth sending. */
  readonly notAfter: Ms;
  /** Sealed message; undefined for broadcast rows, which point to their broadcast instead. */
  readonly body: Uint8Array | undefined;
  /** For the one message that outlives its person: a wrapped one-time key and the address sealed under it. */
  readonly lone?: { readonly wrappedKey: Uint8Array; readonly address: Uint8Array };
};

/** Everything one turn changes, written in one transaction with its inbox row, or not at all. */
export type Changes = {
  /** The contact as it shall be; `version` is the one that was read (0 for a new contact), what is stored is one more. */
  readonly contact: ContactRow | undefined;
  /** Address look-ups that shall lead to this contact. */
  readonly blinds: readonly Uint8Array[];
  readonly outbox: readonly NewOutboxRow[];
  /** Drop what is queued for this contact from before this turn, in these lanes, with this reason. */
  readonly drop: { readonly lanes: readonly Lane[]; readonly reason: string } | undefined;
  /** Let go what waited for the person's reply (announced messages). */
  readonly release: boolean;
  readonly schedule: readonly { readonly ref: string; readonly at: Ms }[];
  readonly unschedule: readonly string[] | "all";
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[] | "all";
  /** A case for a person to look at, why sealed; nothing happens while this contact has an open one. */
  readonly openCases: readonly { readonly id: number; readonly reason: Uint8Array }[];
  readonly counts: readonly string[];
  /** Erase the person: key, rows, look-ups; keep the tombstone. */
  readonly forget: { readonly tombstone: Uint8Array } | undefined;
};

/** Who a turn is about, and what makes it happen once. */
export type TurnRequest = {
  readonly who:
    | { readonly kind: "address"; readonly blinds: readonly Uint8Array[] }
    | { readonly kind: "contact"; readonly id: ContactId };
  /**
   * The delivery's idempotency key; a repeated one is a `duplicate`. A kept input is handled again only by a request that
   * says `retry`; such a request is a `duplicate` once the input has been handled, set aside, or erased with its person.
   */
  readonly inbox:
    | { readonly channel: ChannelId; readonly externalId: string; readonly retry?: boolean }
    | undefined;
  /** The scheduled moment that fell due; when it is no longer there, or was moved, the turn is a `duplicate`. */
  readonly fire: { readonly ref: string; readonly at: Ms } | undefined;
  readonly now: Ms;
  /** Decides what changes. Synchronous, touches nothing but its arguments; may throw. `undefined`: nothing to do. */
  readonly decide: (contact: ContactRow | undefined) => Changes | undefined;
  /** After `decide` threw: the sealed input to set aside, with what a contact row needs if there was none. */
  readonly keep: (contact: ContactRow | undefined) => {
    readonly changes: Changes;
    readonly contact: ContactId;
    readonly input: (inboxId: number) => Uint8Array;
  };
};

export type TurnResult =
  | { readonly kind: "done"; readonly changes: Changes | undefined }
  | { readonly kind: "duplicate" }
  /** The handler threw; the input is kept, sealed, and will be tried again. */
  | { readonly kind: "kept"; readonly attempts: number }
  /** It threw for the last time: set aside for a person to look at. */
  | { readonly kind: "set-aside" };

/** An input whose handling failed and whose next try is due. */
export type KeptInput = {
  readonly id: number;
  readonly channel: ChannelId;
  readonly externalId: string;
  readonly contact: ContactId;
  readonly attempts: number;
  readonly input: Uint8Array;
};

/** A queued row handed to the one who sends. */
export type ClaimedRow = {
  readonly id: OutboxId;
  readonly contact: ContactId;
  readonly channel: ChannelId;
  readonly lane: Lane;
  readonly language: Language;
  readonly attempts: number;
  readonly notAfter: Ms;
  readonly body: Uint8Array | undefined;
  readonly broadcast: number | undefined;
  /** The contact as it is now; undefined for a lone message. */
  readonly to: ContactRow | undefined;
  readonly lone: { readonly wrappedKey: Uint8Array; readonly address: Uint8Array } | undefined;
};

/** What to write about a row that was tried. */
export type Settled = {
  readonly id: OutboxId;
  readonly contact: ContactId;
  readonly result:
    | { readonly kind: "sent"; readonly providerId: string; readonly keyboard: string | undefined }
    | { readonly kind: "announced"; readonly providerId: string }
    | { readonly kind: "again"; readonly at: Ms }
    /** Kept until the person writes. */
    | { readonly kind: "held"; readonly reason: string }
    | { readonly kind: "failed"; readonly reason: string }
    | { readonly kind: "dropped"; readonly reason: string };
};

export type DueFire = { readonly contact: ContactId; readonly ref: string; readonly at: Ms };

/**
 * The store. One contract, kept by each engine. Every promise that changes something resolves after the change is
 * durable and rejects with a StoreError when it could not be made; nothing is half-written.
 */
export type Store = {
  /** Next opaque id: grows with time, never given twice. */
  readonly nextId: () => number;
  /** One conversation turn, in one transaction (grouped with others' turns). Turns of one contact run one after another. */
  readonly turn: (request: TurnRequest) => Promise<TurnResult>;
  /** Inputs to try again now. */
  readonly keptInputs: (now: Ms, limit: number) => Promise<readonly KeptInput[]>;
  /** Those set aside, without their content. */
  readonly setAside: () => Promise<
    readonly {
      readonly id: number;
      readonly channel: ChannelId;
      readonly at: Ms;
      readonly attempts: number;
      readonly reason: string;
    }[]
  >;

  /** Scheduled moments that have come, earliest first. */
  readonly dueFires: (now: Ms, limit: number) => Promise<readonly DueFire[]>;
  readonly nextFireAt: () => Promise<Ms | undefined>;

  /**
   * Rows to send now, in the order of their ids within a contact and lane, none that is past its `notAfter`. A contact
   * is passed over while one of its rows is in someone's hands, or something of an earlier lane waits for it.
   * A claimed row is the caller's until a settlement of it resolves (one that rejects changes nothing), or a restart.
   */
  readonly claim: (now: Ms, lane: Lane, limit: number) => Promise<readonly ClaimedRow[]>;
  /**
   * Writes what became of rows; rows that are gone are passed over. A row that was dropped meanwhile stays dropped unless it
   * was sent; one that the platform has reported meanwhile counts as sent when the sender only lost the answer.
   */
  readonly settle: (settled: readonly Settled[]) => Promise<void>;
  /**
   * Merges a delivery report by rank (a failure is final), and ends a row whose answer was lost. Says which row and contact
   * it was about (undefined: none of ours).
   */
  readonly reportStatus: (
    status: DeliveryStatus,
    now: Ms,
  ) => Promise<{ readonly contact: ContactId; readonly lane: Lane; readonly outbox: OutboxId } | undefined>;
  /** How many rows are queued and due, by lane. */
  readonly backlog: () => Promise<Readonly<Record<Lane, number>>>;
  readonly contact: (id: ContactId) => Promise<ContactRow | undefined>;

  readonly desk: DeskStore;
  /** Small named values of the installation (index key, content records, polling offset …). */
  readonly readMeta: (key: string) => Promise<Uint8Array | undefined>;
  readonly writeMeta: (key: string, value: Uint8Array) => Promise<void>;
  /** Removes what is past its time; says how many of what. */
  readonly sweep: (now: Ms) => Promise<Readonly<Record<string, number>>>;
  /** Whether it can be written to right now; the reason when not. */
  readonly health: () => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>;
  /** Ends the running transaction, then closes. Idempotent. */
  readonly close: () => Promise<void>;
};

export type TopicRow = {
  readonly id: string;
  readonly organisation: string;
  readonly titles: Readonly<Record<Language, string>>;
};
export type BroadcastRow = {
  readonly id: number;
  readonly topic: string;
  readonly organisation: string;
  readonly texts: Readonly<Record<Language, string>>;
  readonly state: "planning" | "sending" | "done";
  readonly createdAt: Ms;
};
/** One group of subscribers who look alike to the planner. */
export type AudienceGroup = {
  readonly channel: ChannelId;
  readonly language: Language;
  readonly state: ContactState;
  readonly window: "open" | "closed";
  readonly count: number;
};

/** The organisations' side of the store. */
export type DeskStore = {
  readonly addOrganisation: (id: string, name: string, now: Ms) => Promise<"added" | "exists">;
  readonly organisations: () => Promise<readonly { readonly id: string; readonly name: string }[]>;
  readonly addTopic: (topic: TopicRow, now: Ms) => Promise<"added" | "exists" | "no-organisation">;
  readonly topics: () => Promise<readonly TopicRow[]>;
  /** Counts a topic's subscribers; `windowOpenSince`: who wrote at or after it is inside the reply window. */
  readonly audience: (topic: string, windowOpenSince: Ms) => Promise<readonly AudienceGroup[]>;
  readonly createBroadcast: (broadcast: Omit<BroadcastRow, "state">) => Promise<void>;
  readonly broadcast: (id: number) => Promise<BroadcastRow | undefined>;
  readonly broadcastsIn: (state: BroadcastRow["state"]) => Promise<readonly BroadcastRow[]>;
  /**
   * Queues the next chunk of a broadcast's rows (active subscribers in these languages only, one row a contact, ever; a
   * thousand at once stall an embedded store for about 10 ms) and remembers how far it came in the same transaction; moves
   * the broadcast on when there are none left. Gives how many were queued.
   */
  readonly queueBroadcastChunk: (
    id: number,
    chunk: number,
    languages: readonly Language[],
    now: Ms,
    notAfter: Ms,
  ) => Promise<{ readonly queued: number; readonly more: boolean }>;
  /**
   * Each person counted once, by how far the message came: `queued`, `sent`, `delivered`, `read`, and `held …`, `failed …`,
   * `dropped …` with the reason after a space. Stays true when rows are removed.
   */
  readonly broadcastStatus: (id: number) => Promise<Readonly<Record<string, number>>>;
  readonly cases: () => Promise<
    readonly {
      readonly id: number;
      readonly contact: ContactId;
      readonly reason: Uint8Array;
      readonly at: Ms;
      readonly state: string;
    }[]
  >;
  readonly counts: () => Promise<Readonly<Record<string, number>>>;
};
