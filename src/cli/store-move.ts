import type { Command } from "commander";
import type { Config } from "../config.ts";
import { controlPath } from "../web/control-path.ts";
import { askServer } from "./ask-server.ts";
import { CommandFailed } from "./command-failed.ts";
import { show } from "./show.ts";

type Options = {
  readonly to?: string;
  readonly stopServer?: boolean;
  readonly undo?: boolean;
  readonly json?: boolean;
};

/** Adds what concerns where the data is kept. */
export function addStoreCommands(program: Command): void {
  program
    .command("store")
    .description("where the data is kept: move")
    .command("move")
    .description("move the data from DATA_DIR into a PostgreSQL database")
    .option("--to <url>", "postgres://user:password@host:5432/database; default: DATABASE_URL")
    .option("--stop-server", "where a server runs on DATA_DIR, have it end in order, then move")
    .option(
      "--undo",
      "take a move back: servers may start on DATA_DIR again, and with --to a half-moved database is emptied",
    )
    .option("--json", "show the result as JSON")
    .addHelpText(
      "after",
      `
Stop the server first, or add --stop-server (not where something starts it again by itself, or in its container): the move refuses
while one runs on DATA_DIR or on the database, and under a key that is not the data's.
The database has to exist and to be empty; its owner is the best user. Everything is copied, then compared table by table, by
count and checksum. Interrupted, the same command goes on where it was. From its beginning on no server starts on DATA_DIR;
start it with DATABASE_URL afterwards, with the same key. A password on the command line can be seen by others on this machine: DATABASE_URL can't.

Examples:
  $ DATABASE_URL=postgres://parwana:secret@db/parwana npx parwana store move
  $ npx parwana store move --to postgres:///parwana?host=/var/run/postgresql
  $ npx parwana store move --undo`,
    )
    .action(move);
}

async function move(options: Options): Promise<void> {
  const { openLog, ownWords, configFrom } = await import("../wiring/installation.ts");
  const stores = await import("../wiring/move-store.ts");
  try {
    const config = configFrom({
      ...process.env,
      ...(options.to === undefined ? {} : { DATABASE_URL: options.to }),
    });
    const { dataDir, masterKey, keyFile } = config;
    const order = { dataDir, masterKey, keyFile, log: openLog("warn") };
    if (options.undo === true) return await undo(stores, order, options);
    const url = addressIn(config);
    const told = ({ table, rows }: { readonly table: string; readonly rows: number }): void => {
      process.stderr.write(`${table}: ${rows} rows, the same here and there\n`);
    };
    const stopServer = options.stopServer === true ? () => askToEnd(dataDir) : undefined;
    const tables = await stores.moveStore({ ...order, url, told, stopServer });
    process.stdout.write(show(options.json === true ? { tables } : tables, options.json === true));
    process.stderr.write("Moved. Start the server with DATABASE_URL from now on, and keep the key.\n");
  } catch (error) {
    const words = ownWords(error);
    if (words === undefined) throw error;
    throw new CommandFailed(words);
  }
}

async function askToEnd(dataDir: string): Promise<void> {
  const answer = await askServer(controlPath(dataDir), { command: "server stop" });
  if (answer.kind === "absent")
    throw new CommandFailed(
      `What runs on ${dataDir} can't be asked to end: stop it yourself, and try again.`,
    );
  process.stderr.write("The server was asked to end.\n");
}

function addressIn({ databaseUrl }: Config): string {
  if (databaseUrl !== undefined) return databaseUrl;
  throw new CommandFailed(
    "Say where to: --to postgres://user:password@host:5432/database, or set DATABASE_URL.",
    2,
  );
}

type Stores = typeof import("../wiring/move-store.ts");

async function undo(
  stores: Stores,
  order: Parameters<Stores["reopenFolder"]>[0],
  { to }: Options,
): Promise<void> {
  if (to === undefined) await stores.reopenFolder(order);
  else await stores.undoMove({ ...order, url: to });
  process.stderr.write(
    to === undefined
      ? "Servers may start on DATA_DIR again. What happened in the database since the move is not in it.\n"
      : "Taken back: the database is empty, and servers may start on DATA_DIR again.\n",
  );
}
