import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const script = `
import { DatabaseSync } from "node:sqlite";
const db = new DatabaseSync(process.argv[1], { timeout: 5_000 });
db.exec("BEGIN IMMEDIATE");
process.stdout.write("held");
process.stdin.once("data", () => { db.exec("ROLLBACK"); db.close(); process.exit(); });
`;

/** Has another process hold the write lock of the database in this folder; gives what makes it let go. */
export async function holdWriteLock(dataDir: string): Promise<() => Promise<void>> {
  const args = ["--input-type=module", "--eval", script, join(dataDir, "parwana.db")];
  const holder = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  return async () => {
    holder.stdin.write("let go");
    await once(holder, "close");
  };
}
