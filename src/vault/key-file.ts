import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { folderOf } from "./inside.ts";
import { encodeKey } from "./key-text.ts";
import { VaultError } from "./vault-error.ts";

const ownerOnly = 0o600;
const groupAndOthers = 0o077;
const largestFile = 1024; // bytes; a key is 45
// Windows has neither these mode bits nor folders that can be flushed.
const posix = process.platform !== "win32";

/**
 * The key file's text, or undefined when there is no such file; a link that leads nowhere is one without text.
 * Throws VaultError `key-file-mode` when group or others may use it, `key-file-unreadable` when it cannot be read.
 */
export function readKeyFile(file: string): string | undefined {
  let handle: number;
  try {
    // NONBLOCK: a named pipe must be refused below, not waited for.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (problem) {
    const code = codeOf(problem);
    if (code === "ENOENT") return isLink(file) ? "" : undefined;
    throw unreadable(file, code);
  }
  try {
    return readChecked(file, handle);
  } finally {
    closeSync(handle);
  }
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function readChecked(file: string, handle: number): string {
  const about = fstatSync(handle);
  if (!about.isFile()) throw unreadable(file, "not a regular file");
  if (posix && (about.mode & groupAndOthers) !== 0) throw tooOpen(file);
  if (about.size > largestFile) throw unreadable(file, "too large for a key");
  try {
    return readFileSync(handle, "utf8");
  } catch (problem) {
    throw unreadable(file, codeOf(problem));
  }
}

/** Throws VaultError `key-file-not-made` where this process may not make a file of this name; makes nothing. */
export function checkKeyPlace(file: string): void {
  try {
    accessSync(folderOf(file), constants.W_OK | constants.X_OK);
  } catch (problem) {
    throw notMade(file, codeOf(problem));
  }
}

/**
 * Makes the file with a new random key, readable by its owner only, and returns once it is on the disk.
 * False when the file is there already. Throws VaultError `key-file-not-made`, and then leaves no half-written file.
 */
export function makeKeyFile(file: string): boolean {
  let handle: number;
  try {
    handle = openSync(file, "wx", ownerOnly);
  } catch (problem) {
    if (codeOf(problem) === "EEXIST") return false;
    throw notMade(file, codeOf(problem));
  }
  try {
    fillKeyFile(file, handle);
  } catch (problem) {
    rmSync(file, { force: true });
    throw notMade(file, codeOf(problem));
  }
  return true;
}

function fillKeyFile(file: string, handle: number): void {
  try {
    fchmodSync(handle, ownerOnly); // whatever the umask left
    writeFileSync(handle, encodeKey(randomBytes(32)));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (posix) flushFolder(folderOf(file));
}

// Without this a power loss can forget the file's name after data was sealed under its key.
function flushFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function codeOf(problem: unknown): string {
  if (!(problem instanceof Error && "code" in problem)) return "unknown reason";
  return typeof problem.code === "string" ? problem.code : "unknown reason";
}

function tooOpen(file: string): VaultError {
  return new VaultError(
    "key-file-mode",
    `the key file ${file} (PARWANA_KEY_FILE) can be read or changed by other users of this machine. Run: chmod 600 ${file}`,
  );
}

function unreadable(file: string, reason: string): VaultError {
  return new VaultError(
    "key-file-unreadable",
    `the key file ${file} (PARWANA_KEY_FILE) cannot be read (${reason}). ` +
      "Make it a file that this process's user can read, or set PARWANA_MASTER_KEY",
  );
}

function notMade(file: string, reason: string): VaultError {
  return new VaultError(
    "key-file-not-made",
    `the key file ${file} (PARWANA_KEY_FILE) cannot be made (${reason}). ` +
      "Set PARWANA_KEY_FILE to a place in an existing folder that this process can write, or set PARWANA_MASTER_KEY",
  );
}
