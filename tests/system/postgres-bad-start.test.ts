import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../src/store/schema/migrations.ts";
import { type Databases, startDatabases } from "../postgres/place.ts";
import { password } from "../postgres/real-postgres.ts";
import { launch, parwana } from "./process.ts";
import { freePort, makePlace, type Place } from "./world.ts";

let databases: Databases;
let place: Place;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());
beforeEach(async () => {
  place = await makePlace();
  return () => place.remove();
});

/** What the server says when it refuses to start on this database: one sentence, and nothing is made. */
async function refusal(url: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = launch({ environment: { ...place.environment, ...environment, DATABASE_URL: url } });
  const { code } = await server.ended;
  expect(code).toBe(1);
  expect(existsSync(place.dataDir)).toBe(false);
  expect(existsSync(place.keyFile)).toBe(false);
  const told = server.stderr();
  expect(told.trim().split("\n")).toHaveLength(1);
  for (const secret of [password, encodeURIComponent(password), "wrong-secret", "@127.0.0.1"])
    expect(told).not.toContain(secret);
  return told;
}

/** What commands say of it that have no server to ask, each in a process of its own. */
async function refusalsOfCommands(url: string): Promise<readonly string[]> {
  const PARWANA_MASTER_KEY = randomBytes(32).toString("base64");
  const environment = { ...place.environment, PARWANA_MASTER_KEY, DATABASE_URL: url };
  const commands = [["org", "list"], ["restore"], ["store", "move"]] as const;
  const ends = await Promise.all(commands.map((command) => parwana(environment, ...command)));
  expect(ends.map(({ code, stdout }) => [code, stdout])).toEqual(ends.map(() => [1, ""]));
  expect(existsSync(place.dataDir)).toBe(false);
  return ends.map(({ stderr }) => stderr);
}

async function tablesIn(database: string): Promise<unknown> {
  const [row] = await databases.postgres.run(
    "SELECT count(*)::integer AS tables FROM pg_tables WHERE schemaname = 'public'",
    database,
  );
  return row?.["tables"];
}

describe("a database that can't be used", () => {
  it("where nothing answers", async () => {
    const port = await freePort();
    expect(await refusal(`postgres://postgres:wrong-secret@127.0.0.1:${port}/parwana`)).toMatch(
      /no PostgreSQL answers there.*DATABASE_URL/,
    );
  });

  it("with a password that is wrong, or a name that is unknown", async () => {
    const { tcpUrl } = databases.postgres;
    expect(await refusal(tcpUrl("postgres", "postgres", "wrong-secret"))).toMatch(
      /password is wrong.*DATABASE_URL/,
    );
    expect(await refusal(tcpUrl("postgres", "nobody-known"))).toMatch(/password is wrong.*DATABASE_URL/);
    expect(await refusal(tcpUrl("no_such_database"))).toMatch(/no such database: create it/);
  });

  it("with no password, or without the TLS that is asked for, in the same words by the server and by commands", async () => {
    const { tcpUrl } = databases.postgres;
    const open = tcpUrl("postgres").replace(/:[^:@]*@/, "@");
    for (const [url, words] of [
      [open, /asks for a password and DATABASE_URL has none: write postgres:/],
      [`${tcpUrl("postgres")}?sslmode=require`, /asks for TLS \(sslmode\) and it speaks none/],
    ] as const) {
      const told = await refusal(url);
      expect(told).toMatch(words);
      expect(await refusalsOfCommands(url)).toEqual([told, told, told]);
    }
  });

  it("that lets its user not in, or holds another program's tables", async () => {
    await databases.admin("CREATE ROLE locked_out NOLOGIN PASSWORD 'x'");
    await databases.admin("CREATE DATABASE others");
    await databases.postgres.run("CREATE TABLE contacts (id integer)", "others");
    expect(await refusal(databases.postgres.tcpUrl("postgres", "locked_out", "x"))).toMatch(
      /does not let this user in.*DATABASE_URL/,
    );
    expect(await refusal(databases.postgres.tcpUrl("others"))).toMatch(
      /not parwana's.*\(contacts\).*DATABASE_URL/,
    );
    expect(await tablesIn("others")).toBe(1);
  });

  it("whose user may not make or write tables", async () => {
    const name = await databases.make();
    await databases.admin(`CREATE ROLE guest LOGIN PASSWORD '${password.replaceAll("'", "''")}'`);
    await databases.admin("CREATE DATABASE empty_one");
    expect(await refusal(databases.postgres.tcpUrl("empty_one", "guest"))).toMatch(
      /may not create tables: make it the owner/,
    );
    await databases.postgres.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest", name);
    expect(await refusal(databases.postgres.tcpUrl(name, "guest"))).toMatch(
      /may not write to parwana's tables/,
    );
    expect(await tablesIn("empty_one")).toBe(0);
  });

  it("because the data folder can't be made", async () => {
    const file = join(place.dir, "file");
    writeFileSync(file, "");
    await databases.admin("CREATE DATABASE untouched");
    expect(await refusal(databases.postgres.tcpUrl("untouched"), { DATA_DIR: join(file, "data") })).toMatch(
      /^the data folder .* cannot be made \(ENOTDIR\)/,
    );
    expect(await tablesIn("untouched")).toBe(0);
  });

  it("that a newer program has used", async () => {
    const name = await databases.make();
    const next = migrations.length + 1;
    await databases.postgres.run(`INSERT INTO schema_steps (number) VALUES (${next})`, name);
    expect(await refusal(databases.postgres.tcpUrl(name))).toMatch(
      new RegExp(
        `newer parwana \\(schema ${next}; this one knows ${migrations.length}\\): run that version or newer`,
      ),
    );
  });
});
