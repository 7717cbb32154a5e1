import { Client } from "pg";
import { Problem } from "../../app/errors.ts";
import { numberIn, type Row } from "../schema/columns.ts";
import { migrations } from "../schema/migrations.ts";
import { settingsOf } from "./connection.ts";
import { openingProblem } from "./failure.ts";
import { newer } from "./migrate.ts";

/** The oldest server that is tried out: as old as its makers still care for. */
const oldestServer = 140_000;

/** What has to be right before anything is changed: the server's age, the schema's, and what this user may do. */
const look = `SELECT current_setting('server_version_num')::integer AS server, to_regclass('schema_steps') IS NOT NULL AS known,
  current_schema() IS NOT NULL AND has_schema_privilege(current_schema(), 'CREATE') AS may_create,
  pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only`;
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
    const client = new Client(settingsOf(url, "parwana"));
    client.on("error", () => undefined);
    try {
      await client.connect();
      await check(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  } catch (problem) {
    throw openingProblem(problem);
  }
}

async function check(client: Client): Promise<void> {
  const [found] = (await client.query<Row>(look)).rows;
  if (found === undefined) throw new Problem("store-unavailable", "the database does not answer");
  if (numberIn(found, "server") < oldestServer)
    throw new Problem("store-unavailable", "the database is older than PostgreSQL 14: use a newer one");
  if (found["read_only"] === true)
    throw new Problem("store-unavailable", "the database is read-only: name the primary in DATABASE_URL");
  const mayCreate = found["may_create"] === true;
  if (found["known"] === true) await checkSchema(client, mayCreate);
  else if (!mayCreate) throw mayNot("create tables");
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
