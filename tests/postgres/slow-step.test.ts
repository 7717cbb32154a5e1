import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { copyMark } from "../../src/store/schema/copies.ts";
import { migrations } from "../../src/store/schema/migrations.ts";
import { endAll, launch, launchServer } from "../system/process.ts";
import { makePlace, type Place } from "../system/world.ts";
import { echoTree } from "./echo-tree.ts";
import { type Databases, startDatabases } from "./place.ts";

vi.setConfig({ testTimeout: 120_000 });

const number = migrations.length + 1;
/** Longer than a statement is waited for in the copy: a real step may take longer than a real minute. */
const step = `{ number: ${number}, sqlite: "",
  postgres: "CREATE TABLE slow_step AS SELECT 1 AS one; SELECT pg_sleep(5)" }`;

let databases: Databases;
let tree: ReturnType<typeof echoTree>;
beforeAll(async () => {
  databases = await startDatabases();
  tree = echoTree([
    { file: "src/store/schema/migrations.ts", from: "sealedByChacha];", to: `sealedByChacha, ${step}];` },
    {
      file: "src/store/postgres/connection.ts",
      from: "query_timeout: longestStatement + longestConnect",
      to: "query_timeout: 3_000",
    },
  ]);
});
afterAll(async () => {
  tree.remove();
  await databases.stop();
});

let place: Place;
let database: string;
beforeEach(async () => {
  place = await makePlace();
  database = await databases.make();
});
afterEach(async () => {
  await endAll();
  place.remove();
});

const command = () => ({
  root: tree.root,
  environment: { ...place.environment, DATABASE_URL: databases.postgres.url(database) },
});

/** Resolves when something is at this statement in the database. */
async function isAt(statement: string, more = "true"): Promise<void> {
  const seen = `SELECT 1 FROM pg_stat_activity WHERE datname = '${database}' AND state = 'active'
    AND pid <> pg_backend_pid() AND query LIKE '%${statement}%' AND ${more}`;
  await vi.waitUntil(async () => (await databases.postgres.run(seen)).length > 0, {
    timeout: 60_000,
    interval: 50,
  });
}

async function stepsTaken(): Promise<readonly unknown[]> {
  const rows = await databases.postgres.run("SELECT number FROM schema_steps ORDER BY number", database);
  return rows.map((row) => row["number"]);
}

it("a step of the schema in which the process is killed leaves nothing, and the next start takes it, however long it takes", async () => {
  const before = await stepsTaken();
  const first = launch(command());
  await isAt("pg_sleep");
  await first.end("SIGKILL");
  // What the dead one asked for is still under way in the database: this one waits for that, and then takes the step itself.
  const next = await launchServer(command());
  expect(await stepsTaken()).toEqual([...before, number]);
  expect(await databases.postgres.run("SELECT one FROM slow_step", database)).toEqual([{ one: 1 }]);
  await next.end("SIGTERM");
});

it("a start after a dump was put back waits for another that is settling it, however long that takes", async () => {
  await (await launchServer(command())).end("SIGTERM");
  const run = (sql: string) => databases.postgres.run(sql, database);
  await run(`INSERT INTO meta (key, value) VALUES ('${copyMark}', '1')`);
  const other = new Client({ connectionString: databases.postgres.url(database) });
  await other.connect();
  await other.query("BEGIN");
  await other.query("SELECT 1 FROM meta WHERE key = $1 FOR UPDATE", [copyMark]);
  const starting = launchServer(command());
  await Promise.race([
    isAt("DELETE FROM meta", "wait_event_type = 'Lock' AND now() - query_start > interval '4 s'"),
    starting,
  ]);
  await other.query("ROLLBACK");
  await other.end();
  const server = await starting;
  expect(await run(`SELECT 1 FROM meta WHERE key = '${copyMark}'`)).toEqual([]);
  await server.end("SIGTERM");
});
