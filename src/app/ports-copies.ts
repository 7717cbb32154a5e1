import type { Ms } from "../core/nouns/time.ts";

/** What ended because the store was put back from a copy: how many messages, and broadcasts that were still being queued. */
export type EndedByCopy = {
  readonly replies: number;
  readonly broadcastMessages: number;
  readonly broadcasts: number;
};

/** What an engine does for a store that was put back from a copy, before anything is served from it. */
export type Copies = {
  /** Whether the store was put back from a copy and has not been settled since. */
  readonly isCopy: () => Promise<boolean>;
  /**
   * Where it is such a copy: ends what waited when the copy was made and may have gone out since, in one transaction. Undefined
   * where there was nothing to do.
   */
  readonly settle: () => Promise<EndedByCopy | undefined>;
  /** Every tombstone the store holds. */
  readonly tombstones: () => Promise<readonly Uint8Array[]>;
  /** Notes tombstones of people of whom nothing is here. */
  readonly bury: (tombstones: readonly Uint8Array[]) => Promise<void>;
};

/** What a person is called in the lists: the vault's keyed hash of their opaque id, as 32 hexadecimal digits. */
export type Listed = string;

/** That somebody said stop, or takes messages again. */
export type OptOut = { readonly who: Listed; readonly at: Ms; readonly stopped: boolean };

/**
 * What has to outlive a store, kept beside it and never in it: what a copy of the store that is older is compared with. Reading
 * throws Problem `store-unavailable` where a list is there and can't be read. Adding never throws: it is on the disk when it
 * returns, or with what is added next.
 */
export type Lists = {
  /** Everyone erased here. */
  readonly erased: () => ReadonlySet<Listed>;
  readonly addErased: (people: readonly Listed[]) => void;
  /** By person: whether their last word was stop. */
  readonly optOuts: () => ReadonlyMap<Listed, boolean>;
  readonly addOptOut: (one: OptOut) => void;
};
