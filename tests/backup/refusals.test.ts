import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Problem } from "../../src/app/errors.ts";
import type { Config } from "../../src/config.ts";
import { checkBackup } from "../../src/wiring/backup-seal.ts";
import { backUpStore } from "../../src/wiring/backup-store.ts";
import { ownWords } from "../../src/wiring/installation.ts";
import { openStore } from "../../src/wiring/open-store.ts";
import { type RestoreOrder, restoreStore } from "../../src/wiring/restore-store.ts";
import { newFolder } from "../contract/store/sqlite-place.ts";
import { meet } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { silent } from "../logs.ts";

type Settings = Pick<Config, "dataDir" | "databaseUrl" | "masterKey" | "keyFile">;

const clock = { now: () => noon };
let root: string;
let file: string;
let config: Settings;
beforeEach(async () => {
  root = newFolder();
  file = join(root, "backup.db");
  config = {
    dataDir: join(root, "data"),
    databaseUrl: undefined,
    masterKey: undefined,
    keyFile: join(root, "parwana.key"),
  };
  const store = await opened();
  await meet(store, "somebody");
  await store.close();
  backUpStore({ config, clock }, file);
});
afterEach(() => rmSync(root, { recursive: true }));

async function opened() {
  return (await openStore({ config, log: silent, clock })).store;
}

/** Every file below the root, and what is in it. */
function everything(): readonly string[] {
  const all = readdirSync(root, { recursive: true, withFileTypes: true });
  return all
    .filter(({ name }) => !/parwana\.db-(?:wal|shm)$/.test(name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${path} ${entry.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : ""}`;
    });
}

const restore = (order: Partial<RestoreOrder> = {}, settings: Partial<Settings> = {}) =>
  restoreStore(
    { config: { ...config, ...settings }, log: silent, clock },
    { file, replace: true, sendQueued: false, ...order },
  );

/** What is said to the host, who finds everything as it was. */
async function refusal(work: () => unknown): Promise<string> {
  const before = everything();
  try {
    await work();
  } catch (problem) {
    expect(everything()).toEqual(before);
    const words = ownWords(problem);
    if (words === undefined) throw problem;
    expect(words).toMatch(/^[^\n]+$/);
    return words;
  }
  throw new Error("it was not refused");
}

/** The page of the file, from 0, where a table begins. */
function page(table: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table);
  db.close();
  return Number(row?.["rootpage"]) - 1;
}

function edit(name: string, sql: string): void {
  const db = new DatabaseSync(name);
  db.exec(sql);
  db.close();
}

/** How long the database in the file is: all of it but what it ends with. */
const withoutSeal = () => checkBackup(file, "it").length;

describe("a restore is refused in a sentence, and nothing is changed", () => {
  it.each<[name: string, spoil: () => void, words: RegExp]>([
    [
      "a backup that was cut short",
      () => writeFileSync(file, readFileSync(file).subarray(0, 20_000)),
      /cut short \(20000 of \d+ bytes\): copy it again/,
    ],
    [
      "a backup that ends where its seal begins",
      () => writeFileSync(file, readFileSync(file).subarray(0, withoutSeal())),
      /is cut off at its end, or was made by an older program: copy it again .* take another backup$/,
    ],
    [
      "a backup that ends in its seal",
      () => writeFileSync(file, readFileSync(file).subarray(0, withoutSeal() + 10)),
      /is cut off at its end.*take another backup$/,
    ],
    [
      "a backup with something behind it",
      () => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(4096)])),
      /is damaged \(it is not as it was made\): copy it again/,
    ],
    [
      "a backup with a page that was lost",
      // The root of the table of people: nothing else that is looked at reads it.
      () =>
        writeFileSync(
          file,
          readFileSync(file).fill(0, page("contacts") * 4096, (page("contacts") + 1) * 4096),
        ),
      /is damaged \(.*\): copy it again/,
    ],
    ["an empty file", () => writeFileSync(file, ""), /no backup of parwana: name a file/],
    ["a file of another kind", () => writeFileSync(file, "a letter ".repeat(1_000)), /no backup of parwana/],
    ["another program's database", () => edit(file, "PRAGMA application_id = 1"), /no backup of parwana/],
    [
      "a newer schema",
      () => edit(file, "PRAGMA user_version = 900"),
      /newer parwana \(schema 900; this one knows \d+\): restore it with that version/,
    ],
    ["a backup of a store that was never used", () => edit(file, "DELETE FROM meta"), /never used/],
    ["a file that isn't there", () => rmSync(file), /cannot be read \(ENOENT\): name a file/],
    [
      "a folder",
      () => {
        rmSync(file);
        mkdirSync(file);
      },
      /cannot be read \(EISDIR\)/,
    ],
    ["a store with its log", () => writeFileSync(`${file}-wal`, "log"), /-wal.*no backup/],
    ["a missing key", () => rmSync(config.keyFile), /no key file.*put back the key/],
    [
      "another key",
      () => writeFileSync(config.keyFile, `${randomBytes(32).toString("base64")}\n`),
      /does not open this store.*put back the key/,
    ],
    ["a key that others can read", () => chmodSync(config.keyFile, 0o644), /chmod 600/],
  ])("%s", async (_, spoil, words) => {
    spoil();
    expect(await refusal(() => restore())).toMatch(words);
    // Into a folder that isn't there yet, too: none is made.
    expect(await refusal(() => restore({}, { dataDir: join(root, "fresh") }))).toMatch(words);
  });

  it("a store that is there already", async () => {
    expect(await refusal(() => restore({ replace: false }))).toMatch(/a store in .* already: with --replace/);
  });

  it("a folder on which a server runs", async () => {
    const store = await opened();
    await expect(restore()).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringMatching(/another parwana is running.*stop it/),
    });
    await store.close();
  });

  it("a list of tombstones that can't be read", async () => {
    mkdirSync(join(config.dataDir, "tombstones"));
    expect(await refusal(() => restore())).toMatch(/tombstones.* cannot be read \(EISDIR\)/);
    await expect(opened()).rejects.toMatchObject({ code: "store-unavailable" });
  });
});

describe("a damaged backup", () => {
  it("is noticed wherever it was cut or changed, and never ends in anything but words", () => {
    const whole = readFileSync(file);
    const spoilt = join(root, "spoilt.db");
    const at = fc.integer({ min: 0, max: whole.length - 1 });
    const unsealed = withoutSeal();
    const cut = fc.oneof(at, fc.integer({ min: unsealed, max: whole.length - 1 }), fc.constant(unsealed));
    fc.assert(
      fc.property(cut, (length) => {
        writeFileSync(spoilt, whole.subarray(0, length));
        expect(() => checkBackup(spoilt, "it")).toThrow(Problem);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(at, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 50 }),
        (edits) => {
          const bytes = Buffer.from(whole);
          for (const [where, change] of edits) bytes.writeUInt8(bytes.readUInt8(where) ^ change, where);
          fc.pre(!bytes.equals(whole));
          writeFileSync(spoilt, bytes);
          expect(() => checkBackup(spoilt, "it")).toThrow(Problem);
        },
      ),
      { numRuns: 100, endOnFailure: true },
    );
  });
});

describe("a backup is refused in a sentence, and no file is left", () => {
  const backup = (to: string, settings: Partial<Settings> = {}) =>
    backUpStore({ config: { ...config, ...settings }, clock }, to);

  it.each<[name: string, work: () => unknown, words: RegExp]>([
    ["a file that is there", () => backup(file), /is there already, and nothing is overwritten/],
    ["a folder that isn't there", () => backup(join(root, "none/backup.db")), /cannot be written \(ENOENT\)/],
    [
      "a folder without a store",
      () => backup(join(root, "b.db"), { dataDir: root }),
      /no store in .*DATA_DIR/,
    ],
    ["PostgreSQL", () => backup(join(root, "b.db"), { databaseUrl: "postgres://db/parwana" }), /pg_dump/],
  ])("%s", async (_, work, words) => {
    expect(await refusal(work)).toMatch(words);
  });

  it("another backup to the same name that is being made, or was cut short", async () => {
    const other = join(root, "other.db");
    writeFileSync(`${other}.partial`, "");
    expect(await refusal(() => backup(other))).toMatch(/other\.db\.partial is there.*Remove it then/);
  });

  it("and nothing is left beside the store by one that was made while no server ran", () => {
    const before = readdirSync(config.dataDir);
    backup(join(root, "another.db"));
    expect(readdirSync(config.dataDir)).toEqual(before);
    expect(statSync(join(root, "another.db")).mode & 0o777).toBe(0o600);
  });

  it("a store that was moved, one that is newer, and one that is damaged", async () => {
    const store = join(config.dataDir, "parwana.db");
    const other = join(root, "other.db");
    edit(store, "INSERT INTO meta VALUES ('moved', x'')");
    expect(await refusal(() => backup(other))).toMatch(/moved to PostgreSQL/);
    edit(store, "DELETE FROM meta WHERE key = 'moved'; PRAGMA user_version = 900");
    expect(await refusal(() => backup(other))).toMatch(/newer parwana/);
    writeFileSync(store, "damaged ".repeat(2_000));
    expect(await refusal(() => backup(other))).toMatch(/damaged.*restore the last backup/);
    expect(existsSync(other)).toBe(false);
  });
});
