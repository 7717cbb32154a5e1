import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../../src/app/ports-store.ts";
import { run } from "../../src/cli/run.ts";
import { backUpStore } from "../../src/wiring/backup-store.ts";
import { openStore } from "../../src/wiring/open-store.ts";
import { type RestoreOrder, restoreStore } from "../../src/wiring/restore-store.ts";
import { newFolder } from "../contract/store/sqlite-place.ts";
import { bytes, change, claimedIds, meet, queue } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { silent } from "../logs.ts";

const clock = { now: () => noon };
let root: string;
let file: string;
beforeEach(() => {
  root = newFolder();
  file = join(root, "backup.db");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const configOf = (folder: string) => ({
  dataDir: join(root, folder),
  databaseUrl: undefined,
  masterKey: undefined,
  keyFile: join(root, "parwana.key"),
});

const open = (folder: string) => {
  const config = configOf(folder);
  return openStore({ config, log: silent, clock });
};

const restore = (folder: string, order: Partial<RestoreOrder> = {}) =>
  restoreStore(
    { config: configOf(folder), log: silent, clock },
    { file, replace: true, sendQueued: false, ...order },
  );

const backup = (folder: string) => backUpStore({ config: configOf(folder), clock }, file);

/** Works on the store in a folder, as a server would, and closes it. */
async function on<T>(folder: string, work: (store: Store) => Promise<T>): Promise<T> {
  const { store } = await open(folder);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function erase(folder: string, id: number): Promise<void> {
  const { store, vault } = await open(folder);
  await change(store, id, { forget: { tombstone: vault.tombstone(id) } });
  await store.close();
}

const isThere = (folder: string, id: number) =>
  on(folder, async (store) => (await store.contact(id)) !== undefined);

describe("what waited when the backup was made", () => {
  it("is not sent, unless the host says that nobody can have sent it", async () => {
    const person = await on("data", (store) => meet(store, "somebody"));
    const waiting = await on("data", (store) =>
      queue(store, person, {}, { lane: "bulk" }, { lane: "nudge" }),
    );
    backup("data");
    expect(await restore("data")).toMatchObject({
      madeAt: noon,
      ended: { replies: 1, broadcastMessages: 1, broadcasts: 0 },
    });
    expect(await on("data", (store) => store.backlog())).toEqual({ reply: 0, bulk: 0, nudge: 1 });
    expect(await restore("moved", { sendQueued: true })).toMatchObject({ ended: undefined });
    expect(await on("moved", (store) => store.backlog())).toEqual({ reply: 1, bulk: 1, nudge: 1 });
    expect(await on("moved", (store) => claimedIds(store))).toEqual(waiting.slice(0, 1));
  });
});

describe("who was erased since", () => {
  it("is erased again where only the store that is replaced knows it, or only the list", async () => {
    const [one, two, three] = await on("data", (store) =>
      Promise.all([meet(store, "1"), meet(store, "2"), meet(store, "3")]),
    );
    backup("data");
    await erase("data", one);
    // The list was lost, and somebody is erased afterwards.
    rmSync(join(root, "data", "tombstones"));
    await erase("data", two);
    expect(await restore("data")).toMatchObject({ erasedAgain: 2, tombstonesRead: true });
    writeFileSync(join(root, "data", "parwana.db"), "damaged");
    expect(await restore("data")).toMatchObject({ erasedAgain: 2, tombstonesRead: false });
    expect(await isThere("data", three)).toBe(true);
  });

  it("is not to be found in any file any more: not their key, not their address, not a word", async () => {
    const canaries = ["wrapped-canary", "address-canary", "session-canary"];
    const [wrappedKey, address, session] = canaries.map(bytes);
    if (wrappedKey === undefined || address === undefined || session === undefined) throw new Error("three");
    const fields = { wrappedKey, address, session };
    const goes = await on("data", (store) => meet(store, "1", fields));
    await on("data", (store) => queue(store, goes, { lane: "nudge", body: bytes("message-canary") }));
    backup("data");
    await erase("data", goes);
    await restore("data");
    const files = readdirSync(join(root, "data")).map((name) =>
      readFileSync(join(root, "data", name), "latin1"),
    );
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter((text) => text.includes("canary"))).toEqual([]);
    expect(readFileSync(file, "latin1")).toContain("canary");
  });

  it("is not erased in a folder without the list, and is as soon as it is there", async () => {
    const goes = await on("data", (store) => meet(store, "1"));
    backup("data");
    await erase("data", goes);
    expect(await restore("new")).toMatchObject({ erasedAgain: 0, kept: undefined });
    expect(await isThere("new", goes)).toBe(true);
    copyFileSync(join(root, "data", "tombstones"), join(root, "new", "tombstones"));
    expect(await isThere("new", goes)).toBe(false);
  });

  it("is known from the store in a later backup, too", async () => {
    const goes = await on("data", (store) => meet(store, "1"));
    backup("data");
    await erase("data", goes);
    const later = join(root, "later.db");
    backUpStore({ config: configOf("data"), clock }, later);
    await restore("new", { file: later });
    expect(await restore("new")).toMatchObject({ erasedAgain: 1 });
  });
});

describe("the command", () => {
  async function said(...args: readonly string[]): Promise<readonly [code: number, words: string]> {
    const words: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => words.push(String(text)) > 0);
    return [await run(args), words.join("")];
  }

  it("says what to do instead with a database, and which file it wants without one", async () => {
    vi.stubEnv("DATABASE_URL", "postgres://parwana:secret@db.example/parwana");
    const [code, words] = await said("restore", file);
    expect([code, words]).toEqual([1, expect.stringMatching(/without a file.*unset DATABASE_URL/)]);
    expect(await said("backup", file)).toEqual([1, expect.stringContaining("pg_dump")]);
    vi.stubEnv("DATABASE_URL", "");
    expect(await said("restore")).toEqual([2, "Say which: parwana restore <file>\n"]);
  });
});
