import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { z } from "zod";
import { migrations } from "../../../src/store/schema/migrations.ts";
import { applicationId } from "../../../src/store/sqlite/backup-file.ts";
import { migrate } from "../../../src/store/sqlite/migrate.ts";
import { newFolder } from "./sqlite-place.ts";

// What is in schema-1.jsonl was written by the last program that knew only the first schema, on the small content: somebody
// chose English, opened the trip, said yes, and was asked where. The program's session is plain JSON.

const bytes = z.strictObject({ bytes: z.base64() }).transform((value) => Buffer.from(value.bytes, "base64"));
const value = z.union([z.null(), z.number(), z.string(), bytes]);
const line = z.union([
  z.strictObject({ masterKey: z.string() }),
  z.object({ table: z.string() }).catchall(value),
]);
const lines = readFileSync(new URL("schema-1.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((text) => line.parse(JSON.parse(text)));

/** The key that everything in it is sealed under. */
export const masterKey = lines.flatMap((one) => ("table" in one ? [] : [String(one.masterKey)])).join("");
/** Whose chat it is, and when they had written last. */
export const chat = "5500001";
export const wroteAt = 1_795_375_701_632;

type Insert = { readonly sql: string; readonly values: readonly z.infer<typeof value>[] };

function insertsOf(place: (index: number) => string): readonly Insert[] {
  return lines.flatMap((one) => {
    if (!("table" in one)) return [];
    const { table, ...row } = one;
    const names = Object.keys(row);
    const places = names.map((_, index) => place(index + 1)).join(", ");
    return [
      { sql: `INSERT INTO ${table} (${names.join(", ")}) VALUES (${places})`, values: Object.values(row) },
    ];
  });
}

const firstSteps = migrations.slice(0, 1);

/** Makes that store in a folder of its own, which it gives. `asBackup`: as the file that a backup of it was, named there. */
export function folderOfSchema1({ asBackup = false } = {}): string {
  const folder = newFolder();
  const db = new DatabaseSync(join(folder, asBackup ? "backup.db" : "parwana.db"));
  const steps = firstSteps.map(({ number, sqlite }) => ({ number, sql: sqlite }));
  migrate(db, steps, folder);
  for (const { sql, values } of insertsOf(() => "?")) db.prepare(sql).run(...values);
  if (asBackup) {
    db.exec(`PRAGMA application_id = ${applicationId}`);
    db.prepare("INSERT INTO meta (key, value) VALUES ('copy', ?)").run(Buffer.from(String(wroteAt)));
  }
  db.close();
  return folder;
}

/** Makes the first schema in an empty database; `filled`: with what that store held. */
export async function databaseOfSchema1(url: string, { filled = true } = {}): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const { number, postgres } of firstSteps)
    await client.query(`CREATE TABLE schema_steps (number integer PRIMARY KEY, done_at timestamptz NOT NULL DEFAULT now());
      ${postgres}; INSERT INTO schema_steps (number) VALUES (${number})`);
  if (filled) for (const { sql, values } of insertsOf((at) => `$${at}`)) await client.query(sql, [...values]);
  await client.end();
}
