import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../../src/store/schema/migrations.ts";
import { migrate } from "../../../src/store/sqlite/migrate.ts";
import { plaintextColumns } from "../../../src/vault/plaintext-columns.ts";
import { newFolder, openAt } from "./sqlite-place.ts";
import { bytes, change, meet, queue, text } from "./store-data.ts";

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the data folder", () => {
  it("is made for its owner only, and so are the files in it", async () => {
    const dataDir = join(folder, "new", "data");
    const store = await openAt(dataDir);
    await store.writeMeta("key", bytes("value"));
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(dataDir)) expect(statSync(join(dataDir, file)).mode & 0o077).toBe(0);
    await store.close();
  });

  it("belongs to one at a time; the refusal says which folder and what to do", async () => {
    const store = await openAt(folder);
    const second = openAt(folder);
    await expect(second).rejects.toMatchObject({ name: "Problem", code: "store-locked" });
    await expect(second).rejects.toThrow(folder);
    await expect(second).rejects.toThrow("DATA_DIR");
    await store.writeMeta("key", bytes("still mine"));
    await store.close();
    const third = await openAt(folder);
    expect(text(await third.readMeta("key"))).toBe("still mine");
    await third.close();
  });

  it("is let go when opening fails half-way", async () => {
    mkdirSync(join(folder, "parwana.db"));
    await expect(openAt(folder)).rejects.toMatchObject({ code: "store-unavailable" });
    rmSync(join(folder, "parwana.db"), { recursive: true });
    const store = await openAt(folder);
    await store.close();
  });
});

describe("migrations", () => {
  const withDatabase = <T>(work: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(join(folder, "parwana.db"));
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  const version = (db: DatabaseSync): unknown => db.prepare("PRAGMA user_version").get()?.["user_version"];

  it("are numbered without gaps and leave their number in the file", async () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
    const store = await openAt(folder);
    await store.close();
    expect(withDatabase(version)).toBe(migrations.length);
  });

  it("refuse a database that a newer program has used", async () => {
    withDatabase((db) => db.exec("PRAGMA user_version = 9999"));
    await expect(openAt(folder)).rejects.toMatchObject({ name: "Problem", code: "store-newer" });
    expect(withDatabase(version)).toBe(9999);
  });

  it("stop at a whole step when one fails, and go on from there", () => {
    const first = { number: 1, sql: "CREATE TABLE one (id INTEGER)" };
    const broken = { number: 2, sql: "CREATE TABLE two (id INTEGER); no such statement" };
    const mended = { number: 2, sql: "CREATE TABLE two (id INTEGER)" };
    withDatabase((db) => {
      expect(() => migrate(db, [first, broken], "file")).toThrow();
      expect(version(db)).toBe(1);
      migrate(db, [first, mended], "file");
      expect(version(db)).toBe(2);
    });
  });
});

describe("the schema", () => {
  it("stores as it is just what the published list says", async () => {
    const store = await openAt(folder);
    await store.close();
    const db = new DatabaseSync(join(folder, "parwana.db"), { readOnly: true });
    const columns = db
      .prepare(
        `SELECT t.name AS tbl, c.name AS col, c.type AS type FROM sqlite_schema t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`,
      )
      .all();
    db.close();
    const stored = new Map<unknown, unknown[]>(columns.map(({ tbl }) => [tbl, []]));
    // What is sealed, wrapped or hashed is bytes. The installation's own values are bytes, too, but not all sealed.
    for (const { tbl, col, type } of columns) {
      if (type !== "BLOB" || tbl === "meta") stored.get(tbl)?.push(col);
    }
    expect(Object.fromEntries(stored)).toEqual(plaintextColumns);
  });
});

describe("the place of the index key", () => {
  it("keeps the first value, at once and over a restart", async () => {
    const store = await openAt(folder);
    expect(store.metaSync.read()).toBeUndefined();
    store.metaSync.write(bytes("first"));
    store.metaSync.write(bytes("second"));
    expect(text(store.metaSync.read())).toBe("first");
    await store.close();
    const again = await openAt(folder);
    expect(text(again.metaSync.read())).toBe("first");
    await again.close();
  });
});

describe("an erasure", () => {
  it("leaves none of the person's bytes in any file", async () => {
    const canaries = ["canary-session", "canary-address", "canary-key", "canary-message", "canary-provider"];
    const present = (): readonly string[] => {
      const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), "latin1"));
      return canaries.filter((canary) => files.some((content) => content.includes(canary)));
    };
    const store = await openAt(folder);
    const id = await meet(store, "chat 1", {
      session: bytes(canaries[0]?.repeat(500) ?? ""),
      address: bytes("canary-address"),
      wrappedKey: bytes("canary-key"),
    });
    const [first] = await queue(
      store,
      id,
      { body: bytes("canary-message") },
      { body: bytes("canary-message") },
    );
    const result = { kind: "sent", providerId: "canary-provider", keyboard: undefined } as const;
    await store.settle([{ id: first ?? 0, contact: id, result }]);
    expect(present()).toEqual(canaries);
    await change(store, id, { forget: { tombstone: bytes("tombstone") } });
    await store.sweep(0);
    expect(present()).toEqual([]);
    await store.close();
    expect(present()).toEqual([]);
  });
});
