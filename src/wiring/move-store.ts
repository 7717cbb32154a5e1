import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Problem } from "../app/errors.ts";
import type { Log } from "../app/ports.ts";
import type { Ms } from "../core/nouns/time.ts";
import type { ArrivingStore } from "../store/postgres/move-in.ts";
import { ownKeys, type Table, tables, type Values } from "../store/schema/tables.ts";
import { isHeld } from "../store/sqlite/lock.ts";
import { type LeavingStore, openToLeave } from "../store/sqlite/move-out.ts";
import { existingMasterKey, type MasterKeySettings } from "../vault/master-key.ts";
import { vaultOf } from "../vault/vault.ts";

/** How long a server may take to end that was asked to: what it is sending, it sees through. */
const lookEvery: Ms = 200;
const mostLooks = 300;
/** Rows in one transaction. */
const chunk = 2_000;

/** With the settings of the key that the store was made with. */
export type MoveOrder = MasterKeySettings & {
  /** Where to: `postgres://…`. */
  readonly url: string;
  readonly log: Log;
  /** Told of each table that has arrived. */
  readonly told: (table: MovedTable) => void;
  /** Asks the server that runs on the folder to end; absent: where one runs, the move refuses. */
  readonly stopServer?: (() => Promise<void>) | undefined;
};
export type MovedTable = { readonly table: string; readonly rows: number; readonly checksum: string };

/**
 * Moves the store in a folder into an empty PostgreSQL, and compares both, table by table, by count and checksum. Where an
 * earlier try was interrupted it goes on. From its beginning on no server starts on the folder, and until its end none on
 * the database. Throws Problems that say what to do, and VaultErrors where the key does not open the store: nothing is changed
 * then.
 */
export async function moveStore(order: MoveOrder): Promise<readonly MovedTable[]> {
  const { told, stopServer, dataDir } = order;
  const makeWay = async (): Promise<void> => {
    if (stopServer === undefined || !existsSync(join(dataDir, "parwana.db")) || !isHeld(dataDir)) return;
    existingMasterKey(order);
    await stopServer();
    for (let looks = 0; looks < mostLooks && isHeld(dataDir); looks++) await setTimeout(lookEvery);
  };
  const fits = (wrappedIndexKey: Uint8Array): void => {
    vaultOf(existingMasterKey(order).key, wrappedIndexKey);
  };
  return withBoth({ ...order, makeWay, fits }, async (from, to) => {
    from.mark();
    for (const table of tables) await copy(table, from, to);
    const moved: MovedTable[] = [];
    for (const table of tables) {
      moved.push(await compared(table, from, to));
      for (const one of moved.slice(-1)) told(one);
    }
    await to.finish();
    return moved;
  });
}

/** Takes back a move that has not ended: the database is empty again, and servers start on the folder again. */
export async function undoMove(order: Places): Promise<void> {
  await withBoth(order, async (from, to) => {
    await to.clear();
    from.unmark();
  });
}

/** Lets servers start on the folder again after a move that has ended; what happened in the database since is not in it. */
export async function reopenFolder({ dataDir, log }: Pick<MoveOrder, "dataDir" | "log">): Promise<void> {
  const from = await openToLeave(dataDir, log);
  from.unmark();
  from.close();
}

type Places = Pick<MoveOrder, "dataDir" | "url" | "log">;

type Before = {
  /** Before the folder is opened. */
  readonly makeWay?: () => Promise<void>;
  /** Before anything is changed in it. */
  readonly fits?: (wrappedIndexKey: Uint8Array) => void;
};

async function withBoth<T>(
  { dataDir, url, log, makeWay, fits }: Places & Before,
  work: (from: LeavingStore, to: ArrivingStore) => Promise<T>,
): Promise<T> {
  const { checkTarget, openToArrive } = await import("../store/postgres/move-in.ts");
  await checkTarget(url, log);
  await makeWay?.();
  const from = await openToLeave(dataDir, log, fits);
  try {
    const to = await openToArrive(url, nameOf(from), log);
    try {
      return await work(from, to);
    } finally {
      await to.close();
    }
  } finally {
    from.close();
  }
}

/** A name for a store that says nothing of it: its index key was random, and is sealed. */
function nameOf({ indexKey }: LeavingStore): string {
  if (indexKey === undefined)
    throw new Problem("not-found", "this store was never used: there is nothing to move");
  return createHash("sha256").update(indexKey).digest("hex");
}

async function copy(table: Table, from: LeavingStore, to: ArrivingStore): Promise<void> {
  for (let after = to.reached(table); ; after = to.reached(table)) {
    const rows = from.rows(table, after, chunk);
    if (rows.length === 0) return;
    await to.write(table, rows.filter(isMoved(table)));
    if (rows.length < chunk) return;
  }
}

/** What `meta` holds of one engine's own does not move. */
function isMoved({ name }: Table): (row: Values) => boolean {
  return ([key]) => name !== "meta" || !ownKeys.has(String(key));
}

async function compared(table: Table, from: LeavingStore, to: ArrivingStore): Promise<MovedTable> {
  const isMeant = isMoved(table);
  const here = await sumOf(table, async (after) => from.rows(table, after, chunk), isMeant);
  const there = await sumOf(table, (after) => to.rows(table, after, chunk), isMeant);
  if (here.rows !== there.rows || here.checksum !== there.checksum)
    throw new Problem(
      "invalid",
      `the table ${table.name} did not arrive as it was (${here.rows} rows here, ${there.rows} there): take the move back with --undo and begin again`,
    );
  return { table: table.name, ...here };
}

/** Count and SHA-256 of a table's rows in the order of their keys. */
async function sumOf(
  table: Table,
  read: (after: Values | undefined) => Promise<readonly Values[]>,
  isMeant: (row: Values) => boolean,
): Promise<Omit<MovedTable, "table">> {
  const hash = createHash("sha256");
  let count = 0;
  let after: Values | undefined;
  for (let more = true; more; ) {
    const rows = await read(after);
    for (const row of rows.filter(isMeant)) {
      count += 1;
      for (const value of row) hash.update(framed(value));
    }
    const last = rows.at(-1);
    after = last === undefined ? undefined : keyIn(table, last);
    more = rows.length === chunk;
  }
  return { rows: count, checksum: hash.digest("hex") };
}

function keyIn({ key, columns }: Table, row: Values): Values {
  return key.map((name) => row[columns.findIndex((column) => column.name === name)] ?? null);
}

/** A value so that no two different rows look the same: its kind, its length, itself. */
function framed(value: Values[number]): Buffer {
  if (value === null) return Buffer.from("n");
  const bytes = typeof value === "object" ? Buffer.from(value) : Buffer.from(String(value), "utf8");
  const kind = typeof value === "object" ? "b" : typeof value === "number" ? "i" : "t";
  return Buffer.concat([Buffer.from(`${kind}${bytes.length}:`), bytes]);
}
