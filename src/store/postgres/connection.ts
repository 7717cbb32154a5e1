import { Client, type ClientConfig, Pool, type PoolClient, types as standardTypes } from "pg";
import type { Log } from "../../app/ports.ts";
import type { Ms } from "../../core/nouns/time.ts";
import type { Row } from "../schema/columns.ts";
import { inBinary } from "./binary-arrays.ts";
import { failureCode, unavailable } from "./failure.ts";

/** A statement under a name, by which the server remembers how to carry it out. */
export type Statement = { readonly name: string; readonly text: string };
export type Result = { readonly rows: readonly Row[]; readonly count: number };
export type Query = (statement: Statement, values?: readonly unknown[]) => Promise<Result>;

/** What a transaction gives: its value, and writes that were sent and need not be waited for before the commit is sent, too. */
export type Work<T> = { readonly value: T; readonly writes: readonly Promise<unknown>[] };

export type Database = {
  /** One statement on its own. Rejects with Problem `store-unavailable` when the database can't be used. */
  readonly read: Query;
  /**
   * One transaction. Statements go out without waiting for the answers before them; it resolves after the commit. Whatever
   * `work` or the database throws comes out as it is, after nothing of it is left, unless the answer to the commit got lost.
   */
  readonly transact: <T>(work: (query: Query) => Promise<Work<T>>) => Promise<T>;
  /** The same on a connection of its own, for what may take its time: no statement and no wait for a lock ends it. */
  readonly patiently: <T>(work: (query: Query) => Promise<Work<T>>) => Promise<T>;
  /** A connection of its own, outside the pool. */
  readonly dedicated: (name: string) => Client;
  readonly end: () => Promise<void>;
};

/** Whoever stops inside a transaction holds people's rows: the server ends it then, and the rows are free. */
const longestIdle: Ms = 10_000;
const longestLockWait: Ms = 15_000;
const longestStatement: Ms = 60_000;
const longestConnect: Ms = 10_000;
/** When the system begins to ask whether a server lives that has long said nothing. */
const silence: Ms = 30_000;
/** Connections of one process, besides its own session. */
const connections = 8;

// Every statement of a turn, a look or a settlement finds its rows by an index. PostgreSQL remembers how it carried a
// statement out at first, when the tables were nearly empty and reading the whole of them cost nothing. A bitmap of an index
// never marks the entries that it found dead, and meets them again each time until the next vacuum.
const byIndex =
  "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

/** Whatever the user's own settings or the database's are. */
const patience: Statement = {
  name: "patience",
  text: "SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)",
};

const integers: ReadonlySet<number> = new Set([20, 1700]);
const bytes = 17;

/** Whole numbers beyond 32 bits come as text; all of ours fit a JavaScript number. Bytes get memory of their own. */
const types: NonNullable<ClientConfig["types"]> = {
  getTypeParser: (oid: number, format?: "text" | "binary") => {
    if (integers.has(oid)) return Number;
    const standard = standardTypes.getTypeParser(oid, format);
    return oid === bytes ? (value: string) => new Uint8Array(standard(value)) : standard;
  },
};

/**
 * The driver takes these modes for the strictest one, which it is to be told by its name: a future version takes them for what
 * they are elsewhere, and this one warns of it at each start.
 */
const strict = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/;

function plainly(url: string): string {
  return url.includes("uselibpqcompat=true") ? url : url.replace(strict, "$1verify-full");
}

/** How every connection is made. */
export function settingsOf(url: string, name: string): ClientConfig {
  return {
    connectionString: plainly(url),
    application_name: name,
    connectionTimeoutMillis: longestConnect,
    keepAlive: true,
    pipeline: true,
    types,
    statement_timeout: longestStatement,
    lock_timeout: longestLockWait,
    idle_in_transaction_session_timeout: longestIdle,
    query_timeout: longestStatement + longestConnect,
  };
}

/** Opens a pool of connections; none is made before the first statement. */
export function openDatabase(url: string, log: Log): Database {
  const pool = new Pool({
    ...settingsOf(url, "parwana"),
    max: connections,
    allowExitOnIdle: true,
    onConnect: (client) => client.query(byIndex),
  });
  // An idle connection that dies is simply replaced; without a listener it would end the process.
  pool.on("error", (problem) => log.warn("store-connection-lost", { code: failureCode(problem) }));
  return {
    read: async (statement, values = []) => {
      try {
        return resultOf(await pool.query({ ...statement, values: inBinary(statement, values) }));
      } catch (problem) {
        throw unavailable(problem) ?? problem;
      }
    },
    transact: async (work) => {
      const client = await pool.connect();
      return inTransaction(client, work, (broken) => client.release(broken));
    },
    patiently: async (work) => {
      const settings = { query_timeout: 0, keepAliveInitialDelayMillis: silence };
      const client = new Client({ ...settingsOf(url, "parwana"), ...settings });
      client.on("error", () => undefined);
      try {
        await client.connect();
        const unhurried = async (query: Query) => {
          await query(patience);
          return work(query);
        };
        return await inTransaction(client, unhurried, () => undefined);
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    dedicated: (name) => new Client(settingsOf(url, name)),
    end: () => pool.end(),
  };
}

/** A query function on one connection. `failed` is told of each statement that fails, in their order. */
export function queryOn(client: Client | PoolClient, failed?: (problem: unknown) => void): Query {
  return async (statement, values = []) => {
    try {
      return resultOf(await client.query({ ...statement, values: inBinary(statement, values) }));
    } catch (problem) {
      failed?.(problem);
      throw problem;
    }
  };
}

function resultOf({ rows, rowCount }: { rows: Row[]; rowCount: number | null }): Result {
  return { rows, count: rowCount ?? 0 };
}

/** `done` is told at the end what broke the connection, if anything did. */
async function inTransaction<T>(
  client: Client | PoolClient,
  work: (query: Query) => Promise<Work<T>>,
  done: (broken: Error | undefined) => void,
): Promise<T> {
  let broken: Error | undefined;
  // What was sent behind it fails for no other reason, and may be heard of before it.
  let first: unknown;
  const died = (problem: Error): void => {
    broken = problem;
  };
  client.on("error", died);
  try {
    // What is read after a lock has to be what the one before wrote, whatever the database would rather have.
    const begun = client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
    const query = queryOn(client, (problem) => {
      first ??= problem;
    });
    const [{ value, writes }] = await Promise.all([work(query), begun]);
    const committed = client.query("COMMIT");
    const [done] = await Promise.all([committed, ...writes]);
    if (done.command !== "COMMIT") throw new Error("the transaction was not committed");
    return value;
  } catch (problem) {
    await client.query("ROLLBACK").catch((failed: Error) => {
      broken ??= failed;
    });
    throw first ?? problem;
  } finally {
    client.off("error", died);
    done(broken);
  }
}
