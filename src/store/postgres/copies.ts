import { Client } from "pg";
import { Problem } from "../../app/errors.ts";
import type { Copies } from "../../app/ports-copies.ts";
import { bytesIn } from "../schema/columns.ts";
import { copyMark, endedReason } from "../schema/copies.ts";
import { checkDatabase } from "./check.ts";
import { type Database, type Query, queryOn, type Statement, settingsOf } from "./connection.ts";
import { openingProblem, unavailable } from "./failure.ts";
import { locks } from "./locks.ts";

const marked: Statement = { name: "copy-marked", text: "SELECT 1 FROM meta WHERE key = $1" };
// Of several processes that start at once, the others wait here until the first has settled it.
const unmark: Statement = { name: "copy-unmark", text: "DELETE FROM meta WHERE key = $1" };
const endLane: Statement = {
  name: "copy-end-lane",
  text: `UPDATE outbox SET state = 5, reason = '${endedReason}', body = NULL, lone_key = NULL, lone_address = NULL
    WHERE lane = $1 AND state <= 2`,
};
const endBroadcasts: Statement = {
  name: "copy-end-broadcasts",
  text: "UPDATE broadcasts SET state = 'done' WHERE state <> 'done'",
};
const all: Statement = { name: "tombstones", text: "SELECT tombstone FROM tombstones" };
const bury: Statement = {
  name: "tombstones-bury",
  text: "INSERT INTO tombstones (tombstone) SELECT * FROM unnest($1::bytea[]) ORDER BY 1 ON CONFLICT DO NOTHING",
};

/** What a database that was put back from a dump needs before it is served from; see the port. */
export function copiesOf(db: Database): Copies {
  return {
    isCopy: async () => (await db.read(marked, [copyMark])).count > 0,
    settle: async () => {
      try {
        return await db.patiently(async (query) => {
          if ((await query(unmark, [copyMark])).count === 0) return { value: undefined, writes: [] };
          const [replies, bulk] = [await query(endLane, [0]), await query(endLane, [2])];
          const broadcasts = await query(endBroadcasts);
          const value = {
            replies: replies.count,
            broadcastMessages: bulk.count,
            broadcasts: broadcasts.count,
          };
          return { value, writes: [] };
        });
      } catch (problem) {
        throw unavailable(problem) ?? problem;
      }
    },
    tombstones: async () => (await db.read(all)).rows.map((row) => bytesIn(row, "tombstone")),
    bury: async (tombstones) => {
      await db.read(bury, [tombstones]);
    },
  };
}

const inUse: Statement = {
  name: "",
  text: "SELECT 1 FROM workers WHERE lease_until > clock_timestamp()",
};
const indexKey: Statement = { name: "", text: "SELECT value FROM meta WHERE key = 'index-key'" };
const isStore: Statement = { name: "", text: "SELECT to_regclass('workers') IS NOT NULL AS known" };
const setMark: Statement = {
  name: "",
  text: "INSERT INTO meta (key, value) VALUES ($1, convert_to($2, 'UTF8')) ON CONFLICT (key) DO NOTHING",
};

/** The wrapped index key of the store in a database; undefined where there is none yet. Throws as `markPutBack` does. */
export function indexKeyIn(url: string): Promise<Uint8Array | undefined> {
  return inStore(url, async (query) => {
    const [row] = (await query(indexKey)).rows;
    return row === undefined ? undefined : bytesIn(row, "value");
  });
}

/**
 * Notes that a database was put back from a dump, so that the first process on it settles what that asks for. `when`: now (ms).
 * Throws Problem `store-locked` while a process uses it, `not-found` where it holds no store, and what `checkDatabase` throws.
 */
export function markPutBack(url: string, when: number): Promise<void> {
  return inStore(url, async (query) => {
    const free = (await query(locks.lead)).rows[0]?.["got"] === true;
    if (!free || (await query(inUse)).count > 0)
      throw new Problem(
        "store-locked",
        "a parwana is running on this database, or was half a minute ago: stop it, or wait, and try again",
      );
    await query(setMark, [copyMark, String(when)]);
  });
}

/** Does something to a store in a database by a connection of its own. */
async function inStore<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
  await checkDatabase(url);
  const client = new Client(settingsOf(url, "parwana restore"));
  client.on("error", () => undefined);
  const query = queryOn(client);
  try {
    await client.connect();
    if ((await query(isStore)).rows[0]?.["known"] !== true)
      throw new Problem("not-found", "there is no store in this database: bring the dump into it first");
    return await work(query);
  } catch (problem) {
    throw openingProblem(problem);
  } finally {
    await client.end().catch(() => undefined);
  }
}
