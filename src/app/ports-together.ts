import type { ChannelId, ContactId, OutboxId } from "../core/nouns/ids.ts";
import type { Ms } from "../core/nouns/time.ts";

/** What happened outside this process, in the store it shares with others, where this one has to act on it. */
export type Tidings =
  /** Rows may be waiting that were not before. */
  | { readonly kind: "waiting" }
  /** What waited for this contact was ended, or they were erased: what is in memory of them is stale. */
  | { readonly kind: "dropped"; readonly contact: ContactId }
  /** A platform reported this row, which is in our hands. */
  | { readonly kind: "reported"; readonly outbox: OutboxId }
  | { readonly kind: "topics" }
  /** A platform asked another process for a pause of a whole channel. */
  | { readonly kind: "held"; readonly channel: ChannelId; readonly forMs: Ms }
  /** Another process died, and what it held is free again. */
  | { readonly kind: "took-over" }
  /** This process was taken for dead: nothing that it holds is its own any more. */
  | { readonly kind: "disowned" };

/** How the processes that share a store stay out of each other's way. Where there is only one, nothing of it happens. */
export type Together = {
  /** Calls `listener` with each tidings from now on. */
  readonly hear: (listener: (tidings: Tidings) => void) => void;
  /** Whether this is the process that does what time brings. One at a time does; another follows when it ends. */
  readonly leads: () => Promise<boolean>;
  /**
   * Whether a row that was given to this process may still leave: false when it was ended, or another process has taken it
   * over. `fresh`: the store has given it within the last second. Rejects with Problem `store-unavailable` when nobody can tell.
   */
  readonly mayLeave: (id: OutboxId, fresh: boolean) => boolean | Promise<boolean>;
  /**
   * Takes the next `count` moments, `every` ms apart, in which unasked messages may leave on a channel; gives how long (ms)
   * it is until the first of them. Undefined where no other process sends on it.
   */
  readonly moments: ((channel: ChannelId, count: number, every: Ms) => Promise<Ms>) | undefined;
  /** Tells the others that a platform wants nothing on this channel for so long. */
  readonly hold: (channel: ChannelId, forMs: Ms) => void;
};

/** Nobody else is there. */
export const alone: Together = {
  hear: () => {},
  leads: () => Promise.resolve(true),
  mayLeave: () => true,
  moments: undefined,
  hold: () => {},
};
