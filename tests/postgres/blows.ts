import { vi } from "vitest";
import type { Random } from "../stand-ins/wire/seeded.ts";
import type { Running } from "../system/process.ts";
import type { Place } from "../system/world.ts";
import type { Databases } from "./place.ts";

/** A process with its place, started again after each kill. */
export type Site = {
  readonly place: Place;
  server: Running;
  readonly launch: () => Promise<Running>;
};

/**
 * `kill`: one process is killed and started again. `cut`: half of all connections to the database are cut, whosever they
 * are. `freeze`: one process is stopped until others have taken it for dead, and then goes on as if nothing had been.
 */
export type BlowKind = "kill" | "cut" | "freeze";
/** When it fell, ms since the epoch, and until when the platform may have taken something that was already on its way, or left behind. */
export type Blow = { readonly kind: BlowKind; readonly at: number; until: number };

/** What a process had written to a socket before it was struck is read a moment later. */
const onItsWay = 300;

export type Target = {
  readonly databases: Databases;
  readonly database: string;
  readonly site: Site;
  readonly processes: number;
  readonly random: Random;
};

/** Strikes, tells when it did, and resolves when all processes are there again. */
export async function strike(kind: BlowKind, target: Target, fell: (blow: Blow) => void): Promise<void> {
  let blow: Blow | undefined;
  await blows[kind](target, () => {
    const at = Date.now();
    blow = { kind, at, until: at + (kind === "cut" ? 0 : onItsWay) };
    fell(blow);
  });
  if (blow === undefined || kind !== "freeze") return;
  // What it was about to send when it was stopped leaves when it goes on.
  blow.until = Date.now() + onItsWay;
  // Before that is over, nobody could tell of which blow a copy came.
  await new Promise((resolve) => setTimeout(resolve, 2 * onItsWay));
}

const blows: Readonly<Record<BlowKind, (target: Target, fell: () => void) => Promise<void>>> = {
  async kill({ site }, fell) {
    await site.server.end("SIGKILL");
    fell();
    site.server = await site.launch();
  },
  async cut({ databases, database }, fell) {
    await databases.admin(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}' AND random() < 0.5`,
    );
    fell();
  },
  async freeze({ site, databases, database, processes, random }, fell) {
    // Those killed before are struck off first: else it would be they who seem to be missing.
    await vi.waitUntil(async () => (await workers(databases, database)).length === processes, {
      timeout: 60_000,
      interval: 50,
    });
    const before = await workers(databases, database);
    site.server.child.kill("SIGSTOP");
    fell();
    await vi.waitUntil(async () => missing(before, await workers(databases, database)) > 0, {
      timeout: 60_000,
      interval: 50,
    });
    await new Promise((resolve) => setTimeout(resolve, random() * 300));
    const without = await workers(databases, database);
    site.server.child.kill("SIGCONT");
    await vi.waitUntil(async () => missing(await workers(databases, database), without) > 0, {
      timeout: 60_000,
      interval: 50,
    });
  },
};

/** The processes that are registered. */
async function workers({ postgres }: Databases, database: string): Promise<readonly number[]> {
  return (await postgres.run("SELECT id::integer FROM workers", database)).map((row) => Number(row["id"]));
}

const missing = (from: readonly number[], within: readonly number[]): number =>
  from.filter((id) => !within.includes(id)).length;
