import type { DatabaseSync } from "node:sqlite";
import type { DueFire } from "../../app/ports-store.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { numberIn, optionalNumberIn } from "../schema/columns.ts";
import { dueFrom } from "../schema/rows.ts";

/** The table of scheduled moments (times in ms). Everything here runs inside the current transaction. */
export type FireRows = {
  /** How often this moment was tried in vain; undefined when it is no longer there, or was moved. */
  readonly attempts: (fire: DueFire) => number | undefined;
  readonly take: (fire: DueFire) => void;
  readonly retry: (fire: DueFire, attempts: number, tryAt: Ms) => void;
  readonly schedule: (contact: ContactId, ref: string, at: Ms) => void;
  readonly unschedule: (contact: ContactId, refs: readonly string[] | "all") => void;
  readonly due: (now: Ms, limit: number) => readonly DueFire[];
  readonly nextAt: () => Ms | undefined;
};

/** Opens the table. */
export function fireRows(db: DatabaseSync): FireRows {
  const attempts = db.prepare("SELECT attempts FROM fires WHERE contact_id = ? AND ref = ? AND fire_at = ?");
  const retry = db.prepare("UPDATE fires SET attempts = ?, try_at = ? WHERE contact_id = ? AND ref = ?");
  const schedule = db.prepare(
    `INSERT INTO fires (contact_id, ref, fire_at, try_at) VALUES (?, ?, ?, ?) ON CONFLICT (contact_id, ref)
    DO UPDATE SET fire_at = excluded.fire_at, try_at = excluded.try_at, attempts = 0`,
  );
  const remove = db.prepare("DELETE FROM fires WHERE contact_id = ? AND ref = ?");
  const removeAll = db.prepare("DELETE FROM fires WHERE contact_id = ?");
  return {
    attempts: ({ contact, ref, at }) => {
      const row = attempts.get(contact, ref, at);
      return row === undefined ? undefined : numberIn(row, "attempts");
    },
    take: ({ contact, ref }) => {
      remove.run(contact, ref);
    },
    retry: ({ contact, ref }, tried, tryAt) => {
      retry.run(tried, tryAt, contact, ref);
    },
    schedule: (contact, ref, at) => {
      schedule.run(contact, ref, at, at);
    },
    unschedule: (contact, refs) => {
      if (refs === "all") removeAll.run(contact);
      else for (const ref of refs) remove.run(contact, ref);
    },
    ...dueLists(db),
  };
}

function dueLists(db: DatabaseSync): Pick<FireRows, "due" | "nextAt"> {
  const due = db.prepare(
    "SELECT contact_id, ref, fire_at FROM fires WHERE try_at <= ? ORDER BY try_at, contact_id LIMIT ?",
  );
  const next = db.prepare("SELECT min(try_at) AS next FROM fires");
  return {
    due: (now, limit) => due.all(now, limit).map(dueFrom),
    nextAt: () => {
      const row = next.get();
      return row === undefined ? undefined : optionalNumberIn(row, "next");
    },
  };
}
