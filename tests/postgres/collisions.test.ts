import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ContactId } from "../../src/core/nouns/ids.ts";
import type { PostgresStore } from "../../src/store/postgres/open.ts";
import {
  bytes,
  change,
  claimedIds,
  meet,
  nothing,
  queue,
  sent,
  turnOf,
} from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { type Databases, openAt, startDatabases } from "./place.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

let database: string;
let store: PostgresStore;
let first: ContactId;
let second: ContactId;
const run = (sql: string) => databases.postgres.run(sql, database);

beforeEach(async () => {
  database = await databases.make();
  // Of those who wait in a ring the one is ended whose time is over first: ours, and there is time to close the ring.
  await run(`ALTER DATABASE ${database} SET deadlock_timeout = '3s'`);
  store = await openAt(databases.postgres.url(database), { clock: { now: () => noon } });
  first = await meet(store, "chat 1");
  second = await meet(store, "chat 2");
});
afterEach(() => store.close());

/** While `work` is done for both people, another transaction has the second and wants the first: neither can go on. */
async function inARing<T>(work: () => Promise<T>): Promise<T> {
  const other = new Client({ connectionString: databases.postgres.url(database) });
  await other.connect();
  const lock = (id: ContactId) => other.query("SELECT 1 FROM contacts WHERE id = $1 FOR UPDATE", [id]);
  await other.query("SET deadlock_timeout = '1h'");
  await other.query("BEGIN");
  await lock(second);
  const working = work();
  const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = '${database}' AND wait_event_type = 'Lock'`;
  await vi.waitUntil(async () => (await run(waits)).length > 0, { timeout: 10_000, interval: 20 });
  // Given when ours was ended, which held the first.
  await lock(first);
  await other.query("ROLLBACK");
  await other.end();
  return working;
}

const deadlocks = async () =>
  (await run(`SELECT deadlocks::integer AS n FROM pg_stat_database WHERE datname = '${database}'`))[0]?.["n"];

/** The next two transactions that write to a table are refused as if they could not be put in order. */
async function unorderedTwice(table: string): Promise<void> {
  await run(`CREATE SEQUENCE tries; CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'not now' USING ERRCODE = 'serialization_failure'; END IF;
      RETURN NULL; END $$;
    CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION refuse()`);
}

/** How often a write to that table was tried. */
const tries = async () => (await run("SELECT last_value::integer AS n FROM tries"))[0]?.["n"];

describe("a transaction that another was in the way of", () => {
  it("is a turn, in a ring: it is tried again, and happens once", async () => {
    const who = { kind: "address", blinds: [bytes("chat 1"), bytes("chat 2")] } as const;
    const ofBoth = turnOf("", () => ({ ...nothing, counts: ["turns"] }), { who });
    expect((await inARing(() => store.turn(ofBoth))).kind).toBe("done");
    expect(await store.desk.counts()).toEqual({ turns: 1 });
    await vi.waitFor(async () => expect(await deadlocks()).toBeGreaterThan(0), { timeout: 10_000 });
  });

  it("is a settlement, in a ring: it is tried again, and written once", async () => {
    const messages = [...(await queue(store, first, {})), ...(await queue(store, second, {}))];
    const of = [first, second];
    expect(await claimedIds(store)).toEqual(messages);
    await inARing(() =>
      store.settle(messages.map((id, at) => ({ id, contact: of[at] ?? first, result: sent }))),
    );
    expect(await run("SELECT state, attempts FROM outbox")).toEqual(Array(2).fill({ state: 3, attempts: 1 }));
    await vi.waitFor(async () => expect(await deadlocks()).toBeGreaterThan(0), { timeout: 10_000 });
  });

  it("can't be put in order: a turn is tried again, and happens once", async () => {
    await unorderedTwice("inbox");
    const result = await store.turn(turnOf("chat 1", () => ({ ...nothing, counts: ["turns"] })));
    expect(result.kind).toBe("done");
    expect(await store.desk.counts()).toEqual({ turns: 1 });
    expect(await tries()).toBe(3);
  });

  it("can't be put in order: a settlement is tried again, and written once", async () => {
    const [message = 0] = await queue(store, first, {});
    await claimedIds(store);
    await unorderedTwice("outbox");
    await store.settle([{ id: message, contact: first, result: sent }]);
    expect(await run("SELECT state, attempts FROM outbox")).toEqual([{ state: 3, attempts: 1 }]);
    expect(await tries()).toBe(3);
  });

  it("is given up where that goes on: nothing of it is left", async () => {
    await unorderedTwice("counters");
    await run("ALTER SEQUENCE tries MINVALUE -100 RESTART WITH -100");
    await expect(change(store, first, { counts: ["never"] })).rejects.toMatchObject({ code: "40001" });
    expect(await store.desk.counts()).toEqual({});
  });
});
