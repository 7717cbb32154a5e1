import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Patch } from "../system/copy-tree.ts";
import type { FaultOptions, FaultWorld } from "./fault-world.ts";
import { smallTree } from "./small-tree.ts";

/** Something that keeps a store from writing, while it lasts. */
export type Fault = {
  readonly name: string;
  /** What the readiness says of it. */
  readonly code: string;
  /** Whether from its beginning on nothing at all can be written. */
  readonly whole: boolean;
  /** Whether this machine, and who runs the tests, can bring it about. */
  readonly possible: boolean;
  /** Makes everything ready for a server that runs from `root`; `folder` is the fault's own. */
  readonly open: (root: string, folder: string) => Promise<Opened> | Opened;
};

export type Opened = {
  /** What the server, a `toldTree`, has to be started with. */
  readonly options: FaultOptions;
  readonly begin: (world: FaultWorld) => unknown;
  readonly end: (world: FaultWorld) => unknown;
  readonly close?: () => void;
};

/** Whether a command works here. */
function works(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Whether files here can be made immutable: not every file system knows of it. */
export function canFreeze(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "parwana-freeze-"));
  const can = works("chattr", "+i", folder) && works("chattr", "-i", folder);
  rmSync(folder, { recursive: true });
  return can;
}

export const isRoot = process.getuid?.() === 0;

type Told = { readonly begin: string; readonly end: string };

/** One page means as many as there are: SQLite takes no less. */
export const noMorePages: Told = {
  begin: "PRAGMA max_page_count = 1",
  end: "PRAGMA max_page_count = 1000000",
};

/** A copy of the server whose database is told by its parent what to do: settings of a connection are its own. */
export function toldTree(folder: string, patches: readonly Patch[] = []): string {
  return smallTree(folder, [
    ...patches,
    {
      file: "src/store/sqlite/connection.ts",
      from: "    return db;\n",
      to: '    process.on("message", (sql) => db.exec(String(sql)));\n    return db;\n',
    },
  ]);
}

const told = ({ begin, end }: Told): Opened => ({
  options: { talks: true },
  begin: ({ server }) => server.child.send(begin),
  end: ({ server }) => server.child.send(end),
});

/** SQLite's own limit on the pages of a file: what it says of a full disk, on any machine. */
const pageLimit: Fault = {
  name: "a database that may not grow (max_page_count)",
  code: "disk-full",
  whole: false,
  possible: true,
  open: () => told(noMorePages),
};

const readOnlyConnection: Fault = {
  name: "a database that is read-only (query_only)",
  code: "read-only",
  whole: true,
  possible: true,
  open: () => told({ begin: "PRAGMA query_only = ON", end: "PRAGMA query_only = OFF" }),
};

/** The operating system's limit on how large a file may grow, as `ulimit -f` sets it. */
const fileLimit: Fault = {
  name: "files that may not grow (ulimit -f)",
  code: "io-error",
  whole: true,
  possible: works("prlimit", "--version"),
  open: () => {
    const limit = ({ server }: FaultWorld, size: string) =>
      execFileSync("prlimit", ["--pid", String(server.child.pid), `--fsize=${size}:unlimited`]);
    return {
      options: {},
      begin: (world) => limit(world, "4096"),
      end: (world) => limit(world, "unlimited"),
    };
  },
};

/** What a disk does that was mounted anew as read-only: nobody may write, however the files were opened. */
const immutableFiles: Fault = {
  name: "files that can't be written to (chattr +i)",
  code: "io-error",
  whole: true,
  possible: isRoot && canFreeze(),
  open: () => {
    const change = (how: string, { place }: Pick<FaultWorld, "place">) => {
      const files = ["parwana.db", "parwana.db-wal"].map((file) => join(place.dataDir, file));
      execFileSync("chattr", [how, ...files]);
    };
    return { options: {}, begin: (world) => change("+i", world), end: (world) => change("-i", world) };
  },
};

/** A disk with nothing free, in a name space of its own: what is mounted there goes with the process that holds it. */
const fullDisk: Fault = {
  name: "a full disk",
  code: "disk-full",
  whole: false,
  possible: isRoot && works("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"),
  open: async (root, folder) => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    const script = 'mount -t tmpfs -o size=8m,mode=0700 none "$0" && echo mounted && exec sleep 600';
    const holder = spawn("unshare", ["--mount", "sh", "-c", script, disk], { stdio: "pipe" });
    await once(holder.stdout, "data");
    const seen = `/proc/${holder.pid}/root${disk}`;
    const out = join(folder, "out");
    return {
      options: {
        runner: ["nsenter", "--target", String(holder.pid), "--mount", `--wd=${root}`],
        dataDir: join(disk, "data"),
        bringOut: () => {
          const isFile = (file: string) => !file.endsWith(".sock");
          cpSync(join(seen, "data"), out, { recursive: true, filter: isFile });
          return out;
        },
      },
      begin: () => fill(join(seen, "filler")),
      end: () => rmSync(join(seen, "filler")),
      close: () => holder.kill("SIGKILL"),
    };
  },
};

/** Writes to a file until not one more page fits. */
function fill(file: string): void {
  for (let size = 1024 * 1024; size >= 4096; ) {
    try {
      appendFileSync(file, Buffer.alloc(size, 1));
    } catch {
      size /= 2;
    }
  }
}

export const faults: readonly Fault[] = [pageLimit, readOnlyConnection, fileLimit, immutableFiles, fullDisk];
