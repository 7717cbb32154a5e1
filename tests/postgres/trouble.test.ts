import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openDatabase } from "../../src/store/postgres/connection.ts";
import { migrate } from "../../src/store/postgres/migrate.ts";
import { migrations } from "../../src/store/schema/migrations.ts";
import { plaintextColumns } from "../../src/vault/plaintext-columns.ts";
import { change, claimedIds, meet, nothing, queue, row, sent, turnOf } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { silent } from "../logs.ts";
import { type Databases, openAt, startDatabases } from "./place.ts";
import { password } from "./real-postgres.ts";
import { openWay } from "./way.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const clock = { now: () => noon };
let database: string;
beforeEach(async () => {
  database = await databases.make();
});

describe("a connection that dies during COMMIT", () => {
  it("loses nothing and doubles nothing: whether it worked is looked up by the delivery's id", async () => {
    const way = await openWay(databases.postgres.port);
    const store = await openAt(way.through(databases.postgres.tcpUrl(database)), { clock });
    const contact = await meet(store, "chat 1");
    const heard: string[] = [];
    store.together.hear(({ kind }) => heard.push(kind));
    way.cutAtCommit();
    const message = row(store, contact);
    const result = await store.turn(
      turnOf("chat 1", () => ({ ...nothing, outbox: [message], counts: ["turns"] })),
    );
    // It was committed: the second look finds the delivery, and its message waits to be claimed.
    expect(result).toEqual({ kind: "duplicate" });
    expect(await store.desk.counts()).toEqual({ turns: 1 });
    await vi.waitFor(() => expect(heard).toContain("waiting"));
    expect(await claimedIds(store)).toEqual([message.id]);
    way.cutAtCommit();
    await store.settle([{ id: message.id, contact, result: sent }]);
    expect(await claimedIds(store)).toEqual([]);
    await store.close();
    way.close();
  });
});

describe("a message whose commit was not answered", () => {
  it("leaves before whatever the person is told next", async () => {
    const way = await openWay(databases.postgres.port);
    const store = await openAt(way.through(databases.postgres.tcpUrl(database)), { clock });
    const contact = await meet(store, "chat 1");
    const told = () => {
      const message = row(store, contact);
      return { message, turn: turnOf("chat 1", () => ({ ...nothing, outbox: [message] })) };
    };
    const first = told();
    way.cutAtCommit();
    expect(await store.turn(first.turn)).toEqual({ kind: "duplicate" });
    const second = told();
    expect(await store.turn(second.turn)).toMatchObject({ kind: "done", behind: true });
    expect(await claimedIds(store)).toEqual([first.message.id]);
    await store.settle([{ id: first.message.id, contact, result: sent }]);
    expect(await claimedIds(store)).toEqual([second.message.id]);
    await store.settle([{ id: second.message.id, contact, result: sent }]);
    const third = told();
    expect(await store.turn(third.turn)).not.toHaveProperty("behind");
    await store.close();
    way.close();
  });
});

describe("a database that goes away", () => {
  it("is acknowledged nothing, is said in the health, and goes on by itself when it is back", async () => {
    const store = await openAt(databases.postgres.tcpUrl(database), { clock });
    const contact = await meet(store, "chat 1");
    await queue(store, contact, {});
    await databases.postgres.kill();
    await expect(change(store, contact, { counts: ["lost"] })).rejects.toMatchObject({
      code: "store-unavailable",
    });
    await expect(store.claim(noon, "reply", 1)).rejects.toMatchObject({ code: "store-unavailable" });
    expect(await store.health()).toMatchObject({ ok: false, reason: expect.stringContaining("PostgreSQL") });
    await databases.postgres.start();
    await vi.waitFor(async () => expect(await store.health()).toEqual({ ok: true }), { timeout: 10_000 });
    expect((await change(store, contact, { counts: ["back"] })).kind).toBe("done");
    expect(await store.desk.counts()).toEqual({ back: 1 });
    await store.close();
  });
});

describe("a database without a free connection", () => {
  it("is acknowledged nothing, with what to do, and works again when there is one", async () => {
    await databases.postgres.run(
      `CREATE ROLE tenant LOGIN PASSWORD '${password.replaceAll("'", "''")}';
      GRANT ALL ON SCHEMA public TO tenant; GRANT ALL ON ALL TABLES IN SCHEMA public TO tenant`,
      database,
    );
    const store = await openAt(databases.postgres.tcpUrl(database, "tenant"), { clock });
    const contact = await meet(store, "chat 1");
    await databases.postgres.run("ALTER ROLE tenant CONNECTION LIMIT 0", database);
    await databases.postgres.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tenant'",
      database,
    );
    await expect(change(store, contact, { counts: ["full"] })).rejects.toMatchObject({
      code: "store-unavailable",
      message: expect.stringContaining("max_connections"),
    });
    await databases.postgres.run("ALTER ROLE tenant CONNECTION LIMIT -1", database);
    await vi.waitFor(async () => expect(await store.health()).toEqual({ ok: true }), { timeout: 10_000 });
    await store.close();
  });
});

/** Another program locks a table; gives what lets it go. */
async function lockedByAnother(table: string): Promise<() => Promise<void>> {
  const other = new Client({ connectionString: databases.postgres.url(database) });
  other.on("error", () => undefined);
  await other.connect();
  await other.query(`BEGIN; LOCK TABLE ${table}`);
  return () => other.end();
}

describe("a process whose connections are all at work", () => {
  it("acknowledges nothing more, says so, and goes on when one is free", async () => {
    const store = await openAt(databases.postgres.tcpUrl(database), { clock });
    const contact = await meet(store, "chat 1");
    const letGo = await lockedByAnother("counters");
    const looks = Array.from({ length: 20 }, () => store.desk.counts().catch(() => undefined));
    await expect(change(store, contact, { counts: ["late"] })).rejects.toMatchObject({
      code: "store-unavailable",
      trouble: "all-busy",
      message: expect.stringMatching(/connections are at work.*long transactions/),
    });
    await letGo();
    await Promise.all(looks);
    expect(await store.health()).toEqual({ ok: true });
    expect((await change(store, contact, { counts: ["back"] })).kind).toBe("done");
    expect(await store.desk.counts()).toEqual({ back: 1 });
    await store.close();
  });

  it("is not brought there by looks at its health", async () => {
    const store = await openAt(databases.postgres.tcpUrl(database), { clock: { now: () => noon } });
    const contact = await meet(store, "chat 1");
    const letGo = await lockedByAnother("meta");
    await vi.waitFor(async () => expect(await store.health()).toMatchObject({ code: "no-answer" }), 20_000);
    const looks = Array.from({ length: 20 }, () => store.health());
    expect((await change(store, contact, { counts: ["met"] })).kind).toBe("done");
    await letGo();
    await Promise.all(looks);
    await store.close();
  });
});

describe("the schema", () => {
  it("stores as it is just what the published list says, and what processes need of one another", async () => {
    const columns = await databases.postgres.run(
      `SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND (data_type <> 'bytea' OR table_name = 'meta')`,
      database,
    );
    const stored = Map.groupBy(columns, (column) => String(column["table_name"]));
    const { workers, paces, schema_steps, ...rest } = Object.fromEntries(
      [...stored].map(([table, some]) => [
        table,
        some.map((column) => String(column["column_name"])).toSorted(),
      ]),
    );
    expect([workers, paces, schema_steps].every((own) => own !== undefined)).toBe(true);
    const listed = Object.entries(plaintextColumns).filter(([, names]) => names.length > 0);
    expect(rest).toEqual(
      Object.fromEntries(
        listed.map(([table, names]) => [
          table,
          [...names, ...(table === "outbox" ? ["claimed", "owner"] : [])].toSorted(),
        ]),
      ),
    );
  });

  it("is made once by processes that start at the same moment", async () => {
    await databases.admin("CREATE DATABASE fresh");
    // Whatever a database would rather have: who waited has to see what the one before has done.
    await databases.admin("ALTER DATABASE fresh SET default_transaction_isolation = 'repeatable read'");
    const url = databases.postgres.url("fresh");
    const stores = await Promise.all(Array.from({ length: 4 }, () => openAt(url)));
    expect(await databases.postgres.run("SELECT number FROM schema_steps ORDER BY number", "fresh")).toEqual(
      migrations.map(({ number }) => ({ number })),
    );
    await Promise.all(stores.map((store) => store.close()));
  });

  it("stops at a whole step when one fails, and goes on from there", async () => {
    await databases.admin("CREATE DATABASE steps");
    const db = openDatabase(databases.postgres.url("steps"), silent);
    // Before a second step it is looked whether an older program is there, in a table that the first one makes.
    const workers = "CREATE TABLE workers (id bigint, lease_until timestamptz)";
    const first = { number: 1, sqlite: "", postgres: `CREATE TABLE one (id integer); ${workers}` };
    const broken = { number: 2, sqlite: "", postgres: "CREATE TABLE two (id integer); no such statement" };
    const mended = { number: 2, sqlite: "", postgres: "CREATE TABLE two (id integer)" };
    const made = "SELECT to_regclass('one') IS NOT NULL AS one, to_regclass('two') IS NOT NULL AS two";
    await expect(migrate(db, [first, broken])).rejects.toThrow("syntax");
    expect(await databases.postgres.run(made, "steps")).toEqual([{ one: true, two: false }]);
    await migrate(db, [first, mended]);
    expect(await databases.postgres.run(made, "steps")).toEqual([{ one: true, two: true }]);
    await expect(migrate(db, [first])).rejects.toMatchObject({ code: "store-newer" });
    await db.end();
  });
});
