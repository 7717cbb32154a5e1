import { closeSync, existsSync, openSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Problem } from "../../app/errors.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { numberIn } from "../schema/columns.ts";
import { copyMark } from "../schema/copies.ts";
import { migrations } from "../schema/migrations.ts";
import { applicationId, codeOf, flushFile, flushFolderOf, hasCode, nameWhereFree } from "./backup-file.ts";
import { movedMark } from "./moved.ts";
import { sqliteCode } from "./store-failure.ts";

export type BackupOrder = {
  /** The folder of the store; a server may be running on it. */
  readonly dataDir: string;
  /** Where the copy shall be: no file has this name yet. */
  readonly file: string;
  readonly now: Ms;
  /** Done last to the copy, before it has its name. */
  readonly seal: (file: string) => void;
};

export type BackupMade = { readonly bytes: number; readonly people: number };

/**
 * Writes a copy of the store as it is at this moment, made by a reader of its own that nobody waits for. The file has its name
 * only when all of it is on the disk; mode 0600. Throws Problems `not-found`, `exists`, `store-newer`, `store-locked` (moved)
 * and `store-unavailable`; no file is left then.
 */
export function makeBackup({ dataDir, file, now, seal }: BackupOrder): BackupMade {
  const source = join(dataDir, "parwana.db");
  if (!existsSync(source))
    throw new Problem("not-found", `there is no store in ${dataDir}: set DATA_DIR to the folder it is in`);
  if (existsSync(file)) throw taken(file);
  const partial = `${file}.partial`;
  reserve(partial);
  try {
    copy(source, partial, dataDir);
    const people = finish(partial, now);
    seal(partial);
    const { size: bytes } = statSync(partial);
    name(partial, file);
    return { bytes, people };
  } catch (problem) {
    rmSync(partial, { force: true });
    throw explained(problem, file);
  }
}

/** Before anything is in it, so that nobody else can read what will be. */
function reserve(partial: string): void {
  try {
    closeSync(openSync(partial, "wx", 0o600));
  } catch (problem) {
    if (hasCode(problem, "EEXIST"))
      throw new Problem(
        "exists",
        `${partial} is there: another backup is being made, or one was interrupted. Remove it then, and try again`,
      );
    throw notWritten(partial, codeOf(problem));
  }
}

/** A reader sees the store as it was when it began, whatever is written meanwhile; what was deleted is not copied. */
function copy(source: string, target: string, dataDir: string): void {
  // Not opened as read-only: then it would leave its -wal and -shm behind, which the server's own user may not be able to open.
  const db = new DatabaseSync(source, { timeout: 5_000 });
  try {
    check(db, source, dataDir);
    db.prepare("VACUUM INTO ?").run(target);
  } finally {
    db.close();
  }
}

function check(db: DatabaseSync, source: string, dataDir: string): void {
  const newest = migrations.at(-1)?.number ?? 0;
  const version = db.prepare("PRAGMA user_version").get();
  const number = version === undefined ? 0 : numberIn(version, "user_version");
  if (number > newest)
    throw new Problem(
      "store-newer",
      `${source} was last used by a newer parwana (schema ${number}; this one knows ${newest}): run that version or newer`,
    );
  if (number === 0)
    throw new Problem("not-found", `the store in ${dataDir} was never used: there is nothing to copy`);
  if (db.prepare("SELECT 1 FROM meta WHERE key = ?").get(movedMark) !== undefined)
    throw new Problem(
      "store-locked",
      `the store in ${dataDir} was moved to PostgreSQL: set DATABASE_URL, and back that up`,
    );
}

/** Marks it as a copy: what is put back has to be treated otherwise than what was only stopped. Gives how many people are in it. */
function finish(partial: string, now: Ms): number {
  const db = new DatabaseSync(partial);
  try {
    db.exec(`PRAGMA journal_mode = OFF; PRAGMA application_id = ${applicationId}`);
    db.exec("DELETE FROM meta WHERE key IN ('open', 'probe')");
    db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(
      copyMark,
      Buffer.from(String(now)),
    );
    const row = db.prepare("SELECT count(*) AS people FROM contacts").get();
    return row === undefined ? 0 : numberIn(row, "people");
  } finally {
    db.close();
  }
}

function name(partial: string, file: string): void {
  flushFile(partial);
  nameWhereFree(partial, file);
  flushFolderOf(file);
}

const taken = (file: string): Problem =>
  new Problem("exists", `${file} is there already, and nothing is overwritten: name another file`);

function explained(problem: unknown, file: string): unknown {
  if (problem instanceof Problem) return problem;
  if (hasCode(problem, "EEXIST")) return taken(file);
  const sqlite = sqliteCode(problem);
  // The low byte is the primary code: damaged, or no database at all.
  if (sqlite !== undefined && [11, 26].includes(sqlite & 0xff))
    return new Problem(
      "store-unavailable",
      `the store is damaged (SQLite ${sqlite}) and can't be copied: keep its files, and restore the last backup`,
      { cause: problem },
    );
  return notWritten(file, sqlite === undefined ? codeOf(problem) : `SQLite ${sqlite}`);
}

function notWritten(file: string, reason: string): Problem {
  return new Problem(
    "store-unavailable",
    `${file} cannot be written (${reason}): name a file in a folder that is there, that this user may write to and that has room`,
  );
}
