import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ownKeys, tables } from "../../src/store/schema/tables.ts";
import { openDatabase } from "../../src/store/sqlite/connection.ts";
import { SecretKey } from "../../src/vault/secret-key.ts";
import { makeIndexKey } from "../../src/vault/vault.ts";
import { moveStore, reopenFolder, undoMove } from "../../src/wiring/move-store.ts";
import { folderOfSchema1 } from "../contract/store/schema-1.ts";
import { newFolder, openAt as openFolder } from "../contract/store/sqlite-place.ts";
import { bytes, change, claimedIds, meet, nothing, queue, turnOf } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { silent } from "../logs.ts";
import { type Databases, openAt, startDatabases } from "./place.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const clock = { now: () => noon };
let folder: string;
let database: string;
let url: string;
beforeEach(async () => {
  folder = newFolder();
  database = await databases.make();
  url = databases.postgres.url(database);
});
afterEach(() => rmSync(folder, { recursive: true }));

const told = () => undefined;
const masterKey = randomBytes(32).toString("base64");
const order = () => ({ dataDir: folder, masterKey, keyFile: join(folder, "no.key"), url, log: silent, told });
const indexKey = makeIndexKey(new SecretKey(Buffer.from(masterKey, "base64")));

/** A store with something in every table; gives what to look for afterwards. */
async function filled() {
  const store = await openFolder(folder, { clock });
  store.metaSync.write(indexKey);
  await store.desk.addOrganisation("org", "Helpers «ها»", noon);
  await store.desk.addTopic({ id: "org/news", organisation: "org", titles: { en: "News" } }, noon);
  const everything = {
    schedule: [{ ref: "wait", at: noon + 5 }],
    subscribe: ["org/news"],
    openCases: [{ id: store.nextId(), reason: bytes("sealed") }],
    counts: ["met"],
  };
  const contact = await meet(store, "chat 1", { session: new Uint8Array([0, 255, 10, 92]) }, everything);
  const erased = await meet(store, "chat 2", {}, { subscribe: ["org/news"] });
  const broadcast = store.nextId();
  const about = {
    id: broadcast,
    topic: "org/news",
    organisation: "org",
    texts: { en: "News" },
    createdAt: noon,
  };
  await store.desk.createBroadcast(about);
  await store.desk.queueBroadcastChunk(broadcast, 10, ["fa-AF"], noon, noon + 1000);
  await change(store, erased, { forget: { tombstone: bytes("tombstone") } });
  const messages = await queue(store, contact, {}, {}, { lane: "nudge" });
  await claimedIds(store);
  const broken = () => {
    throw new TypeError("broken");
  };
  const keep = () => ({ changes: nothing, contact, input: () => bytes("input") });
  await store.turn(turnOf("chat 1", broken, { inbox: { channel: "whatsapp", externalId: "poison" }, keep }));
  const row = await store.contact(contact);
  await store.close();
  return { contact, messages, broadcast, row };
}

describe("the list of tables", () => {
  it("is what both engines have, but for what only several processes need", async () => {
    await (await openFolder(folder)).close();
    const db = openDatabase(folder, undefined);
    const listed = tables.map(({ name, columns }) => [name, columns.map((column) => column.name).toSorted()]);
    const inFolder = db
      .prepare(
        "SELECT t.name AS t, c.name AS c FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'",
      )
      .all();
    db.close();
    const inDatabase = await databases.postgres.run(
      "SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = 'public'",
      database,
    );
    const sorted = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      Object.fromEntries(
        [...Map.groupBy(rows, (row) => String(row["t"]))].map(([name, some]) => [
          name,
          some.map((row) => String(row["c"])).toSorted(),
        ]),
      );
    expect(sorted(inFolder)).toEqual(Object.fromEntries(listed));
    const { workers, paces, schema_steps, ...shared } = sorted(inDatabase);
    expect([workers, paces, schema_steps].every((columns) => columns !== undefined)).toBe(true);
    const outbox = (shared["outbox"] ?? []).filter((column) => !["owner", "claimed"].includes(column));
    expect({ ...shared, outbox }).toEqual(Object.fromEntries(listed));
  });
});

describe("a move into PostgreSQL", () => {
  it("brings everything, and is the same here and there", async () => {
    const { contact, messages, broadcast, row } = await filled();
    const moved = await moveStore(order());
    expect(moved.map(({ table }) => table)).toEqual(tables.map(({ name }) => name));
    expect(moved.filter(({ rows }) => rows === 0).map(({ table }) => table)).toEqual(["erasures"]);
    const store = await openAt(url, { clock });
    expect(await store.contact(contact)).toEqual(row);
    expect(Buffer.from(await store.indexKey(() => bytes("another")))).toEqual(indexKey);
    expect(await store.dueFires(noon + 5, 10)).toEqual([{ contact, ref: "wait", at: noon + 5 }]);
    expect(await store.desk.broadcastStatus(broadcast)).toEqual({ "dropped erased": 1, queued: 1 });
    expect(await store.keptInputs(noon + 3_600_000, 10)).toHaveLength(1);
    expect(await claimedIds(store)).toEqual([messages[0]]);
    expect(store.nextId()).toBeGreaterThan(messages[2] ?? 0);
    expect(await store.turn(turnOf("chat 1", () => undefined))).toMatchObject({ kind: "done" });
    await store.close();
  });

  it("keeps servers off the folder from its beginning on, and may be told to let them back", async () => {
    await filled();
    await moveStore(order());
    await expect(openFolder(folder)).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringMatching(/moved.*--undo/),
    });
    await reopenFolder(order());
    await (await openFolder(folder)).close();
  });

  it("goes on where it was when it is interrupted, and no server starts meanwhile", async () => {
    const store = await openFolder(folder, { clock });
    store.metaSync.write(indexKey);
    await Promise.all(Array.from({ length: 2_500 }, (_, one) => meet(store, `chat ${one}`)));
    await store.close();
    await databases.postgres.run(
      `CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT count(*) FROM contacts) > 2000 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER cut BEFORE INSERT ON lookups FOR EACH STATEMENT EXECUTE FUNCTION cut()`,
      database,
    );
    await expect(moveStore(order())).rejects.toMatchObject({ code: "store-unavailable" });
    expect(await databases.postgres.run("SELECT count(*)::integer AS n FROM contacts", database)).toEqual([
      { n: 2500 },
    ]);
    await expect(openAt(url)).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringMatching(/store move. again/),
    });
    await expect(openFolder(folder)).rejects.toMatchObject({ code: "store-locked" });
    await databases.postgres.run("DROP TRIGGER cut ON lookups; DROP FUNCTION cut", database);
    const moved = await moveStore(order());
    expect(moved.find(({ table }) => table === "lookups")?.rows).toBe(2_500);
    await (await openAt(url)).close();
  });

  it("finds out when something did not arrive as it was, and can be taken back", async () => {
    await filled();
    // The last table to arrive alters one that is there already.
    await databases.postgres.run(
      `CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE contacts SET session = session || '\\x00'; RETURN NEW; END $$;
      CREATE TRIGGER meddle AFTER INSERT ON counters FOR EACH STATEMENT EXECUTE FUNCTION meddle()`,
      database,
    );
    await expect(moveStore(order())).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/table contacts.*--undo/),
    });
    await databases.postgres.run("DROP TRIGGER meddle ON counters; DROP FUNCTION meddle", database);
    await undoMove(order());
    await (await openFolder(folder)).close();
    await moveStore(order());
  });

  it("refuses while a server runs on either, and where other data is", async () => {
    const folderStore = await openFolder(folder);
    folderStore.metaSync.write(indexKey);
    await expect(moveStore(order())).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringMatching(/another parwana/),
    });
    await folderStore.close();
    const databaseStore = await openAt(url);
    await expect(moveStore(order())).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringMatching(/stop it/),
    });
    await databaseStore.writeMeta("used", bytes("yes"));
    await databaseStore.close();
    await expect(moveStore(order())).rejects.toMatchObject({
      code: "exists",
      message: expect.stringMatching(/empty/),
    });
    // Nothing was changed: a server may start on the folder.
    await (await openFolder(folder)).close();
  });

  it.each([
    [
      "another key",
      { masterKey: randomBytes(32).toString("base64") },
      /does not open this store.*put back the key/,
    ],
    ["no key", { masterKey: undefined, keyFile: "/no/such.key" }, /no key file \/no\/such\.key.*put back/],
  ])("refuses under %s, before anything is changed", async (_, key, words) => {
    const { contact, row } = await filled();
    await expect(moveStore({ ...order(), ...key })).rejects.toThrow(words);
    expect(await databases.postgres.run("SELECT key FROM meta", database)).toEqual([]);
    const store = await openFolder(folder);
    expect(await store.contact(contact)).toEqual(row);
    await store.close();
  });

  it("finds out that a database won't do before it touches the folder", async () => {
    const old = folderOfSchema1();
    const before = readFileSync(join(old, "parwana.db"));
    const other = await openAt(url);
    const places = [
      [databases.postgres.tcpUrl(database, "postgres", "wrong"), "store-unavailable"],
      [databases.postgres.tcpUrl("no_such_database"), "store-unavailable"],
      [url, "store-locked"],
    ] as const;
    for (const [place, code] of places)
      await expect(moveStore({ ...order(), dataDir: old, url: place })).rejects.toMatchObject({ code });
    await other.writeMeta("used", bytes("yes"));
    await other.close();
    await expect(moveStore({ ...order(), dataDir: old })).rejects.toMatchObject({ code: "exists" });
    expect(readFileSync(join(old, "parwana.db")).equals(before)).toBe(true);
    expect(readdirSync(old)).toEqual(["parwana.db"]);
    rmSync(old, { recursive: true });
  });

  it("says so where there is nothing to move", async () => {
    await expect(moveStore(order())).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringMatching(/DATA_DIR/),
    });
    expect(ownKeys.size).toBeGreaterThan(0);
  });
});
