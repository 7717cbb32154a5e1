import { copyFileSync, existsSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Problem } from "../../app/errors.ts";
import { bytesIn } from "../schema/columns.ts";
import { copyMark } from "../schema/copies.ts";
import { applicationId, codeOf, flushFile, flushFolderOf } from "./backup-file.ts";
import { makeDataFolder } from "./data-folder.ts";
import { holdFolder } from "./lock.ts";
import { sqliteCode, unavailable } from "./store-failure.ts";

const database = "parwana.db";
/** A copy that is being looked at: nothing has changed yet. */
const arriving = "parwana.db.arriving";
/** A copy that takes the store's place, now or at the next start; what follows is when that was decided. */
const decided = /^parwana\.db\.restored-(?<when>\d{8}T\d{6}Z)$/;

/** A folder that nobody else uses, with a copy that is not yet the store. */
export type PuttingBack = {
  /** Where the copy is, to be looked at. */
  readonly copy: string;
  /** Whether there is a store in the folder. */
  readonly occupied: boolean;
  /** The tombstones of the store that is here; undefined where it can't be read. */
  readonly tombstones: () => readonly Uint8Array[] | undefined;
  /**
   * Makes the copy the store; what was there stays beside it, under the name that this gives. `asCopy`: what waited when it was
   * made is ended before anything is served. Cut short, it is done at the next start.
   */
  readonly decide: (when: Date, asCopy: boolean) => string | undefined;
  /** Lets go of the folder. Where nothing was decided, it is what it was. */
  readonly close: () => void;
};

/**
 * Brings a file into the folder to become its store. Throws Problem `store-locked` while a server runs there, `exists` where a
 * store is and `replace` was not asked for, `store-unavailable` when it can't be written there.
 */
export function putBack(dataDir: string, file: string, replace: boolean): PuttingBack {
  const made = !existsSync(dataDir);
  makeDataFolder(dataDir);
  const letGo = holdFolder(dataDir);
  const copy = join(dataDir, arriving);
  let changed = !made;
  const close = (): void => {
    rmSync(copy, { force: true });
    if (!changed) takeAway(dataDir);
    letGo();
  };
  try {
    finishPutBack(dataDir);
    const occupied = existsSync(join(dataDir, database));
    if (occupied && !replace) throw occupiedProblem(dataDir);
    bring(file, copy);
    return {
      copy,
      occupied,
      tombstones: () => (occupied ? tombstonesIn(join(dataDir, database)) : []),
      decide: (when, asCopy) => {
        mark(copy, when, asCopy);
        changed = true;
        renameSync(copy, join(dataDir, `${database}.restored-${stamp(when)}`));
        flushFolderOf(copy);
        return finishPutBack(dataDir);
      },
      close,
    };
  } catch (problem) {
    close();
    throw unavailable(problem) ?? problem;
  }
}

/**
 * Does what is left of a decided restore; the caller holds the folder. Gives the name under which the store that was there is
 * kept, undefined where there was none, or nothing was decided.
 */
export function finishPutBack(dataDir: string): string | undefined {
  const name = readdirSync(dataDir).find((one) => decided.test(one));
  const when = name === undefined ? undefined : decided.exec(name)?.groups?.["when"];
  if (name === undefined || when === undefined) return undefined;
  const path = join(dataDir, database);
  const aside = `${path}.replaced-${when}`;
  // The log goes where its database went: under another one it would be taken for that one's.
  for (const end of ["", "-wal"]) if (existsSync(path + end)) renameSync(path + end, aside + end);
  rmSync(`${path}-shm`, { force: true });
  flushFolderOf(path);
  renameSync(join(dataDir, name), path);
  flushFolderOf(path);
  return existsSync(aside) ? aside : undefined;
}

function bring(file: string, copy: string): void {
  if (existsSync(`${file}-wal`))
    throw new Problem(
      "invalid",
      `${file} has a log beside it (${file}-wal), so it is a store and no backup: start a server on its folder, or back it up first`,
    );
  rmSync(copy, { force: true });
  try {
    copyFileSync(file, copy);
    flushFile(copy);
  } catch (problem) {
    const code = codeOf(problem);
    if (code === "ENOENT" || code === "EACCES" || code === "EISDIR")
      throw new Problem("not-found", `${file} cannot be read (${code}): name a file that is there`);
    throw new Problem(
      "store-unavailable",
      `the backup cannot be copied to ${copy} (${code}): the folder has to be writable and to have room`,
    );
  }
}

function mark(copy: string, when: Date, asCopy: boolean): void {
  const db = new DatabaseSync(copy);
  try {
    db.exec(`PRAGMA journal_mode = OFF; PRAGMA application_id = ${applicationId}`);
    if (asCopy)
      db.prepare("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING").run(
        copyMark,
        Buffer.from(String(when.getTime())),
      );
    else db.prepare("DELETE FROM meta WHERE key = ?").run(copyMark);
  } finally {
    db.close();
  }
  flushFile(copy);
}

function tombstonesIn(path: string): readonly Uint8Array[] | undefined {
  try {
    const db = new DatabaseSync(path, { timeout: 5_000 });
    try {
      return db
        .prepare("SELECT tombstone FROM tombstones")
        .all()
        .map((row) => bytesIn(row, "tombstone"));
    } finally {
      db.close();
    }
  } catch (problem) {
    if (sqliteCode(problem) === undefined) throw problem;
    return undefined;
  }
}

/** Takes away a folder that was made in vain; what is in it besides our lock stays. Before the lock is let go: then it may be another's. */
function takeAway(dataDir: string): void {
  rmSync(join(dataDir, "server.lock"), { force: true });
  try {
    rmdirSync(dataDir);
  } catch {
    // Something is in it.
  }
}

/** 2026-11-22T13:15:00.000Z as 20261122T131500Z. */
function stamp(when: Date): string {
  return when.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

function occupiedProblem(dataDir: string): Problem {
  return new Problem(
    "exists",
    `there is a store in ${dataDir} already: with --replace the backup takes its place, and what is there is kept beside it`,
  );
}
