import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeBackup } from "../../src/store/sqlite/backup-make.ts";
import { putBack } from "../../src/store/sqlite/backup-put-back.ts";
import { newFolder, openAt } from "../contract/store/sqlite-place.ts";
import { bytes, meet } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { projectRoot } from "../project-root.ts";
import { patch } from "../system/copy-tree.ts";
import { endAll, launch } from "../system/process.ts";

let root: string;
let folder: string;
let file: string;
beforeEach(async () => {
  root = newFolder();
  folder = join(root, "data");
  file = join(root, "backup.db");
  const store = await openAt(folder);
  store.metaSync.write(bytes("wrapped index key"));
  await meet(store, "before");
  makeBackup({ dataDir: folder, file, now: noon, seal: () => undefined });
  await meet(store, "after");
  // What a kill leaves: the second person is in the log only.
  const killed = join(root, "killed");
  cpSync(folder, killed, { recursive: true, filter: (one) => !one.endsWith("-shm") });
  await store.close();
  rmSync(folder, { recursive: true });
  cpSync(killed, folder, { recursive: true });
});
afterEach(async () => {
  await endAll();
  rmSync(root, { recursive: true });
});

/** How many people the store in a folder has. */
async function people(dataDir: string): Promise<number> {
  const store = await openAt(dataDir);
  const found = await store.contactsAfter(0, 10);
  await store.close();
  return found.length;
}

/** The same of a store that is kept aside. */
function peopleIn(kept: string): Promise<number> {
  const other = join(root, "other");
  mkdirSync(other);
  for (const end of ["", "-wal"])
    if (existsSync(kept + end)) cpSync(kept + end, join(other, `parwana.db${end}`));
  return people(other);
}

const leftovers = (): readonly string[] =>
  readdirSync(folder)
    .map((name) => name.replace(/-\d+T\d+Z/, ""))
    .filter((name) => /\.(?:replaced|restored|arriving)/.test(name));

/** Puts the file back in a process of its own, which kills itself at the piece of code that stands there once. */
async function killedAt(piece: string, when = ""): Promise<void> {
  const tree = join(root, "tree");
  mkdirSync(tree);
  cpSync(join(projectRoot, "src"), join(tree, "src"), { recursive: true });
  cpSync(join(projectRoot, "package.json"), join(tree, "package.json"));
  symlinkSync(join(projectRoot, "node_modules"), join(tree, "node_modules"));
  const source = "src/store/sqlite/backup-put-back.ts";
  patch(tree, [{ file: source, from: piece, to: `${when}process.kill(process.pid, "SIGKILL"); ${piece}` }]);
  const script = `const { putBack } = await import("./${source}");
    putBack(${JSON.stringify(folder)}, ${JSON.stringify(file)}, true).decide(new Date(${noon}), true);`;
  const killed = launch({
    environment: {},
    root: tree,
    program: [process.execPath, "--input-type=module", "-e", script],
  });
  expect([await killed.ended, killed.stderr()]).toEqual([{ code: null, signal: "SIGKILL" }, ""]);
}

describe("a restore that is killed leaves one whole store, and no log under another database", () => {
  it("before it is decided: the old one", async () => {
    await killedAt("changed = true;\n        renameSync");
    expect(leftovers()).toEqual(["parwana.db.arriving"]);
    expect(await people(folder)).toBe(2);
  });

  it.each([
    ["when it is decided", "return finishPutBack(dataDir);", ""],
    ["before the old one is aside", 'for (const end of ["", "-wal"])', ""],
    [
      "before its log is aside, too",
      "if (existsSync(path + end)) renameSync(path + end, aside + end);",
      'if (end === "-wal") ',
    ],
    ["before the new one has its name", "renameSync(join(dataDir, name), path);", ""],
  ])("%s: the restored one", async (_, piece, when) => {
    await killedAt(piece, when);
    expect(await people(folder)).toBe(1);
    expect(leftovers()).toEqual(["parwana.db.replaced", "parwana.db.replaced-wal"]);
    const kept = readdirSync(folder).find((name) => name.includes("replaced")) ?? "";
    expect(await peopleIn(join(folder, kept))).toBe(2);
  });

  it("may be done again", async () => {
    await killedAt("return finishPutBack(dataDir);");
    const again = putBack(folder, file, true);
    again.decide(new Date(noon + 60_000), true);
    again.close();
    expect(await people(folder)).toBe(1);
    expect(leftovers().filter((name) => name.endsWith("replaced"))).toHaveLength(2);
  });
});

describe("what was there", () => {
  it("is kept beside, whole, with what was in its log", async () => {
    const at = putBack(folder, file, true);
    const kept = at.decide(new Date(noon), true);
    at.close();
    expect(kept).toBe(join(folder, "parwana.db.replaced-20261122T120000Z"));
    expect([await people(folder), await peopleIn(kept ?? "")]).toEqual([1, 2]);
  });

  it("is kept as it is where it is damaged", async () => {
    const damaged = join(folder, "parwana.db");
    writeFileSync(damaged, "damaged".repeat(1_000));
    const at = putBack(folder, file, true);
    expect(at.tombstones()).toBeUndefined();
    const kept = at.decide(new Date(noon), true) ?? "";
    at.close();
    expect(await people(folder)).toBe(1);
    expect(readFileSync(kept, "utf8")).toBe("damaged".repeat(1_000));
  });

  it("stays where it is unless that was asked for", async () => {
    expect(() => putBack(folder, file, false)).toThrow(/--replace/);
    expect(await people(folder)).toBe(2);
  });
});

it("takes away the folder that it made in vain", () => {
  const fresh = join(root, "fresh");
  putBack(fresh, file, false).close();
  expect(existsSync(fresh)).toBe(false);
  expect(() => putBack(fresh, join(root, "missing.db"), false)).toThrow(/ENOENT/);
  expect(existsSync(fresh)).toBe(false);
});
