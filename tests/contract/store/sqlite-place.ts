import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore, type SqliteSettings, type SqliteStore } from "../../../src/store/sqlite/open.ts";
import { silent } from "../../logs.ts";
import type { StorePlace } from "./store-engine.ts";

// In memory where the system has such a folder: these tests open hundreds of databases, and each commit waits for the disk.
const below = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A folder of its own. */
export function newFolder(): string {
  return mkdtempSync(join(below, "parwana-store-"));
}

export function openAt(
  dataDir: string,
  settings: Omit<Partial<SqliteSettings>, "dataDir"> = {},
): Promise<SqliteStore> {
  return openSqliteStore({ dataDir, log: silent, ...settings });
}

/** SQLite's place: a folder. Abandoning it means going on with a copy of its files as a kill would have left them. */
export async function sqlitePlace(): Promise<StorePlace> {
  const folders = [newFolder()];
  const current = (): string => folders.at(-1) ?? "";
  return {
    open: (clock) => openAt(current(), { clock }),
    abandon: async (store) => {
      const copy = newFolder();
      cpSync(current(), copy, { recursive: true, filter: (file) => !file.endsWith("-shm") });
      folders.push(copy);
      await store.close();
    },
    remove: async () => {
      for (const folder of folders) rmSync(folder, { recursive: true });
    },
  };
}
