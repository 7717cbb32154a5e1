import type { DatabaseSync } from "node:sqlite";
import type { Log } from "../../app/ports.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import { numberIn } from "../schema/columns.ts";
import { sqliteCode } from "./store-failure.ts";

/** How long nothing must have been written before the log file is brought into the database. */
const quiet: Ms = second;
/** How soon after an erasure the log file is emptied, busy or not: it still holds what the rows held. */
const erasedWithin: Ms = 10 * second;

export type Checkpoints = {
  readonly wrote: () => void;
  readonly erased: () => void;
  /** Brings what the log file holds into the database now, so that it is little; for those who write much in little time. */
  readonly catchUp: () => void;
  /** Empties the log file now; false when a reader is in the way, or the disk is. Never waits, never throws. */
  readonly truncate: () => boolean;
  readonly stop: () => void;
};

/**
 * Keeps the log file small while there is nothing else to do, so that the automatic checkpoint seldom has to. The
 * database's busy timeout has to be 0.
 */
export function checkpoints(db: DatabaseSync, log: Log): Checkpoints {
  let behind = false;
  let erasures = false;
  const truncate = (): boolean => attempt(log, () => truncateLog(db));
  const catchUp = (): void => {
    behind = !attempt(log, () => {
      db.exec("PRAGMA wal_checkpoint(PASSIVE)");
      return true;
    });
  };
  const idle = setTimeout(() => {
    if (!behind) return;
    catchUp();
  }, quiet).unref();
  const soon = setTimeout(() => {
    erasures &&= !truncate();
    if (erasures) soon.refresh();
  }, erasedWithin).unref();
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
    catchUp,
    truncate,
    stop: () => {
      clearTimeout(idle);
      clearTimeout(soon);
    },
  };
}

// Nothing is lost when it fails: what was committed stays in the log file until a later checkpoint works.
function attempt(log: Log, work: () => boolean): boolean {
  try {
    return work();
  } catch (problem) {
    log.warn("checkpoint-failed", { sqlite: sqliteCode(problem) });
    return false;
  }
}

function truncateLog(db: DatabaseSync): boolean {
  const result = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  return result !== undefined && numberIn(result, "busy") === 0;
}
