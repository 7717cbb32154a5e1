import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Ms, second } from "../../core/nouns/time.ts";
import { migrations } from "../schema/migrations.ts";
import { migrate } from "./migrate.ts";

const ownerOnly = 0o600;
/** How long the start and the end wait for another program that holds the database. */
const lockPatience: Ms = 5 * second;

/**
 * Opens `<dataDir>/parwana.db`, set for durability (a commit is on the disk when it returns) and for forgetting (what is
 * deleted is overwritten), and brings its schema up to date. `maxPages` limits the file (4096 bytes a page).
 */
export function openDatabase(dataDir: string, maxPages: number | undefined): DatabaseSync {
  const file = join(dataDir, "parwana.db");
  const db = new DatabaseSync(file, { timeout: lockPatience, enableForeignKeyConstraints: true });
  try {
    chmodSync(file, ownerOnly);
    // 16 MiB of pages: what is above the leaves for a million people, and the leaves of those who talk now. More is only
    // filled by what goes through everything.
    // The automatic checkpoint is large because it stops everything while it runs; a small one runs whenever we are idle.
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA wal_autocheckpoint = 10000;
      PRAGMA cache_size = -16384;
      PRAGMA temp_store = MEMORY;
    `);
    if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${Math.trunc(maxPages)}`);
    migrate(
      db,
      migrations.map(({ number, sqlite }) => ({ number, sql: sqlite })),
      file,
    );
    return db;
  } catch (problem) {
    db.close();
    throw problem;
  }
}

/** From now on a lock of another program is an error at once: to wait for it inside SQLite would stop everything else. */
export function waitForNoLock(db: DatabaseSync): void {
  db.exec("PRAGMA busy_timeout = 0");
}

/** Waits inside SQLite for a lock again, where nobody else has to be served. */
export function waitForLocks(db: DatabaseSync): void {
  db.exec(`PRAGMA busy_timeout = ${lockPatience}`);
}
