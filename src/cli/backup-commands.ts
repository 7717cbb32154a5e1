import { constants, setPriority } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { CameBack } from "../app/come-back.ts";
import type { Config } from "../config.ts";
import type { RestoreNeeds, RestoreOrder } from "../wiring/restore-store.ts";
import { CommandFailed } from "./command-failed.ts";
import { show } from "./show.ts";

type Json = { readonly json?: boolean };
type RestoreOptions = Json & { readonly replace?: boolean; readonly sendQueued?: boolean };

/** Adds the making of copies of the data, and putting them back. */
export function addBackupCommands(program: Command): void {
  program
    .command("backup")
    .description("copy the data into a new file, while the server runs or not")
    .argument("<file>", "where to; nothing is overwritten")
    .option("--json", "show the result as JSON")
    .addHelpText(
      "after",
      `
The copy is what the data was at one moment; the server goes on meanwhile. What people told stays sealed in it, and the key is not
in it: keep the key apart, and both of them. The file has its name only when it is whole. With DATABASE_URL: use pg_dump.

Example:
  $ npx parwana backup /backup/parwana-$(date +%F).db`,
    )
    .action(backup);
  program
    .command("restore")
    .description("put a backup back; with DATABASE_URL: make a database ready that was put back from a dump")
    .argument("[file]", "what `parwana backup` made")
    .option("--replace", "where there is a store already: put it aside, and the backup in its place")
    .option("--send-queued", "send what waited when the backup was made: only where no server ran since")
    .option("--json", "show the result as JSON")
    .addHelpText(
      "after",
      `
Stop the server first. All of the backup is looked at before anything is changed. People who were deleted since it was made are
deleted again, who has said stop since is stopped again (DATA_DIR/tombstones and DATA_DIR/opt-outs say who, without saying who
they are); replies and broadcasts that waited then are not sent.
With DATABASE_URL, bring the dump into the database, then run it without a file.

Examples:
  $ npx parwana restore /backup/parwana-2026-11-22.db
  $ npx parwana restore /backup/parwana-2026-11-22.db --replace
  $ DATABASE_URL=postgres://parwana:secret@db/parwana npx parwana restore`,
    )
    .action(restore);
}

async function backup(name: string, { json = false }: Json): Promise<void> {
  await said(async ({ config, clock }) => {
    const { backUpStore } = await import("../wiring/backup-store.ts");
    const file = resolve(name);
    // People who write come first.
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
    const made = backUpStore({ config, clock }, file);
    process.stdout.write(show({ file, ...made }, json));
    process.stderr.write(
      `The key (${keyName(config)}) is not in it: without the key it can't be read. Keep it apart.\n`,
    );
  });
}

function keyName({ masterKey, keyFile }: Config): string {
  return masterKey === undefined ? keyFile : "PARWANA_MASTER_KEY";
}

async function restore(name: string | undefined, options: RestoreOptions): Promise<void> {
  await said(async (needs) => {
    const { databaseUrl } = needs.config;
    if (databaseUrl !== undefined) return restoreDump(needs, databaseUrl, name, options);
    if (name === undefined) throw new CommandFailed("Say which: parwana restore <file>", 2);
    const { replace = false, sendQueued = false } = options;
    await restoreFile(needs, { file: resolve(name), replace, sendQueued }, options);
  });
}

async function restoreFile(needs: RestoreNeeds, order: RestoreOrder, { json = false }: Json): Promise<void> {
  const { restoreStore } = await import("../wiring/restore-store.ts");
  const { madeAt, kept, tombstonesRead, ...back } = await restoreStore(needs, order);
  const made = madeAt === undefined ? undefined : new Date(madeAt).toISOString();
  process.stdout.write(show({ restored: order.file, made, kept, ...whatCameBack(back) }, json));
  if (!tombstonesRead)
    process.stderr.write(
      "What was there could not be read: who was deleted since the backup is known from DATA_DIR/tombstones only.\n",
    );
  if (kept !== undefined)
    process.stderr.write(`What was there is kept. When all is well, remove it: it holds what people told.\n`);
}

async function restoreDump(
  needs: RestoreNeeds,
  url: string,
  name: string | undefined,
  { json = false }: Json,
): Promise<void> {
  if (name !== undefined)
    throw new CommandFailed(
      "With DATABASE_URL a dump is brought in by PostgreSQL's own means, then `parwana restore` is run without a file. " +
        "To restore into DATA_DIR, unset DATABASE_URL.",
    );
  const { restoreDatabase } = await import("../wiring/restore-store.ts");
  const back = await restoreDatabase(needs, url);
  process.stdout.write(show({ restored: "database", ...whatCameBack(back) }, json));
}

/** What was done, by names that say so. */
function whatCameBack({ erasedAgain, stoppedAgain, ended }: CameBack): Readonly<Record<string, number>> {
  if (ended === undefined) return { erasedAgain, stoppedAgain };
  const { replies, broadcastMessages, broadcasts } = ended;
  return {
    erasedAgain,
    stoppedAgain,
    repliesNotSent: replies,
    broadcastMessagesNotSent: broadcastMessages,
    broadcastsEnded: broadcasts,
  };
}

/** Runs with the settings; our own errors come out as a sentence. */
async function said(
  work: (needs: RestoreNeeds & { readonly config: Config }) => Promise<void>,
): Promise<void> {
  const { configFrom, openLog, ownWords, wallClock } = await import("../wiring/installation.ts");
  try {
    await work({ config: configFrom(process.env), log: openLog("error"), clock: wallClock });
  } catch (error) {
    const words = ownWords(error);
    if (words === undefined) throw error;
    throw new CommandFailed(words);
  }
}
