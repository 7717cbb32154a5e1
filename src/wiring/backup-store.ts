import { Problem } from "../app/errors.ts";
import type { Clock } from "../app/ports.ts";
import type { Config } from "../config.ts";
import { type BackupMade, makeBackup } from "../store/sqlite/backup-make.ts";
import { addSeal } from "./backup-seal.ts";

/**
 * Copies the store in the folder into a new file, whether a server runs on it or not: by a reader of this process's own, for
 * which nobody waits. Throws Problems that say what to do; no file is left then.
 */
export function backUpStore(
  { config, clock }: { readonly config: Pick<Config, "dataDir" | "databaseUrl">; readonly clock: Clock },
  file: string,
): BackupMade {
  if (config.databaseUrl !== undefined)
    throw new Problem(
      "invalid",
      "with DATABASE_URL the data is in PostgreSQL: back it up with pg_dump (docs/operations.md says how)",
    );
  return makeBackup({ dataDir: config.dataDir, file, now: clock.now(), seal: addSeal });
}
