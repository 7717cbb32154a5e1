import type { DatabaseSync } from "node:sqlite";

/** Runs `work` in one transaction. Whatever it or the commit throws comes out, after nothing of it is left. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (problem) {
    rollBack(db);
    throw problem;
  }
}

// SQLite has already rolled back by itself after some failures (disk full, I/O); a second one would be an error.
function rollBack(db: DatabaseSync): void {
  if (!db.isTransaction) return;
  try {
    db.exec("ROLLBACK");
  } catch {
    // The transaction is gone either way, and the first failure is the one to tell.
  }
}

/** Runs `work` so that what it wrote is undone when it throws, while the transaction around it goes on. */
export function inSavepoint<T>(db: DatabaseSync, work: () => T): T {
  db.exec("SAVEPOINT item");
  try {
    const result = work();
    db.exec("RELEASE item");
    return result;
  } catch (problem) {
    if (db.isTransaction) db.exec("ROLLBACK TO item; RELEASE item");
    throw problem;
  }
}
