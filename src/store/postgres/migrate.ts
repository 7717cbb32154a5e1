import { Problem } from "../../app/errors.ts";
import { numberIn } from "../schema/columns.ts";
import type { Migration } from "../schema/migration.ts";
import type { Database, Query } from "./connection.ts";
import { locks } from "./locks.ts";
import { isAnyAlive } from "./worker.ts";

const versionTable = {
  name: "version-table",
  text: "CREATE TABLE IF NOT EXISTS schema_steps (number integer PRIMARY KEY, done_at timestamptz NOT NULL DEFAULT now())",
};
const tableExists = {
  name: "version-table-exists",
  text: "SELECT to_regclass('schema_steps') IS NOT NULL AS exists",
};
const version = { name: "version", text: "SELECT coalesce(max(number), 0) AS number FROM schema_steps" };
const note = { name: "version-note", text: "INSERT INTO schema_steps (number) VALUES ($1)" };

/**
 * Brings the database up to the newest schema, one transaction a step, so that a crash leaves it at a whole step; of
 * several processes that start at once, one does. Throws Problem `store-newer` when a newer program has already been here,
 * and `store-locked` while an older one runs there, having changed nothing.
 */
export async function migrate(db: Database, steps: readonly Migration[]): Promise<void> {
  const newest = steps.at(-1)?.number ?? 0;
  for (let current = await versionOf(db); current !== newest; ) {
    if (current > newest) throw newer(current, newest);
    // Another process may be at it, and a step may take its time.
    current = await db.patiently(async (query) => ({
      value: await oneStep(query, steps, newest),
      writes: [],
    }));
  }
}

async function versionOf({ read }: Database): Promise<number> {
  const [row] = (await read(tableExists)).rows;
  return row?.["exists"] === true ? numberOf((await read(version)).rows) : 0;
}

/** Takes the step after the last one taken, by us or by another process meanwhile. Gives the number of the newest taken. */
async function oneStep(query: Query, steps: readonly Migration[], newest: number): Promise<number> {
  await query(locks.migrate);
  await query(versionTable);
  const current = numberOf((await query(version)).rows);
  const step = steps.find(({ number }) => number === current + 1);
  if (step === undefined || current >= newest) return current;
  // A process enters only after the last step it knows: who is there now knows none of what follows.
  if (current > 0 && (await isAnyAlive(query))) throw olderRuns();
  // Many statements in one text, which can't have a name.
  await query({ name: "", text: step.postgres });
  await query(note, [step.number]);
  return step.number;
}

function numberOf(rows: Awaited<ReturnType<Query>>["rows"]): number {
  return rows[0] === undefined ? 0 : numberIn(rows[0], "number");
}

const olderRuns = (): Problem =>
  new Problem(
    "store-locked",
    "an older parwana is running on this database: stop all of its processes, then start this one",
  );

/** A newer program has been here. */
export function newer(current: number, newest: number): Problem {
  return new Problem(
    "store-newer",
    `the database was last used by a newer parwana (schema ${current}; this one knows ${newest}): run that version or newer.`,
  );
}
