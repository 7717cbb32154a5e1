import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../app/ports.ts";
import { numberIn, optionalNumberIn } from "../schema/columns.ts";
import { idAt } from "../schema/retention.ts";

export type Ids = {
  /** An id larger than every one before it. */
  readonly next: () => number;
  /** Takes `count` ids in a row; gives the one before the first. */
  readonly block: (count: number) => number;
  /** Remembers the last id given, because the row that carried it is about to go. Inside a transaction. */
  readonly remember: () => void;
};

/** Ids that go on from the largest this database has ever stored. */
export function idsOf(db: DatabaseSync, clock: Clock): Ids {
  const keep = db.prepare(
    "INSERT INTO meta (key, value) VALUES ('last-id', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  );
  let last = Math.max(largestStored(db), remembered(db));
  const block = (count: number): number => {
    const before = Math.max(last, idAt(clock.now()) - 1);
    last = before + count;
    return before;
  };
  return {
    next: () => block(1) + 1,
    block,
    remember: () => {
      keep.run(Buffer.from(String(last)));
    },
  };
}

function largestStored(db: DatabaseSync): number {
  const row = db
    .prepare(
      `SELECT max(
        coalesce((SELECT max(id) FROM contacts), 0),
        coalesce((SELECT max(id) FROM outbox), 0),
        coalesce((SELECT max(id) FROM broadcasts), 0),
        coalesce((SELECT max(id) FROM cases), 0),
        coalesce((SELECT max(id) FROM inbox WHERE state <> 0), 0)
      ) AS largest`,
    )
    .get();
  return row === undefined ? 0 : numberIn(row, "largest");
}

function remembered(db: DatabaseSync): number {
  const row = db
    .prepare("SELECT CAST(CAST(value AS TEXT) AS INTEGER) AS id FROM meta WHERE key = 'last-id'")
    .get();
  return row === undefined ? 0 : (optionalNumberIn(row, "id") ?? 0);
}
