import type { DatabaseSync } from "node:sqlite";
import type { Log } from "../../app/ports.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import { numberIn } from "./columns.ts";

/** How long nothing must have been written before the log file is brought into the database. */
const quiet: Ms = second;
/** How soon after an erasure the log file is emptied, busy or not: it still holds what the rows held. */
const erasedWithin: Ms = 10 * second;

export type Checkpoints = {
  readonly wrote: () => void;
  readonly erased: () => void;
  /** Empties the log file now; false when a reader is in the way. Never waits. */
  readonly truncate: () => boolean;
  readonly stop: () => void;
};

/** Keeps the log file small while there is nothing else to do, so that the automatic checkpoint seldom has to. */
export function checkpoints(db: DatabaseSync, log: Log): Checkpoints {
  let behind = false;
  const guarded = (work: () => void) => () => {
    try {
      work();
    } catch (problem) {
      // Nothing is lost: what was committed stays in the log file until a later checkpoint works.
      log.warn("checkpoint-failed", { kind: problem instanceof Error ? problem.name : typeof problem });
    }
  };
  const idle = setTimeout(
    guarded(() => {
      if (!behind) return;
      behind = false;
      db.exec("PRAGMA wal_checkpoint(PASSIVE)");
    }),
    quiet,
  ).unref();
  const soon = setTimeout(
    guarded(() => {
      if (erasures && !truncateLog(db)) soon.refresh();
      else erasures = false;
    }),
    erasedWithin,
  ).unref();
  let erasures = false;
  return {
    wrote: () => {
      behind = true;
      idle.refresh();
    },
    erased: () => {
      if (erasures) return;
      erasures = true;
      soon.refresh();
    },
    truncate: () => truncateLog(db),
    stop: () => {
      clearTimeout(idle);
      clearTimeout(soon);
    },
  };
}

function truncateLog(db: DatabaseSync): boolean {
  db.exec("PRAGMA busy_timeout = 0");
  try {
    const result = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    return result !== undefined && numberIn(result, "busy") === 0;
  } finally {
    db.exec("PRAGMA busy_timeout = 5000");
  }
}
