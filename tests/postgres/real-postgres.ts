import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { type Binaries, nobody, postgresBinaries } from "./binaries.ts";

/** A running PostgreSQL of the tests' own, empty but for what they make in it. */
export type RealPostgres = {
  readonly port: number;
  /** The address of a database through the socket, without a password. */
  readonly url: (database: string) => string;
  /** The same over TCP, where the password is asked for. */
  readonly tcpUrl: (database: string, user?: string, password?: string) => string;
  /** Runs statements as the superuser, in the database `postgres` unless another is named. */
  readonly run: (sql: string, database?: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends it at once, as a power cut would; `start` brings it back with the same data. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const superuser = "postgres";
export const password = "the tests' own password";

/** Without `durable` nothing is flushed to the disk: fast, and as safe as it has to be while the machine itself lives. */
export type PostgresOptions = {
  readonly durable?: boolean;
  /** Where its folder is made; default memory, where the system has such a folder. */
  readonly below?: string;
};

const ready = "database system is ready to accept connections";

const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

// The server is a child of a shell that waits for the end of its standard input: it ends with us, however we end, and where
// we ended without a word its folder goes, too.
const guard = `
"$0" "$@" <&- & server=$!
told=
while read -r signal; do told=1; kill "-$signal" "$server"; done
[ -n "$told" ] || kill -INT "$server"
wait "$server"
[ -n "$told" ] || rm -rf "$FOLDER"`;

/** Starts a PostgreSQL in a folder of its own; `stop` ends it and removes the folder. */
export async function startPostgres({
  durable = false,
  below = memory,
}: PostgresOptions = {}): Promise<RealPostgres> {
  const folder = mkdtempSync(join(below, "parwana-pg-"));
  if (nobody.uid !== undefined) chownSync(folder, nobody.uid, nobody.gid);
  const binaries = await postgresBinaries(folder);
  await makeCluster(binaries, folder);
  const port = await freePort();
  const settings = settingsOf(folder, port, durable);
  let server = await launched(binaries, settings, folder);
  const url = (database: string) =>
    `postgres://${superuser}@localhost:${port}/${database}?host=${encodeURIComponent(folder)}`;
  return {
    port,
    url,
    tcpUrl: (database, user = superuser, secret = password) =>
      `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`,
    run: (sql, database = "postgres") => run(url(database), sql),
    kill: () => ended(server, "QUIT"),
    start: async () => {
      server = await launched(binaries, settings, folder);
    },
    stop: async () => {
      await ended(server, "INT");
      await promisify(execFile)("rm", ["-rf", folder]);
    },
  };
}

async function makeCluster({ initdb }: Binaries, folder: string): Promise<void> {
  const secret = join(folder, "password");
  writeFileSync(secret, password, { mode: 0o644 });
  await promisify(execFile)(
    initdb,
    [
      ...["-D", join(folder, "data"), "-U", superuser, "--pwfile", secret, "--no-sync", "--no-instructions"],
      ...["--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C"],
    ],
    { ...nobody, cwd: folder, env: { LC_ALL: "C" } },
  );
}

function settingsOf(folder: string, port: number, durable: boolean): readonly string[] {
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    max_connections: 100,
    shared_buffers: "64MB",
    autovacuum: "off",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", join(folder, "data"), ...flags];
}

/** A client that comes too early is told FATAL as well; that ends its connection, not the server. */
const fatal = /FATAL:\s+(?!\s|the database system is )/;

async function launched(
  { postgres }: Binaries,
  settings: readonly string[],
  folder: string,
): Promise<ChildProcess> {
  const child = spawn("/bin/sh", ["-c", guard, postgres, ...settings], {
    ...nobody,
    cwd: "/",
    env: { LC_ALL: "C", PATH: "/usr/bin:/bin", FOLDER: folder },
    stdio: ["pipe", "ignore", "pipe"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      if (said.includes(ready)) resolve();
      else if (fatal.test(said)) child.stdin?.end();
    });
    child.once("close", () => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
  child.stderr?.removeAllListeners("data").resume();
  return child;
}

function ended(child: ChildProcess, signal: "INT" | "QUIT"): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.stdin?.end(`${signal}\n`);
  });
}

async function run(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
