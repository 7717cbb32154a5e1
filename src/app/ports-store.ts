import type { ChannelId, ContactId, OutboxId } from "../core/nouns/ids.ts";
import type { Language } from "../core/nouns/language.ts";
import type { Lane } from "../core/nouns/message.ts";
import type { Ms } from "../core/nouns/time.ts";
import type { ContactState } from "./ports.ts";
import type { DeliveryStatus } from "./ports-channel.ts";
import type { DeskStore } from "./ports-desk.ts";
import type { Together } from "./ports-together.ts";

/** A contact as stored; what is personal is sealed. */
export type ContactRow = {
  readonly id: ContactId;
  readonly channel: ChannelId;
  readonly language: Language;
  readonly state: ContactState;
  readonly version: number;
  readonly lastSeen: Ms;
  readonly lastInbound: Ms | undefined;
  /** The platform's id of the message that shows the buttons of the question that waits, or waited last. */
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
  /** Let go what waited for the person's reply: as the oldest of its answers, before this turn's own. */
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

/** Whether something waits for the turn's contact until they write, and is still worth sending at that time (ms). */
export type Waits = (contact: ContactId, now: Ms) => boolean;

/** Who a turn is about, and what makes it happen once. */
export type TurnRequest = {
  readonly who:
    | { readonly kind: "address"; readonly blinds: readonly Uint8Array[] }
    | { readonly kind: "contact"; readonly id: ContactId };
  /**
   * The delivery's idempotency key; a repeated one is a `duplicate`. A kept input is handled again only by a request that
   * says `retry`; such a request is a `duplicate` once the input has been handled, set aside, or erased with its person.
   * `counted`: the attempt has been written already, by `takeBack`.
   */
  readonly inbox:
    | {
        readonly channel: ChannelId;
        readonly externalId: string;
        readonly retry?: boolean;
        readonly counted?: boolean;
      }
    | undefined;
  /** The scheduled moment that fell due; when it is no longer there, or was moved, the turn is a `duplicate`. */
  readonly fire: { readonly ref: string; readonly at: Ms } | undefined;
  readonly now: Ms;
  /**
   * Decides what changes. Synchronous, touches nothing but its arguments; may throw. `undefined`: nothing to do. `waits` is
   * asked only where it matters.
   */
  readonly decide: (contact: ContactRow | undefined, waits: Waits) => Changes | undefined;
  /** After `decide` threw: the sealed input to set aside, with what a contact row needs if there was none. */
  readonly keep: (contact: ContactRow | undefined) => {
    readonly changes: Changes;
    readonly contact: ContactId;
    readonly input: (inboxId: number) => Uint8Array;
  };
};

export type TurnResult =
  /**
   * `released`: something that was held for this contact may go now. `behind`: something of theirs is in another process's
   * hands; the messages of this turn are claimed in their turn, and are not the caller's. `inLine`: older ones wait in the
   * same lane: unless the caller has those, this turn's are claimed after them, and are not the caller's either.
   */
  | {
      readonly kind: "done";
      readonly changes: Changes | undefined;
      readonly released: boolean;
      readonly behind?: true;
      readonly inLine?: true;
    }
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

/** An input that failed too often, for a person to look at. */
export type SetAside = {
  readonly id: number;
  readonly channel: ChannelId;
  readonly contact: ContactId;
  /** When it first failed. */
  readonly at: Ms;
  readonly attempts: number;
  readonly reason: string;
};

/** A queued row handed to the one who sends. */
export type ClaimedRow = {
  readonly id: OutboxId;
  /** When it was queued, by the clock of the process that did. */
  readonly queuedAt: Ms;
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
    /** A template has told of it: kept until the person writes, as `held` is. */
    | { readonly kind: "announced"; readonly providerId: string; readonly keptUntil: Ms }
    | { readonly kind: "again"; readonly at: Ms }
    /** Kept until the person writes; its `notAfter` moves on to `keptUntil`, where that is later. */
    | { readonly kind: "held"; readonly reason: string; readonly keptUntil: Ms }
    | { readonly kind: "failed"; readonly reason: string }
    | { readonly kind: "dropped"; readonly reason: string }
    /** Given back, without another try by whoever has it: where it still waits, it is there to be claimed. */
    | { readonly kind: "let-go" };
};

export type DueFire = { readonly contact: ContactId; readonly ref: string; readonly at: Ms };

/** When not ok: why, by a name that stays the same (`disk-full`, `locked` …) and in words that say what to do. */
export type StoreHealth =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly reason: string };

/**
 * The store. One contract, kept by each engine. Every promise that changes something resolves after the change is
 * durable and rejects with Problem `store-unavailable` when it could not be made; nothing is half-written.
 */
export type Store = {
  /** Next opaque id: grows with time, never given twice. */
  readonly nextId: () => number;
  /** One conversation turn, in one transaction (grouped with others' turns). Turns of one contact run one after another. */
  readonly turn: (request: TurnRequest) => Promise<TurnResult>;
  /** Inputs to try again now. */
  readonly keptInputs: (now: Ms, limit: number) => Promise<readonly KeptInput[]>;
  /** Those set aside, without their content, the oldest first. */
  readonly setAside: () => Promise<readonly SetAside[]>;
  /**
   * Takes an input back that was set aside, for one more attempt: a turn that says `retry` and `counted`. The attempt is
   * counted with it, so that one that ends the process is the last. Undefined where no such input is set aside.
   */
  readonly takeBack: (id: number, now: Ms) => Promise<KeptInput | undefined>;

  /** Scheduled moments that have come, earliest first. */
  readonly dueFires: (now: Ms, limit: number) => Promise<readonly DueFire[]>;
  readonly nextFireAt: () => Promise<Ms | undefined>;

  /**
   * Rows to send now, in the order of their ids within a contact and lane, none that is past its `notAfter`. A contact
   * is passed over while one of its rows is in someone's hands, or something of an earlier lane waits for it.
   * A claimed row is the caller's until a settlement of it resolves (one that rejects changes nothing), or a restart.
   * The rows in `except` the caller has already, from the turn that queued them: they need not be given.
   */
  readonly claim: (
    now: Ms,
    lane: Lane,
    limit: number,
    except?: Iterable<OutboxId>,
  ) => Promise<readonly ClaimedRow[]>;
  /**
   * Writes that a row of the caller's is about to leave, where it must not leave twice. Until it is settled, whoever else comes to
   * it is not handed it: its process has ended, nobody knows whether it went out, and it ends as failed.
   */
  readonly leaving: (row: Pick<Settled, "id" | "contact">) => Promise<void>;
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
  /** The next contacts by their ids, from after this one. */
  readonly contactsAfter: (id: ContactId, limit: number) => Promise<readonly ContactRow[]>;

  readonly desk: DeskStore;
  readonly together: Together;
  /** Small named values of the installation (index key, content records, polling offset …). */
  readonly readMeta: (key: string) => Promise<Uint8Array | undefined>;
  readonly writeMeta: (key: string, value: Uint8Array) => Promise<void>;
  /** Removes what is past its time; says how many of what. */
  readonly sweep: (now: Ms) => Promise<Readonly<Record<string, number>>>;
  /** Whether it can be written to right now. */
  readonly health: () => Promise<StoreHealth>;
  /** Ends the running transaction, then closes. Idempotent. */
  readonly close: () => Promise<void>;
};
