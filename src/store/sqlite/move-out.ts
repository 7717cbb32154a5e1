import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { Problem } from "../../app/errors.ts";
import type { Log } from "../../app/ports.ts";
import { type Table, type Values, valuesFrom } from "../schema/tables.ts";
import { finishPutBack } from "./backup-put-back.ts";
import { openDatabase } from "./connection.ts";
import { erasureWalk } from "./erasure-walk.ts";
import { holdFolder } from "./lock.ts";
import { metaOf } from "./meta.ts";
import { movedMark } from "./moved.ts";
import { unavailable } from "./store-failure.ts";
import { inTransaction } from "./transaction.ts";

/** A store that is being moved elsewhere: nobody else can open it meanwhile, nor afterwards. */
export type LeavingStore = {
  /** The wrapped index key; undefined where the store was never used. */
  readonly indexKey: Uint8Array | undefined;
  /** The next rows of a table after this key (undefined: from the first), in the order of their keys. */
  readonly rows: (table: Table, after: Values | undefined, limit: number) => readonly Values[];
  /** From now on no server starts on it. */
  readonly mark: () => void;
  /** It is what it was, and servers may start on it again. */
  readonly unmark: () => void;
  readonly close: () => void;
};

/**
 * Opens the store in `dataDir` to be moved; what was being erased is erased first. `fits` is shown the wrapped index key before
 * anything is changed, and may throw. Throws Problem `not-found` where there is no store, `store-locked` while a server runs on
 * it, `store-newer`, `store-unavailable`.
 */
export async function openToLeave(
  dataDir: string,
  log: Log,
  fits: (wrappedIndexKey: Uint8Array) => void = () => {},
): Promise<LeavingStore> {
  if (!existsSync(join(dataDir, "parwana.db")))
    throw new Problem("not-found", `there is no store in ${dataDir}: set DATA_DIR to the folder it is in`);
  const letGo = holdFolder(dataDir);
  try {
    finishPutBack(dataDir);
    const db = openDatabase(dataDir, undefined);
    try {
      const indexKey = metaOf(db).read("index-key");
      if (indexKey !== undefined) fits(indexKey);
      await finishErasures(db, dataDir, log);
      return leaving(db, indexKey, letGo);
    } catch (problem) {
      db.close();
      throw problem;
    }
  } catch (problem) {
    letGo();
    throw unavailable(problem) ?? problem;
  }
}

async function finishErasures(db: DatabaseSync, dataDir: string, log: Log): Promise<void> {
  const write = async <T>(work: () => T): Promise<T> => inTransaction(db, work);
  await erasureWalk({ db, log, write, erased: () => {} }).walk();
  if (db.prepare("SELECT 1 FROM erasures LIMIT 1").get() !== undefined)
    throw new Problem(
      "store-unavailable",
      `what was being erased in ${dataDir} could not be erased: see why in the log`,
    );
}

function leaving(db: DatabaseSync, indexKey: Uint8Array | undefined, letGo: () => void): LeavingStore {
  const meta = metaOf(db);
  return {
    indexKey,
    rows: (table, after, limit) => {
      const names = table.columns.map(({ name }) => name).join(", ");
      const key = table.key.join(", ");
      const from = after === undefined ? "" : `WHERE (${key}) > (${table.key.map(() => "?").join(", ")})`;
      const statement = db.prepare(`SELECT ${names} FROM ${table.name} ${from} ORDER BY ${key} LIMIT ?`);
      return statement.all(...(after ?? []), limit).map((row) => valuesFrom(table, row));
    },
    mark: () => meta.write(movedMark, new Uint8Array()),
    unmark: () => meta.remove(movedMark),
    close: () => {
      db.close();
      letGo();
    },
  };
}
