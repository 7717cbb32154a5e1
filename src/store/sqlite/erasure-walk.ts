import type { DatabaseSync } from "node:sqlite";
import { Problem } from "../../app/errors.ts";
import type { Log } from "../../app/ports.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import { numberIn } from "../schema/columns.ts";
import { foldBroadcastRows } from "./broadcast-counts.ts";

/** Rows looked at in one transaction: about a millisecond. */
const step = 5000;
/** How long after the store could not be written to it is walked again. */
const again: Ms = 5 * second;

export type ErasureWalk = {
  /** Begins, or goes on, unless it is under way; resolves when nothing is left to erase. */
  readonly walk: () => Promise<void>;
};

export type ErasureWalkNeeds = {
  readonly db: DatabaseSync;
  readonly log: Log;
  readonly write: <T>(work: () => T) => Promise<T>;
  /** Told when the last row is gone. */
  readonly erased: () => void;
};

/**
 * Deletes what became of erased people's messages: rows without text or address that are not indexed by contact. The list
 * of those to be erased is in the database, so that a walk that was cut short is walked again.
 */
export function erasureWalk(needs: ErasureWalkNeeds): ErasureWalk {
  const steps = stepper(needs);
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      while (await steps()) needs.erased();
    } catch (problem) {
      needs.log.warn("erasure-walk-interrupted");
      // Where it is closing, the next start walks again.
      const isPassing = problem instanceof Problem && problem.trouble !== "closed";
      if (isPassing) setTimeout(() => void walk(), again).unref();
    } finally {
      running = undefined;
    }
  };
  const walk = (): Promise<void> => {
    running ??= run();
    return running;
  };
  return { walk };
}

/** One walk through the whole outbox for those who are on the list now; false when the list is empty. */
function stepper({ db, write }: ErasureWalkNeeds): () => Promise<boolean> {
  const end = db.prepare(
    `SELECT coalesce(max(id), 0) AS last FROM (SELECT id FROM outbox WHERE id > ? ORDER BY id LIMIT ${step})`,
  );
  const between = "id > ? AND id <= ? AND state > 2 AND contact_id IN (SELECT contact_id FROM erasures)";
  const fold = foldBroadcastRows(db, "outbox", between);
  const remove = db.prepare(`DELETE FROM outbox WHERE ${between}`);
  const strike = db.prepare("DELETE FROM erasures WHERE contact_id = ?");
  const all = db.prepare("SELECT contact_id FROM erasures");
  const removeAfter = (from: number): number => {
    const row = end.get(from);
    const to = row === undefined ? 0 : numberIn(row, "last");
    if (to > 0) {
      fold(from, to);
      remove.run(from, to);
    }
    return to;
  };
  return async () => {
    const contacts = all.all().map((row) => numberIn(row, "contact_id"));
    if (contacts.length === 0) return false;
    for (let from = 0; ; ) {
      const to = await write(() => removeAfter(from));
      if (to === 0) break;
      from = to;
    }
    await write(() => {
      for (const contact of contacts) strike.run(contact);
    });
    return true;
  };
}
