import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Problem, problemCode } from "../../app/errors.ts";
import { sqliteCode } from "./store-failure.ts";

/**
 * Holds the data folder for this process until the given function is called; the operating system lets go of it when the
 * process dies, however it dies. Throws Problem `store-locked` when another process has it.
 *
 * The lock is on a file of its own, so that backups and other readers of the database are not shut out. Nothing in this
 * process may open that file in any other way: closing it would let the lock go (POSIX advisory locks).
 */
export function holdFolder(dataDir: string): () => void {
  const file = join(dataDir, "server.lock");
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    chmodSync(file, 0o600);
  } catch (problem) {
    lock.close();
    throw sqliteCode(problem) === 5 ? locked(dataDir, problem) : problem;
  }
  return () => lock.close();
}

/** Whether another process has the data folder now. Throws what keeps it from being seen. */
export function isHeld(dataDir: string): boolean {
  try {
    holdFolder(dataDir)();
    return false;
  } catch (problem) {
    if (problemCode(problem) === "store-locked") return true;
    throw problem;
  }
}

function locked(dataDir: string, cause: unknown): Problem {
  return new Problem(
    "store-locked",
    `another parwana is running on the folder ${dataDir}: stop it first, or set DATA_DIR to a folder of its own`,
    { cause },
  );
}
