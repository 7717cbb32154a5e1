import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Outbox } from "../../../src/app/deliver-outbox.ts";
import { IntakeGate } from "../../../src/app/intake-gate.ts";
import { People } from "../../../src/app/people.ts";
import { receive } from "../../../src/app/receive.ts";
import { Content } from "../../../src/app/runtime.ts";
import { loadContent } from "../../../src/content/load.ts";
import { minute } from "../../../src/core/nouns/time.ts";
import { migrations } from "../../../src/store/schema/migrations.ts";
import { openDatabase } from "../../../src/store/sqlite/connection.ts";
import { migrate } from "../../../src/store/sqlite/migrate.ts";
import { addSeal } from "../../../src/wiring/backup-seal.ts";
import { moveStore } from "../../../src/wiring/move-store.ts";
import { openStore } from "../../../src/wiring/open-store.ts";
import { restoreStore } from "../../../src/wiring/restore-store.ts";
import { fakeChannel, textOf } from "../../app/fake-channel.ts";
import { tree } from "../../content/tree.ts";
import { smallContent } from "../../core/flow/small-content.ts";
import { silent } from "../../logs.ts";
import { type Databases, openAt, startDatabases } from "../../postgres/place.ts";
import { chat, databaseOfSchema1, folderOfSchema1, masterKey, wroteAt } from "./schema-1.ts";
import { newFolder } from "./sqlite-place.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

// Little later: nothing is past its time yet.
const clock = { now: () => wroteAt + minute };
const newest = migrations.length;

const removed = (folder: string): string => {
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** A folder for a store in it, or for what a process keeps beside a database. */
const configOf = (dataDir: string, databaseUrl?: string) => ({
  dataDir,
  databaseUrl,
  masterKey,
  keyFile: join(dataDir, "no.key"),
});

function contentOf() {
  const loaded = loadContent(tree(smallContent));
  if ("issues" in loaded) throw new Error("the small content does not load");
  return new Content(loaded.program, loaded.translator);
}

/** Opens the store as a server does, has that person say where, and gives what they are told then. */
async function goesOn(config: ReturnType<typeof configOf>, said = "Kabul") {
  const { store, vault } = await openStore({ config, log: silent, clock });
  const telegram = fakeChannel("telegram", clock.now);
  const content = contentOf();
  const channels = new Map([["telegram", telegram] as const]);
  const base = { store, vault, clock, log: silent, content, channels, people: new People(vault) };
  const outbox = new Outbox(base, {
    inFlight: 4,
    chance: () => 0.5,
    onLeft: () => {},
    onContactStopped: async () => {},
  });
  const arrived = {
    channel: "telegram",
    externalId: `said ${said}`,
    addresses: [chat],
    input: { kind: "text", text: said },
    languageHint: "en",
    opensWindow: true,
    tappedMessage: undefined,
    tapId: undefined,
  } as const;
  const gate = new IntakeGate(() => outbox.backlog);
  expect(await receive({ ...base, outbox, gate }, arrived)).toBe("done");
  await vi.waitFor(() => expect(telegram.calls).toHaveLength(1));
  await outbox.stop();
  await store.close();
  return telegram.calls.map(({ outgoing }) => textOf(outgoing));
}

const versionIn = (folder: string): unknown => {
  const db = new DatabaseSync(join(folder, "parwana.db"), { readOnly: true });
  const found = db.prepare("PRAGMA user_version").get()?.["user_version"];
  db.close();
  return found;
};
const stepsIn = async (database: string) =>
  (await databases.postgres.run("SELECT number FROM schema_steps ORDER BY number", database)).map(
    ({ number }) => number,
  );

async function emptyDatabase(name: string) {
  await databases.admin(`CREATE DATABASE ${name}`);
  return { name, url: databases.postgres.url(name) };
}

describe("a store of the first schema", () => {
  it("holds sessions as plain JSON", async () => {
    const config = configOf(removed(folderOfSchema1()));
    const { store, vault } = await openStore({ config, log: silent, clock });
    const [row] = await store.contactsAfter(0, 1);
    if (row === undefined) throw new Error("nobody is in it");
    const place = { table: "contacts", column: "session", row: row.id };
    const stored = vault.open(vault.openPersonKey(row.id, row.wrappedKey), place, row.session);
    expect(JSON.parse(stored)).toMatchObject({ v: 1, turn: 4 });
    await store.close();
  });

  it("in a folder is brought up to date, and the conversation goes on", async () => {
    const folder = removed(folderOfSchema1());
    expect(await goesOn(configOf(folder))).toEqual([expect.stringContaining("When?")]);
    expect(versionIn(folder)).toBe(newest);
    // Once more, now that the session is stored in the new form.
    expect(await goesOn(configOf(folder), "5 May 2027")).toHaveLength(1);
  });

  it("in a database is brought up to date, and the conversation goes on", async () => {
    const { name, url } = await emptyDatabase("earlier");
    await databaseOfSchema1(url);
    const config = configOf(removed(newFolder()), url);
    expect(await goesOn(config)).toEqual([expect.stringContaining("When?")]);
    expect(await stepsIn(name)).toEqual(migrations.map(({ number }) => number));
    expect(await goesOn(config, "5 May 2027")).toHaveLength(1);
  });

  it("is restored from a backup of its time", async () => {
    const file = join(removed(folderOfSchema1({ asBackup: true })), "backup.db");
    addSeal(file);
    const config = configOf(join(removed(newFolder()), "data"));
    const order = { file, replace: false, sendQueued: false };
    expect(await restoreStore({ config, log: silent, clock }, order)).toMatchObject({ madeAt: wroteAt });
    expect(versionIn(config.dataDir)).toBe(newest);
    expect(await goesOn(config)).toEqual([expect.stringContaining("When?")]);
  });

  it.each([
    ["an empty database", false],
    ["one in which an earlier program has made its tables", true],
  ])("is moved into %s", async (_where, known) => {
    const { url } = await emptyDatabase(known ? "known" : "unknown");
    if (known) await databaseOfSchema1(url, { filled: false });
    const dataDir = removed(folderOfSchema1());
    const moved = await moveStore({ ...configOf(dataDir), url, log: silent, told: () => {} });
    expect(moved).toContainEqual(expect.objectContaining({ table: "contacts", rows: 1 }));
    expect(await goesOn(configOf(dataDir, url))).toEqual([expect.stringContaining("When?")]);
  });
});

describe("a program that knows only the first schema", () => {
  const older = migrations.slice(0, 1);

  it("refuses a folder in one sentence, and changes nothing", () => {
    const folder = removed(newFolder());
    openDatabase(folder, undefined).close();
    const db = new DatabaseSync(join(folder, "parwana.db"));
    const steps = older.map(({ number, sqlite }) => ({ number, sql: sqlite }));
    expect(() => migrate(db, steps, "parwana.db")).toThrow(
      new RegExp(`newer parwana \\(schema ${newest}; this one knows 1\\): run that version or newer`),
    );
    db.close();
    expect(versionIn(folder)).toBe(newest);
  });

  it("refuses a database in one sentence", async () => {
    const url = databases.postgres.url(await databases.make());
    await expect(openAt(url, { steps: older })).rejects.toMatchObject({
      code: "store-newer",
      message: expect.stringContaining(`schema ${newest}; this one knows 1`),
    });
  });

  it("is not left behind: while it runs, the database stays as it is", async () => {
    const { name, url } = await emptyDatabase("shared");
    const running = await openAt(url, { steps: older });
    await expect(openAt(url)).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringMatching(/older parwana is running.*stop all/),
    });
    expect(await stepsIn(name)).toEqual([1]);
    await running.close();
    await (await openAt(url)).close();
    expect(await stepsIn(name)).toEqual(migrations.map(({ number }) => number));
  });
});
