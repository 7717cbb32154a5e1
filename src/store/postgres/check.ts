import { Client } from "pg";
import { Problem } from "../../app/errors.ts";
import { numberIn, type Row } from "../schema/columns.ts";
import { migrations } from "../schema/migrations.ts";
import { tables } from "../schema/tables.ts";
import { settingsOf } from "./connection.ts";
import { failureCode, openingProblem } from "./failure.ts";
import { newer } from "./migrate.ts";
import { asWritten } from "./troubles.ts";

/** The oldest server that is tried out: as old as its makers still care for. */
const oldestServer = 140_000;

/** What has to be right before anything is changed: the server's age, the schema's, what this user may do, and names that are free. */
const look = `SELECT current_setting('server_version_num')::integer AS server,
  EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('schema_steps') AND attname = 'number') AS known,
  current_schema() IS NOT NULL AND has_schema_privilege(current_schema(), 'CREATE') AS may_create,
  pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only,
  ARRAY(SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = ANY($1)
    ORDER BY relname) AS taken`;
const ours = [...tables.map(({ name }) => name), "workers", "paces", "schema_steps"];
const lookCloser = `SELECT coalesce(max(number), 0) AS number,
  coalesce((SELECT bool_and(has_table_privilege(c.oid, right_to)) FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) right_to,
    pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace), true) AS may_write FROM schema_steps`;

/**
 * Looks whether a database can be used, and changes nothing. Throws Problem `store-unavailable` or `store-newer` with one
 * sentence that says what is wrong and what to do; the address is not repeated.
 */
export async function checkDatabase(url: string): Promise<void> {
  try {
    await onConnection(url, check);
  } catch (problem) {
    throw openingProblem(problem);
  }
}

/** Connects. What the driver throws without any name, before there is a connection, concerns the address as it is written. */
async function onConnection(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  let client: Client | undefined;
  try {
    client = new Client(settingsOf(url, "parwana"));
    client.on("error", () => undefined);
    await client.connect();
  } catch (problem) {
    await client?.end().catch(() => undefined);
    throw failureCode(problem) === undefined ? Object.assign(new Error(), { code: asWritten }) : problem;
  }
  try {
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function check(client: Client): Promise<void> {
  const [found] = (await client.query<Row>(look, [ours])).rows;
  if (found === undefined) throw new Problem("store-unavailable", "the database does not answer");
  if (numberIn(found, "server") < oldestServer)
    throw new Problem("store-unavailable", "the database is older than PostgreSQL 14: use a newer one");
  if (found["read_only"] === true)
    throw new Problem("store-unavailable", "the database is read-only: name the primary in DATABASE_URL");
  const mayCreate = found["may_create"] === true;
  if (found["known"] === true) await checkSchema(client, mayCreate);
  else if (!mayCreate) throw mayNot("create tables");
  else checkNames(found["taken"]);
}

/** Throws where something that is not ours has the name of one of our tables. */
function checkNames(taken: unknown): void {
  if (!Array.isArray(taken) || taken.length === 0) return;
  throw new Problem(
    "store-unavailable",
    `this database holds what is not parwana's under the names of its tables (${taken.join(", ")}): make a database for parwana alone, and name it in DATABASE_URL`,
    { trouble: "not-empty" },
  );
}

async function checkSchema(client: Client, mayCreate: boolean): Promise<void> {
  const [schema] = (await client.query<Row>(lookCloser)).rows;
  const newest = migrations.at(-1)?.number ?? 0;
  const number = schema === undefined ? 0 : numberIn(schema, "number");
  if (number > newest) throw newer(number, newest);
  if (schema?.["may_write"] !== true) throw mayNot("write to parwana's tables");
  if (number < newest && !mayCreate) throw mayNot("create tables");
}

function mayNot(what: string): Problem {
  return new Problem(
    "store-unavailable",
    `the user named in DATABASE_URL may not ${what}: make it the owner of the database, or of the schema that the tables are in`,
  );
}
