import type { DatabaseSync } from "node:sqlite";
import { Problem } from "../../app/errors.ts";
import { unavailable } from "./store-failure.ts";
import { inSavepoint, inTransaction } from "./transaction.ts";

/** Most items in one transaction: enough to share the cost of the disk's flush, few enough not to hold up the event loop. */
const most = 200;

export type GroupCommit = {
  /**
   * Queues a piece of work. It runs in arrival order, in one transaction with what else is waiting; the promise resolves
   * after the commit. `work` runs to its end without awaiting, and may run twice when another item of its batch failed.
   * `first`, where given, is committed on its own beforehand while the store is careful.
   * Rejects with Problem `store-unavailable` when the store cannot be written to, with what `work` threw otherwise.
   */
  readonly write: <T>(work: () => T, first?: () => void) => Promise<T>;
  /** Why the last transaction could not be made; undefined when it could. */
  readonly trouble: () => Problem | undefined;
  /** Runs what is queued now and takes nothing more. */
  readonly end: () => void;
};

export type GroupCommitNeeds = {
  readonly db: DatabaseSync;
  /** Whether to commit item by item now, because one of them may be what killed the last process. */
  readonly careful: () => boolean;
  /** Told after each commit. */
  readonly committed: () => void;
  /** Told whenever something that was written is undone: a transaction, or one item of it. */
  readonly undone: () => void;
};

/** What waits: `run` gives what to tell the waiting caller once it is durable. */
type Item = {
  readonly run: () => () => void;
  readonly first: (() => void) | undefined;
  readonly reject: (problem: unknown) => void;
};

/** Work that arrives while the last transaction commits shares the next one. */
export function groupCommit(needs: GroupCommitNeeds): GroupCommit {
  const waiting: Item[] = [];
  let scheduled = false;
  let ended = false;
  let trouble: Problem | undefined;

  const flush = (): void => {
    const batch = waiting.splice(0, most);
    trouble = needs.careful() ? oneByOne(needs, batch) : together(needs, batch);
  };
  const turn = (): void => {
    scheduled = false;
    if (waiting.length > 0) flush();
    if (waiting.length > 0) schedule();
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(turn);
  };

  return {
    write: <T>(work: () => T, first?: () => void) =>
      new Promise<T>((resolve, reject) => {
        if (ended) {
          reject(closed());
          return;
        }
        const run = (): (() => void) => {
          const value = work();
          return () => resolve(value);
        };
        waiting.push({ run, first, reject });
        schedule();
      }),
    trouble: () => (ended ? closed() : trouble),
    end: () => {
      ended = true;
      while (waiting.length > 0) flush();
    },
  };
}

const closed = (): Problem => new Problem("store-unavailable", "the store is closed: this process is ending");

/** The whole batch in one transaction; gives the reason when the store could not be written to. */
function together(needs: GroupCommitNeeds, batch: readonly Item[]): Problem | undefined {
  const problem = commit(needs, () => batch.map((item) => item.run()));
  if (problem === undefined) return undefined;
  // With one item there is no one else to save from its failure.
  return batch.length > 1 && unavailable(problem.thrown) === undefined
    ? apart(needs, batch)
    : refuse(batch, problem.thrown);
}

/**
 * The batch again after one of its items failed: each in a savepoint, so that only the one at fault is undone.
 * Rare, so it may be slow.
 */
function apart(needs: GroupCommitNeeds, batch: readonly Item[]): Problem | undefined {
  const problem = commit(needs, () => batch.map((item) => attempt(needs, item)));
  return problem === undefined ? undefined : refuse(batch, problem.thrown);
}

function attempt({ db, undone }: GroupCommitNeeds, item: Item): () => void {
  try {
    return inSavepoint(db, item.run);
  } catch (problem) {
    undone();
    if (unavailable(problem) !== undefined) throw problem;
    return () => item.reject(problem);
  }
}

/** Each item in a transaction of its own, after its `first`. */
function oneByOne(needs: GroupCommitNeeds, batch: readonly Item[]): Problem | undefined {
  return batch.map((item) => alone(needs, item)).at(-1);
}

function alone(needs: GroupCommitNeeds, item: Item): Problem | undefined {
  const problem = noteFirst(needs, item) ?? commit(needs, () => [item.run()]);
  return problem === undefined ? undefined : refuse([item], problem.thrown);
}

function noteFirst(needs: GroupCommitNeeds, { first }: Item): Thrown | undefined {
  if (first === undefined) return undefined;
  return commit(needs, () => {
    first();
    return [];
  });
}

type Thrown = { readonly thrown: unknown };

/** One transaction; after it, tells those who wait. Gives what was thrown when nothing was written. */
function commit(needs: GroupCommitNeeds, work: () => readonly (() => void)[]): Thrown | undefined {
  let told: readonly (() => void)[];
  try {
    told = inTransaction(needs.db, work);
  } catch (thrown) {
    needs.undone();
    return { thrown };
  }
  for (const tell of told) tell();
  needs.committed();
  return undefined;
}

function refuse(batch: readonly Item[], thrown: unknown): Problem | undefined {
  const reason = unavailable(thrown);
  for (const item of batch) item.reject(reason ?? thrown);
  return reason;
}
