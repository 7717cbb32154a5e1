import type { Clock } from "../../../src/app/ports.ts";
import type { Store } from "../../../src/app/ports-store.ts";
import { day } from "../../../src/core/nouns/time.ts";

/** One place where an engine keeps its data. Opened again after `close`, it is what it was. */
export type StorePlace = {
  readonly open: (clock: Clock) => Promise<Store>;
  /** Ends the process's hold on the data without a close, as a kill would. */
  readonly abandon: (store: Store) => Promise<void>;
  readonly remove: () => Promise<void>;
};

/** What an engine gives the contract suite. */
export type StoreEngine = () => Promise<StorePlace>;

export const noon = Date.UTC(2026, 10, 22, 12);

/** A clock that stands still until it is moved. */
export type HandClock = Clock & { readonly advance: (ms: number) => void };

export function handClock(start = noon): HandClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

/** A store in an empty place, with its clock; `reopen` closes it and opens it again. */
export type Bench = {
  readonly clock: HandClock;
  readonly store: Store;
  readonly reopen: () => Promise<void>;
  readonly crash: () => Promise<void>;
  readonly end: () => Promise<void>;
};

export async function openBench(engine: StoreEngine): Promise<Bench> {
  const place = await engine();
  const clock = handClock();
  let store = await place.open(clock);
  return {
    clock,
    get store() {
      return store;
    },
    reopen: async () => {
      await store.close();
      store = await place.open(clock);
    },
    crash: async () => {
      await place.abandon(store);
      store = await place.open(clock);
    },
    end: async () => {
      await store.close();
      await place.remove();
    },
  };
}

export const tomorrow = noon + day;
