import type { ChannelId, ContactId } from "../core/nouns/ids.ts";
import type { Language } from "../core/nouns/language.ts";
import type { Ms } from "../core/nouns/time.ts";
import type { ContactState } from "./ports.ts";

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
   * Queues the next chunk of a broadcast's rows, fewer where the store would stand still (active subscribers in these
   * languages only, one row a contact, ever), and remembers how far it came in the same transaction; moves
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
