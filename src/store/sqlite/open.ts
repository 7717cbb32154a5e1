import type { DatabaseSync } from "node:sqlite";
import type { Problem } from "../../app/errors.ts";
import type { Clock, Log } from "../../app/ports.ts";
import type { Copies } from "../../app/ports-copies.ts";
import type { Store } from "../../app/ports-store.ts";
import { carefulFor } from "../schema/attempts.ts";
import { defaultRetention, type Retention } from "../schema/retention.ts";
import { finishPutBack } from "./backup-put-back.ts";
import { copiesOf } from "./backup-settle.ts";
import { type Checkpoints, checkpoints } from "./checkpoint.ts";
import { openDatabase, waitForLocks, waitForNoLock } from "./connection.ts";
import { contactCache } from "./contact-cache.ts";
import { makeDataFolder } from "./data-folder.ts";
import { type GroupCommit, groupCommit } from "./group-commit.ts";
import { idsOf } from "./ids.ts";
import { knownLines } from "./known-lines.ts";
import { holdFolder } from "./lock.ts";
import { type Meta, metaOf } from "./meta.ts";
import { refuseIfMoved } from "./moved.ts";
import { type Parts, storeOf } from "./store.ts";
import { sqliteCode, unavailable } from "./store-failure.ts";

export type SqliteSettings = {
  /** The folder of the database; made, for its owner only, where it is missing. */
  readonly dataDir: string;
  readonly log: Log;
  /** The wall clock; the machine's own by default. */
  readonly clock?: Clock;
  readonly retention?: Partial<Retention>;
  /** The most pages of 4096 bytes the database file may have. */
  readonly maxPages?: number;
};

/** The store, and where the vault keeps its wrapped index key before anything else is opened. */
export type SqliteStore = Store & {
  readonly metaSync: {
    readonly read: () => Uint8Array | undefined;
    /** Leaves a value that is already there. */
    readonly write: (wrappedIndexKey: Uint8Array) => void;
  };
  readonly copies: Copies;
};

/** What is in `meta` while a process has the store open: what is found there at the next start ended uncleanly. */
const openMark = "open";

/**
 * Opens the store in `dataDir`. Throws Problem `store-locked` when another process has it, `store-newer` when its schema
 * is from a newer program, `store-unavailable` when the folder or the file cannot be used.
 */
export async function openSqliteStore(settings: SqliteSettings): Promise<SqliteStore> {
  try {
    makeDataFolder(settings.dataDir);
    return openIn(settings, holdFolder(settings.dataDir));
  } catch (problem) {
    throw unavailable(problem) ?? problem;
  }
}

function openIn(settings: SqliteSettings, letGo: () => void): SqliteStore {
  try {
    finishPutBack(settings.dataDir);
    const db = openDatabase(settings.dataDir, settings.maxPages);
    try {
      refuseIfMoved(metaOf(db), settings.dataDir);
      return assemble(settings, db, letGo);
    } catch (problem) {
      db.close();
      throw problem;
    }
  } catch (problem) {
    letGo();
    throw problem;
  }
}

function assemble(settings: SqliteSettings, db: DatabaseSync, letGo: () => void): SqliteStore {
  const { log, clock = { now: () => Date.now() } } = settings;
  const meta = metaOf(db);
  const carefulUntil = markOpen(meta, log) ? clock.now() + carefulFor : 0;
  waitForNoLock(db);
  const checkpoint = checkpoints(db, log);
  // What an erasure before the last end left in the log file goes before anything new comes.
  checkpoint.truncate();
  const cache = contactCache();
  const lines = knownLines();
  let lastCommit = 0;
  const commit = groupCommit({
    db,
    careful: () => clock.now() < carefulUntil,
    committed: () => {
      lastCommit = clock.now();
      checkpoint.wrote();
    },
    undone: () => {
      cache.clear();
      lines.clear();
    },
    troubled: (trouble) => tell(log, trouble),
  });
  const parts: Parts = {
    db,
    log,
    clock,
    commit,
    cache,
    lines,
    meta,
    ids: idsOf(db, clock),
    retention: { ...defaultRetention, ...settings.retention },
    erased: checkpoint.erased,
    catchUp: checkpoint.catchUp,
    truncate: checkpoint.truncate,
    lastCommit: () => lastCommit,
    close: closer({ db, log, commit, meta, checkpoint, letGo }),
  };
  const metaSync = {
    read: () => meta.read("index-key"),
    write: (wrapped: Uint8Array) => {
      waitForLocks(db);
      meta.writeOnce("index-key", wrapped);
      waitForNoLock(db);
    },
  };
  return { ...storeOf(parts), metaSync, copies: copiesOf({ db, meta, write: commit.write }) };
}

function tell(log: Log, trouble: Problem | undefined): void {
  if (trouble === undefined) log.info("store-available");
  else log.error("store-unavailable", { trouble: trouble.trouble, sqlite: sqliteCode(trouble.cause) });
}

/** Whether the last process that had the store did not close it. */
function markOpen(meta: Meta, log: Log): boolean {
  const unclean = meta.read(openMark) !== undefined;
  if (unclean) log.warn("store-unclean", { carefulForMs: carefulFor });
  else meta.write(openMark, new Uint8Array());
  return unclean;
}

type CloserNeeds = {
  readonly db: DatabaseSync;
  readonly log: Log;
  readonly commit: GroupCommit;
  readonly meta: Meta;
  readonly checkpoint: Checkpoints;
  readonly letGo: () => void;
};

function closer(needs: CloserNeeds): () => Promise<void> {
  const { db, log, commit, meta, checkpoint, letGo } = needs;
  let closed = false;
  return async () => {
    if (closed) return;
    closed = true;
    commit.end();
    checkpoint.stop();
    try {
      meta.remove(openMark);
      checkpoint.truncate();
    } catch {
      log.warn("store-not-tidied");
    } finally {
      db.close();
      letGo();
    }
  };
}
