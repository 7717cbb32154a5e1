import type { DatabaseSync } from "node:sqlite";
import { clearTimeout, setTimeout } from "node:timers";
import type { Problem } from "../../app/errors.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import { storeClosed } from "../schema/closed.ts";
import { waitForLocks } from "./connection.ts";
import { heldTooLong, isLocked, unavailable } from "./store-failure.ts";
import { inSavepoint, inTransaction } from "./transaction.ts";

/** Most items in one transaction: enough to share the cost of the disk's flush, few enough not to hold up the event loop. */
const most = 200;
/** How long an item waits for another program that holds the database, and how often the lock is tried meanwhile. */
const usualPatience: Ms = 5 * second;
const betweenTries: Ms = 20;
/**
 * After a flush, for twice as long as it took and at most so long, the next one waits while more keep arriving: everything
 * stands still while the disk is flushed. As soon as nobody else arrives nobody waits.
 */
const longestRest: Ms = 4;
/** So many that need not be written at once are worth a flush of their own. */
const enough = 32;

export type WriteOptions = {
  /** Committed on its own beforehand while the store is careful. */
  readonly first?: () => void;
  /** How long to wait while another program holds the database, ms; 5 s where it is not said. */
  readonly patience?: Ms;
  /** Nobody waits for it: for so long, ms, it may wait for others whose flush it can share. */
  readonly shares?: Ms;
};

export type GroupCommit = {
  /**
   * Queues a piece of work. It runs in arrival order, in one transaction with what else is waiting; the promise resolves
   * after the commit. `work` runs to its end without awaiting, and may run twice when another item of its batch failed.
   * Rejects with Problem `store-unavailable` when the store cannot be written to, with what `work` threw otherwise.
   */
  readonly write: <T>(work: () => T, options?: WriteOptions) => Promise<T>;
  /** Why the last transaction could not be made; undefined when it could. */
  readonly trouble: () => Problem | undefined;
  /** Runs what is queued now and takes nothing more. */
  readonly end: () => void;
};

export type GroupCommitNeeds = {
  /** Its busy timeout has to be 0: waiting for a lock inside SQLite would stop everything else. */
  readonly db: DatabaseSync;
  /** Whether to commit item by item now, because one of them may be what killed the last process. */
  readonly careful: () => boolean;
  /** Told after each batch of which something was written. */
  readonly committed: () => void;
  /** Told whenever something that was written is undone: a transaction, or one item of it. */
  readonly undone: () => void;
  /** Told when the store can't be written to any more, and (undefined) when it can again. */
  readonly troubled: (trouble: Problem | undefined) => void;
};

/** What waits: `run` gives what to tell the waiting caller once it is durable. */
type Item = {
  readonly run: () => () => void;
  /** Undefined where there is none, or it is committed already. */
  first: (() => void) | undefined;
  readonly reject: (problem: unknown) => void;
  /** How long it may wait for others, where nobody waits for it. */
  readonly shares: Ms | undefined;
  /** Until when to wait for a lock, as `performance.now()` counts. */
  readonly until: number;
};

type Thrown = { readonly thrown: unknown };

/** What a batch came to: the trouble with the store, and the items for which another program's lock was in the way. */
type Outcome = { readonly trouble: Problem | undefined; readonly locked: readonly Item[] };

const written: Outcome = { trouble: undefined, locked: [] };

/** Work that arrives while the last transaction commits shares the next one. */
export function groupCommit(needs: GroupCommitNeeds): GroupCommit {
  const queue = new Queue(needs);
  return {
    write: <T>(work: () => T, options: WriteOptions = {}) =>
      new Promise<T>((resolve, reject) => {
        const run = (): (() => void) => {
          const value = work();
          return () => resolve(value);
        };
        const until = performance.now() + (options.patience ?? usualPatience);
        queue.add({ run, first: options.first, reject, until, shares: options.shares });
      }),
    trouble: () => queue.trouble,
    end: () => queue.end(),
  };
}

type Needs = GroupCommitNeeds & {
  /** Told how long (ms) each COMMIT took. */
  readonly flushed: (took: Ms) => void;
};

class Queue {
  readonly #needs: Needs;
  #waiting: Item[] = [];
  #scheduled = false;
  /** Set while all that waits may wait for others. */
  #later: NodeJS.Timeout | undefined;
  /** How many waited when it was last looked whether more arrive. */
  #gathered = 0;
  /** Until when the disk is not flushed again, as `performance.now()` counts. */
  #restUntil = 0;
  #ended = false;
  #trouble: Problem | undefined;
  /** Whether any row was changed since it was last asked, be it that it was changed back. */
  readonly #hasChanged: () => boolean;

  constructor(needs: GroupCommitNeeds) {
    const flushed = (took: Ms): void => {
      this.#restUntil = performance.now() + Math.min(2 * took, longestRest);
    };
    this.#needs = { ...needs, flushed };
    const changes = needs.db.prepare("SELECT total_changes() AS changes");
    let before = changes.get()?.["changes"];
    this.#hasChanged = () => {
      const last = before;
      before = changes.get()?.["changes"];
      return before !== last;
    };
  }

  get trouble(): Problem | undefined {
    return this.#ended ? storeClosed() : this.#trouble;
  }

  add(item: Item): void {
    if (this.#ended) return item.reject(storeClosed());
    this.#waiting.push(item);
    if (this.#scheduled) return;
    if (item.shares !== undefined && this.#waiting.length < enough) {
      this.#later ??= setTimeout(this.#turn, item.shares);
      return;
    }
    this.#schedule();
  }

  #schedule(): void {
    this.#scheduled = true;
    this.#gathered = this.#waiting.length;
    setImmediate(this.#gather);
  }

  readonly #gather = (): void => {
    const gathered = this.#waiting.length;
    if (gathered === this.#gathered || performance.now() >= this.#restUntil) return this.#turn();
    this.#gathered = gathered;
    setImmediate(this.#gather);
  };

  end(): void {
    this.#ended = true;
    clearTimeout(this.#later);
    // Nobody is served any more: to wait inside SQLite harms no one.
    waitForLocks(this.#needs.db);
    while (this.#waiting.length > 0) this.#refuse(this.#flush());
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    clearTimeout(this.#later);
    this.#later = undefined;
    if (this.#waiting.length === 0) return;
    const locked = this.#flush();
    if (locked.length > 0) this.#keepWaiting(locked);
    if (this.#waiting.length === 0) return;
    if (locked.length === 0) return this.#schedule();
    this.#scheduled = true;
    setTimeout(this.#turn, betweenTries);
  };

  /** One batch; gives the items that a lock was in the way of. */
  #flush(): readonly Item[] {
    const batch = this.#waiting.splice(0, most);
    const { trouble, locked } = (this.#needs.careful() ? oneByOne : together)(this.#needs, batch);
    const changed = this.#hasChanged();
    // While somebody still waits for a lock it is no trouble yet.
    if (trouble !== undefined) this.#note(trouble);
    else if (locked.length === 0 && changed) this.#wrote();
    return locked;
  }

  /** What needs no room (a delivery that came twice) says nothing of whether there is any. */
  #wrote(): void {
    this.#note(undefined);
    this.#needs.committed();
  }

  /** Lets those wait on who still have patience, in their order. */
  #keepWaiting(locked: readonly Item[]): void {
    const now = performance.now();
    const all = [...locked, ...this.#waiting];
    this.#waiting = all.filter(({ until }) => until > now);
    this.#refuse(all.filter(({ until }) => until <= now));
  }

  #refuse(items: readonly Item[]): void {
    if (items.length === 0) return;
    this.#note(heldTooLong());
    for (const { reject } of items) reject(heldTooLong());
  }

  #note(trouble: Problem | undefined): void {
    const changed = trouble?.trouble !== this.#trouble?.trouble;
    this.#trouble = trouble;
    if (changed) this.#needs.troubled(trouble);
  }
}

/** The whole batch in one transaction. */
function together(needs: Needs, batch: readonly Item[]): Outcome {
  const problem = commit(needs, () => batch.map((item) => item.run()));
  if (problem === undefined) return written;
  // With one item there is no one else to save from its failure.
  return batch.length > 1 && unavailable(problem.thrown) === undefined
    ? apart(needs, batch)
    : failed(batch, problem.thrown);
}

/**
 * The batch again after one of its items failed: each in a savepoint, so that only the one at fault is undone.
 * Rare, so it may be slow.
 */
function apart(needs: Needs, batch: readonly Item[]): Outcome {
  const problem = commit(needs, () => batch.map((item) => attempt(needs, item)));
  return problem === undefined ? written : failed(batch, problem.thrown);
}

function attempt({ db, undone }: Needs, item: Item): () => void {
  try {
    return inSavepoint(db, item.run);
  } catch (problem) {
    undone();
    if (unavailable(problem) !== undefined) throw problem;
    return () => item.reject(problem);
  }
}

/** Each item in a transaction of its own, after its `first`. */
function oneByOne(needs: Needs, batch: readonly Item[]): Outcome {
  let outcome = written;
  for (const [at, item] of batch.entries()) {
    outcome = alone(needs, item);
    if (outcome.locked.length > 0) return { ...outcome, locked: batch.slice(at) };
  }
  return outcome;
}

function alone(needs: Needs, item: Item): Outcome {
  const problem = noteFirst(needs, item) ?? commit(needs, () => [item.run()]);
  return problem === undefined ? written : failed([item], problem.thrown);
}

function noteFirst(needs: Needs, item: Item): Thrown | undefined {
  const { first } = item;
  if (first === undefined) return undefined;
  const problem = commit(needs, () => {
    first();
    return [];
  });
  if (problem === undefined) item.first = undefined;
  return problem;
}

/** One transaction; after it, tells those who wait. Gives what was thrown when nothing was written. */
function commit(needs: Needs, work: () => readonly (() => void)[]): Thrown | undefined {
  let told: readonly (() => void)[];
  let worked = 0;
  try {
    told = inTransaction(needs.db, () => {
      const all = work();
      worked = performance.now();
      return all;
    });
    needs.flushed(performance.now() - worked);
  } catch (thrown) {
    needs.undone();
    return { thrown };
  }
  for (const tell of told) tell();
  return undefined;
}

/** Nothing of these was written: what a lock was in the way of can be tried again, the rest is told to its callers. */
function failed(batch: readonly Item[], thrown: unknown): Outcome {
  if (isLocked(thrown)) return { trouble: undefined, locked: batch };
  const trouble = unavailable(thrown);
  for (const item of batch) item.reject(trouble ?? thrown);
  return { trouble, locked: [] };
}
