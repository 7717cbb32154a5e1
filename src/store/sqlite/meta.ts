import type { DatabaseSync } from "node:sqlite";
import { bytesIn } from "../schema/columns.ts";

export type Meta = {
  readonly read: (key: string) => Uint8Array | undefined;
  readonly write: (key: string, value: Uint8Array) => void;
  /** Writes only where there is nothing yet. */
  readonly writeOnce: (key: string, value: Uint8Array) => void;
  readonly remove: (key: string) => void;
};

/** The installation's small named values. */
export function metaOf(db: DatabaseSync): Meta {
  const read = db.prepare("SELECT value FROM meta WHERE key = ?");
  const write = db.prepare(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  );
  const writeOnce = db.prepare("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING");
  const remove = db.prepare("DELETE FROM meta WHERE key = ?");
  return {
    read: (key) => {
      const row = read.get(key);
      return row === undefined ? undefined : bytesIn(row, "value");
    },
    write: (key, value) => {
      write.run(key, value);
    },
    writeOnce: (key, value) => {
      writeOnce.run(key, value);
    },
    remove: (key) => {
      remove.run(key);
    },
  };
}
