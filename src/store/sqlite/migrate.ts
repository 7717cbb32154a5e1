import type { DatabaseSync } from "node:sqlite";
import { Problem } from "../../app/errors.ts";
import { numberIn } from "../schema/columns.ts";
import { inTransaction } from "./transaction.ts";

/** One step of the schema, forward only. Numbers run from 1 without gaps and stand in the file's `user_version`. */
type Migration = { readonly number: number; readonly sql: string };

/**
 * Brings the database up to the newest schema, one transaction a step, so that a crash leaves it at a whole step.
 * Throws Problem `store-newer` when a newer program has already been here.
 */
export function migrate(db: DatabaseSync, steps: readonly Migration[], file: string): void {
  const current = versionOf(db);
  const newest = steps.at(-1)?.number ?? 0;
  if (current > newest) {
    throw new Problem(
      "store-newer",
      `${file} was last used by a newer parwana (schema ${current}; this one knows ${newest}): run that version or newer.`,
    );
  }
  for (const step of steps.filter(({ number }) => number > current)) {
    inTransaction(db, () => {
      db.exec(step.sql);
      db.exec(`PRAGMA user_version = ${step.number}`);
    });
  }
}

function versionOf(db: DatabaseSync): number {
  const row = db.prepare("PRAGMA user_version").get();
  return row === undefined ? 0 : numberIn(row, "user_version");
}
