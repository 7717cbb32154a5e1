/** What ended because the store was put back from a copy: how many messages, and broadcasts that were still being queued. */
export type EndedByCopy = {
  readonly replies: number;
  readonly broadcastMessages: number;
  readonly broadcasts: number;
};

/** What an engine does for a store that was put back from a copy, before anything is served from it. */
export type Copies = {
  /**
   * Where the store is such a copy and this was not done yet: ends what waited when the copy was made and may have gone out
   * since, in one transaction. Undefined where there was nothing to do.
   */
  readonly settle: () => Promise<EndedByCopy | undefined>;
  /** Every tombstone the store holds. */
  readonly tombstones: () => Promise<readonly Uint8Array[]>;
  /** Notes tombstones of people of whom nothing is here. */
  readonly bury: (tombstones: readonly Uint8Array[]) => Promise<void>;
};

/**
 * The tombstones of everyone erased here, kept beside the store and never in it: what a copy of the store that is older than
 * an erasure is compared with. Each is 32 hexadecimal digits.
 */
export type TombstoneList = {
  /** All of them. Throws Problem `store-unavailable` where the list is there and can't be read. */
  readonly read: () => ReadonlySet<string>;
  /** On the disk when it returns, or with the next ones: never throws. */
  readonly add: (tombstones: readonly string[]) => void;
};
