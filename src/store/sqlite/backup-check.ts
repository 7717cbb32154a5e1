import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Problem } from "../../app/errors.ts";
import { bytesIn, numberIn, type Row, textIn } from "../schema/columns.ts";
import { copyMark } from "../schema/copies.ts";
import { migrations } from "../schema/migrations.ts";
import { applicationId, codeOf } from "./backup-file.ts";
import { sqliteCode } from "./store-failure.ts";

const headerLength = 100;
const magic = "SQLite format 3\0";

export type CheckedCopy = {
  /** What tells whether a master key is the one the copy was made under. */
  readonly wrappedIndexKey: Uint8Array;
  /** How long the database in it is, in bytes; what follows is not SQLite's. */
  readonly length: number;
  /** When it was made, ms; undefined where a restore has taken that out. */
  readonly madeAt: number | undefined;
};

/**
 * Looks whether a file is a whole and undamaged copy of a store that this program knows; it is not changed. `called` is what the
 * host knows it by. Throws Problem `invalid`, `store-newer` or `store-unavailable` with what to do.
 */
export function checkCopy(file: string, called: string): CheckedCopy {
  const length = checkSize(file, called);
  try {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      checkKind(db, called);
      checkWhole(db, called);
      return { length, wrappedIndexKey: indexKeyIn(db, called), madeAt: madeAtIn(db) };
    } finally {
      db.close();
    }
  } catch (problem) {
    const code = sqliteCode(problem);
    throw code === undefined ? problem : damaged(called, `SQLite ${code}`);
  }
}

/** The header says how long the file has to be; SQLite itself would notice a cut only where it reads. Gives that length. */
function checkSize(file: string, called: string): number {
  const header = Buffer.alloc(headerLength);
  const { read, size } = readHeader(file, header, called);
  if (read < headerLength || header.toString("latin1", 0, magic.length) !== magic) throw notOurs(called);
  const written = header.readUInt16BE(16);
  const expected = (written === 1 ? 65_536 : written) * header.readUInt32BE(28);
  if (size < expected) throw cutShort(called, `${size} of ${expected} bytes`);
  return expected;
}

function readHeader(
  file: string,
  into: Buffer,
  called: string,
): { readonly read: number; readonly size: number } {
  try {
    const handle = openSync(file, "r");
    try {
      return { read: readSync(handle, into, 0, headerLength, 0), size: fstatSync(handle).size };
    } finally {
      closeSync(handle);
    }
  } catch (problem) {
    throw new Problem(
      "not-found",
      `${called} cannot be read (${codeOf(problem)}): name a file that is there`,
    );
  }
}

function checkKind(db: DatabaseSync, called: string): void {
  if (pragma(db, "application_id") !== applicationId) throw notOurs(called);
  const version = pragma(db, "user_version");
  const newest = migrations.at(-1)?.number ?? 0;
  if (version > newest)
    throw new Problem(
      "store-newer",
      `${called} was made by a newer parwana (schema ${version}; this one knows ${newest}): restore it with that version or newer`,
    );
}

function checkWhole(db: DatabaseSync, called: string): void {
  const row = db.prepare("PRAGMA integrity_check(1)").get();
  const said = row === undefined ? "nothing" : textIn(row, "integrity_check");
  if (said !== "ok") throw damaged(called, "its structure is broken");
}

function indexKeyIn(db: DatabaseSync, called: string): Uint8Array {
  const row = metaRow(db, "index-key");
  if (row === undefined)
    throw new Problem("invalid", `${called} is of a store that was never used: there is nothing to restore`);
  return bytesIn(row, "value");
}

function madeAtIn(db: DatabaseSync): number | undefined {
  const row = metaRow(db, copyMark);
  return row === undefined ? undefined : Number(Buffer.from(bytesIn(row, "value")).toString("utf8"));
}

function metaRow(db: DatabaseSync, key: string): Row | undefined {
  return db.prepare("SELECT value FROM meta WHERE key = ?").get(key);
}

function pragma(db: DatabaseSync, name: string): number {
  const row = db.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? 0 : numberIn(row, name);
}

const notOurs = (called: string): Problem =>
  new Problem("invalid", `${called} is no backup of parwana: name a file that \`parwana backup\` made`);

/** What is said of a file whose bytes are not those that were written. */
export const damaged = (called: string, how: string): Problem =>
  new Problem(
    "invalid",
    `${called} is damaged (${how}): copy it again from where it was made, or use another backup`,
  );

const cutShort = (called: string, how: string): Problem =>
  new Problem(
    "invalid",
    `${called} is cut short (${how}): copy it again from where it was made, or use another backup`,
  );
