import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newFolder, openAt } from "../contract/store/sqlite-place.ts";
import { meet, newContact, nothing, row, turnOf } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { endAll, launch, type Running } from "../system/process.ts";

let root: string;
let folder: string;
beforeEach(() => {
  root = newFolder();
  folder = join(root, "data");
});
afterEach(async () => {
  await endAll();
  rmSync(root, { recursive: true });
});

/** Makes a backup in a process of its own, as the command does; `first` runs in it before. */
function backupApart(file: string, first = ""): Running {
  const script = `${first};
    const { makeBackup } = await import("./src/store/sqlite/backup-make.ts");
    makeBackup({ dataDir: ${JSON.stringify(folder)}, file: ${JSON.stringify(file)}, now: ${noon}, seal: () => undefined });`;
  return launch({ environment: {}, program: [process.execPath, "--input-type=module", "-e", script] });
}

async function backup(file: string): Promise<void> {
  const child = backupApart(file);
  expect([await child.ended, child.stderr()]).toEqual([{ code: 0, signal: null }, ""]);
}

/** What a copy holds: each turn gives a person one version, one message and one handled delivery, all or nothing. */
function heldBy(file: string) {
  const db = new DatabaseSync(file, { readOnly: true });
  const one = (sql: string): unknown => Object.values(db.prepare(sql).get() ?? {})[0];
  const held = {
    whole: one("PRAGMA integrity_check"),
    torn: one(`SELECT count(*) FROM contacts c
      WHERE c.version <> 1 + (SELECT count(*) FROM outbox o WHERE o.contact_id = c.id)`),
    turns: one("SELECT sum(version) FROM contacts"),
    deliveries: one("SELECT count(*) FROM inbox"),
  };
  db.close();
  return held;
}

it("a backup is of one moment, whatever is written meanwhile, and nobody who writes is refused", async () => {
  const store = await openAt(folder);
  const names = Array.from({ length: 24 }, (_, one) => `person ${one}`);
  await Promise.all(names.map((name) => meet(store, name)));
  let goesOn = true;
  let turns = 0;
  const write = async (name: string): Promise<void> => {
    while (goesOn) {
      const result = await store.turn(
        turnOf(name, (contact) => {
          if (contact === undefined) throw new Error("they were met");
          const { id, version } = contact;
          return { ...nothing, contact: newContact(id, { version }), outbox: [row(store, id)] };
        }),
      );
      expect(result.kind).toBe("done");
      turns += 1;
    }
  };
  const writers = Promise.all(names.map(write));
  let before = 0;
  for (const name of ["one.db", "two.db", "three.db"]) {
    const file = join(root, name);
    const begun = turns;
    await backup(file);
    const { whole, torn, turns: held, deliveries } = heldBy(file);
    expect({ whole, torn, deliveries }).toEqual({ whole: "ok", torn: 0, deliveries: held });
    expect(held).toBeGreaterThan(before);
    expect(turns).toBeGreaterThan(begun);
    before = Number(held);
  }
  goesOn = false;
  await writers;
  await store.close();
});

it("a backup that is killed leaves no file of its name, and the store as it was", async () => {
  const store = await openAt(folder);
  await meet(store, "somebody");
  const file = join(root, "killed.db");
  // Dies between the copying and the name.
  const killed = backupApart(
    file,
    `const fs = (await import("node:module")).createRequire("/")("node:fs");
    fs.fsyncSync = () => process.kill(process.pid, "SIGKILL");
    (await import("node:module")).syncBuiltinESMExports()`,
  );
  expect([await killed.ended, killed.stderr()]).toEqual([{ code: null, signal: "SIGKILL" }, ""]);
  expect(existsSync(file)).toBe(false);
  expect(statSync(`${file}.partial`).mode & 0o777).toBe(0o600);
  expect(await store.contactsAfter(0, 10)).toHaveLength(1);
  await store.close();
  rmSync(`${file}.partial`);
  await backup(file);
  expect(heldBy(file)).toMatchObject({ whole: "ok", turns: 1 });
});
