import type { ChannelId, ContactId } from "../core/nouns/ids.ts";

export type OutboxSettings = {
  /** Requests in flight at once, over all channels, and those whose result can't be written: what a crash may send twice at most. */
  readonly inFlight: number;
  /** Gives a number from 0 to 1, to spread retries. */
  readonly chance: () => number;
  /** Called each time an answer has left or was given up. */
  readonly onLeft: () => void;
  /** The platform says that this person can't be reached any more. */
  readonly onContactStopped: (contact: ContactId, channel: ChannelId) => Promise<void>;
};
