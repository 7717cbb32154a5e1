import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, truncateSync, writeSync } from "node:fs";
import { Problem } from "../app/errors.ts";
import { type CheckedCopy, checkCopy, damaged } from "../store/sqlite/backup-check.ts";

/** What stands behind a backup's last page: these letters, then the SHA-256 of all before them. SQLite doesn't look there. */
const mark = Buffer.from("parwana sha-256 ", "latin1");
const sealLength = mark.length + 32;
const chunkLength = 1024 * 1024;

/**
 * Ends a database file with a hash of its bytes. Its structure tells nothing of what is in its cells: a bit that a disk loses
 * there would be found when somebody's data can't be opened any more.
 */
export function addSeal(file: string): void {
  const handle = openSync(file, "r+");
  try {
    const { size } = fstatSync(handle);
    writeSync(handle, sealOf(handle, size), 0, sealLength, size);
  } finally {
    closeSync(handle);
  }
}

/**
 * Looks whether a file is a whole backup whose bytes are those that were sealed; `called` is what the host knows it by. Throws
 * Problems that say what to do. A file that ends where its seal should begin is refused: nobody can tell it from one that was cut.
 */
export function checkBackup(file: string, called: string): CheckedCopy {
  const copy = checkCopy(file, called);
  const found = sealOn(file, copy.length);
  if (found === "missing") throw unsealed(called);
  if (found === "broken") throw damaged(called, "it is not as it was made");
  return copy;
}

/** Takes the seal off a file that was checked and goes into use: what is written to it would break it. */
export function removeSeal(file: string, length: number): void {
  truncateSync(file, length);
}

function sealOn(file: string, length: number): "whole" | "broken" | "missing" {
  const handle = openSync(file, "r");
  try {
    const behind = fstatSync(handle).size - length;
    if (behind < sealLength) return "missing";
    const seal = Buffer.alloc(sealLength);
    readSync(handle, seal, 0, sealLength, length);
    return behind === sealLength && seal.equals(sealOf(handle, length)) ? "whole" : "broken";
  } finally {
    closeSync(handle);
  }
}

const unsealed = (called: string): Problem =>
  new Problem(
    "invalid",
    `${called} is cut off at its end, or was made by an older program: copy it again from where it was made, or take another backup`,
  );

function sealOf(handle: number, length: number): Buffer {
  return Buffer.concat([mark, hashOf(handle, length)]);
}

function hashOf(handle: number, length: number): Buffer {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(chunkLength);
  for (let at = 0; at < length; ) {
    const read = readSync(handle, chunk, 0, Math.min(chunkLength, length - at), at);
    if (read === 0) break;
    hash.update(chunk.subarray(0, read));
    at += read;
  }
  return hash.digest();
}
