import { Client } from "pg";
import { Problem } from "../../app/errors.ts";
import type { Log } from "../../app/ports.ts";
import { bytesIn, type Row } from "../schema/columns.ts";
import { migrations } from "../schema/migrations.ts";
import {
  type Column,
  keyOf,
  ownKeys,
  type Table,
  tables,
  type Values,
  valuesFrom,
} from "../schema/tables.ts";
import { checkDatabase } from "./check.ts";
import { type Database, openDatabase, type Query, type Statement, settingsOf } from "./connection.ts";
import { openingProblem } from "./failure.ts";
import { locks } from "./locks.ts";
import { migrate } from "./migrate.ts";
import { moveMark, type Progress } from "./moving.ts";

/** A database that a store is being moved into: no server starts on it before the move is over. */
export type ArrivingStore = {
  /** How far an earlier try came with a table: the key of its last row; undefined at the beginning. */
  readonly reached: (table: Table) => Values | undefined;
  /** Writes a table's next rows, and how far that is, in one transaction. */
  readonly write: (table: Table, rows: readonly Values[]) => Promise<void>;
  /** The rows of a table after this key, in the order of their keys. */
  readonly rows: (table: Table, after: Values | undefined, limit: number) => Promise<readonly Values[]>;
  /** From now on servers may start on it. */
  readonly finish: () => Promise<void>;
  /** Empties it again, so that a later move can begin. */
  readonly clear: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const readMark: Statement = { name: "move-mark", text: "SELECT value FROM meta WHERE key = $1" };
const writeMark: Statement = {
  name: "move-note",
  text: "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
};
const forgetMark: Statement = { name: "move-over", text: "DELETE FROM meta WHERE key = $1" };
const inUse: Statement = {
  name: "move-in-use",
  text: `SELECT EXISTS (SELECT 1 FROM workers WHERE lease_until > clock_timestamp()) AS running,
    EXISTS (SELECT 1 FROM meta WHERE key <> 'probe') OR EXISTS (SELECT 1 FROM contacts) AS used`,
};

const isStore: Statement = { name: "", text: "SELECT to_regclass('workers') IS NOT NULL AS known" };

/**
 * Looks whether a store may be moved into a database, as far as that can be said without knowing which, and changes nothing.
 * Throws as `openToArrive` does.
 */
export async function checkTarget(url: string, log: Log): Promise<void> {
  await checkDatabase(url);
  const db = openDatabase(url, log);
  try {
    if ((await db.read(isStore)).rows[0]?.["known"] === true) await refuseOthers(db);
  } catch (problem) {
    throw openingProblem(problem);
  } finally {
    await db.end();
  }
}

/** Gives how far an earlier move came, if there was one. */
async function refuseOthers({ read }: Database): Promise<Row | undefined> {
  const [state] = (await read(inUse)).rows;
  if (state?.["running"] === true) throw running();
  const [mark] = (await read(readMark, [moveMark])).rows;
  if (mark === undefined && state?.["used"] === true) throw otherData();
  return mark;
}

/**
 * Opens a database to move a store into. `source` names the store (the same at each try), so that an interrupted move is
 * taken up by the same store only. Throws Problem `store-locked` while a server or another move is at work there, `exists`
 * where there is something else in it, and whatever `checkDatabase` throws.
 */
export async function openToArrive(url: string, source: string, log: Log): Promise<ArrivingStore> {
  await checkDatabase(url);
  const guard = new Client(settingsOf(url, "parwana move"));
  guard.on("error", () => log.warn("store-connection-lost"));
  const db = openDatabase(url, log);
  const close = async (): Promise<void> => {
    await db.end();
    await guard.end().catch(() => undefined);
  };
  try {
    await guard.connect();
    if ((await guard.query(locks.lead)).rows[0]?.got !== true) throw running();
    await migrate(db, migrations);
    return { ...(await arriving(db, source)), close };
  } catch (problem) {
    await close();
    throw openingProblem(problem);
  }
}

const running = (): Problem =>
  new Problem("store-locked", "a parwana is running on this database: stop it, and begin the move again");

async function arriving(db: Database, source: string): Promise<Omit<ArrivingStore, "close">> {
  const progress = progressOf(await refuseOthers(db), source);
  const note = (query: Query): Promise<unknown> => query(writeMark, [moveMark, encoded(progress)]);
  await note(db.read);
  return {
    reached: ({ name }) => progress.reached[name]?.map(decodedKey),
    write: async (table, rows) => {
      const last = rows.at(-1);
      if (last === undefined) return;
      progress.reached[table.name] = keyOf(table, last).map(encodedKey);
      await db
        .transact(async (query) => {
          const { count } = await query(insertInto(table), columnsOf(table, rows));
          if (count !== rows.length) throw otherData();
          return { value: undefined, writes: [note(query)] };
        })
        .catch((problem: unknown) => {
          throw openingProblem(problem);
        });
    },
    rows: async (table, after, limit) => {
      const { rows } = await db.read(selectFrom(table, after !== undefined), [...(after ?? []), limit]);
      return rows.map((row) => valuesFrom(table, row));
    },
    finish: async () => {
      await db.read(forgetMark, [moveMark]);
    },
    clear: async () => {
      const names = tables.map(({ name }) => name).join(", ");
      await db.read({ name: "move-clear", text: `TRUNCATE ${names}` });
    },
  };
}

const otherData = (): Problem =>
  new Problem("exists", "this database holds other data already: name an empty one, or empty it first");

function progressOf(mark: Row | undefined, source: string): Progress {
  if (mark === undefined) return { source, reached: {} };
  const progress: Progress = JSON.parse(Buffer.from(bytesIn(mark, "value")).toString("utf8"));
  if (progress.source !== source)
    throw new Problem(
      "exists",
      "another store is half moved into this database: finish that move, or name another",
    );
  return progress;
}

const encoded = (progress: Progress): Buffer => Buffer.from(JSON.stringify(progress), "utf8");

type Key = Progress["reached"][string][number];
const encodedKey = (value: Values[number]): Key =>
  value instanceof Uint8Array ? { bytes: Buffer.from(value).toString("hex") } : value;
const decodedKey = (key: Key): Values[number] =>
  typeof key === "object" && key !== null ? Buffer.from(key.bytes, "hex") : key;

const sqlTypes: Readonly<Record<Column["type"], string>> = {
  integer: "bigint",
  text: "text",
  bytes: "bytea",
};

function insertInto({ name, columns }: Table): Statement {
  const names = columns.map((column) => column.name).join(", ");
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${sqlTypes[type]}[]`).join(", ");
  return {
    name: `move-into-${name}`,
    text: `INSERT INTO ${name} (${names}) SELECT * FROM unnest(${arrays}) ON CONFLICT DO NOTHING`,
  };
}

function columnsOf({ columns }: Table, rows: readonly Values[]): readonly (readonly unknown[])[] {
  return columns.map((_, index) => rows.map((row) => row[index]));
}

/** Text in the order of its bytes, as SQLite has it. */
function selectFrom({ name, columns, key }: Table, after: boolean): Statement {
  const types = new Map(columns.map((column) => [column.name, column.type]));
  const ordered = key.map((one) => (types.get(one) === "text" ? `${one} COLLATE "C"` : one)).join(", ");
  const values = key.map((_, index) => `$${index + 1}`).join(", ");
  const own = name === "meta" ? [`key NOT IN (${[...ownKeys].map((one) => `'${one}'`).join(", ")})`] : [];
  const conditions = [...(after ? [`(${ordered}) > (${values})`] : []), ...own];
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  return {
    name: `move-from-${name}-${after ? "on" : "first"}`,
    text: `SELECT ${columns.map((column) => column.name).join(", ")} FROM ${name} ${where} ORDER BY ${ordered}
      LIMIT $${after ? key.length + 1 : 1}`,
  };
}
