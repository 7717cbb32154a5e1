import { writeFileSync } from "node:fs";
import type { Life } from "../crash/life.ts";
import type { Place } from "../crash/place.ts";
import type { Random } from "../stand-ins/wire/seeded.ts";
import { type FailPoint, failPoints, mostPassings } from "./fail-points.ts";
import type { Databases } from "./place.ts";

/** A process with its place, started again after each kill. */
export type Site = {
  readonly place: Place;
  /** Where it reads the fail point at which it is to die. */
  readonly aimFile: string;
  server: Life;
  readonly launch: () => Promise<Life>;
};

/**
 * `kill`: one process is killed and started again. `cut`: half of all connections to the database are cut, whosever they
 * are. `freeze`: one process is stopped until others have taken it for dead, and then goes on as if nothing had been.
 */
export type BlowKind = "kill" | "cut" | "freeze";
/** What is to fall; a kill anywhere, or `at` a fail point. */
export type Strike = { readonly kind: BlowKind; readonly at?: FailPoint };
/** What fell: when, ms since the epoch, and until when the platform may have taken something that was already on its way, or left behind. */
export type Blow = {
  readonly kind: BlowKind;
  readonly at: number;
  until: number;
  /** The fail point that it struck at; undefined for any other. */
  readonly point: string | undefined;
};

const round = ["kill", "cut", "kill", "kill"] as const;

/** So many kills and cut sockets, every second kill at a fail point, each of these in turn; and freezes on top. */
export function mixed(count: number): readonly Strike[] {
  let kills = 0;
  return Array.from({ length: count }, (_, index): readonly Strike[] => {
    const kind = round[index % round.length] ?? "kill";
    const freeze: readonly Strike[] = index % round.length === round.length - 1 ? [{ kind: "freeze" }] : [];
    if (kind === "cut") return [{ kind }, ...freeze];
    kills += 1;
    const at = kills % 2 === 1 ? failPoints[((kills - 1) / 2) % failPoints.length] : undefined;
    return [at === undefined ? { kind } : { kind, at }, ...freeze];
  }).flat();
}

/** What a process had written to a socket before it was struck is read a moment later. */
const onItsWay = 300;
/** How long a process is waited for that does not come to the point it is to die at, ms. */
const longestAim = 20_000;

export type Target = {
  readonly databases: Databases;
  readonly database: string;
  readonly site: Site;
  readonly processes: number;
  readonly random: Random;
};

/** Tells that a blow fell, and at which fail point. */
type Fell = (point?: string) => void;

/** Strikes, tells when it did, and resolves when all processes are there again. */
export async function strike(
  { kind, at: aim }: Strike,
  target: Target,
  fell: (blow: Blow) => void,
): Promise<void> {
  let blow: Blow | undefined;
  const note: Fell = (point) => {
    const at = Date.now();
    blow = { kind, at, until: at + (kind === "cut" ? 0 : onItsWay), point };
    fell(blow);
  };
  await (aim === undefined ? blows[kind](target, note) : killAt(aim, target, note));
  if (blow === undefined || kind !== "freeze") return;
  // What it was about to send when it was stopped leaves when it goes on.
  blow.until = Date.now() + onItsWay;
  // Before that is over, nobody could tell of which blow a copy came.
  await sleep(2 * onItsWay);
}

/** Has a process die by itself at a fail point; one that does not come there is killed where it is. */
async function killAt(aim: FailPoint, { site, random }: Target, fell: Fell): Promise<void> {
  writeFileSync(site.aimFile, `${aim} ${1 + Math.floor(random() * mostPassings)}`);
  site.server.signal("SIGUSR2");
  await Promise.race([site.server.died, sleep(longestAim)]);
  await kill(site, fell);
}

async function kill(site: Site, fell: Fell): Promise<void> {
  site.server.signal("SIGKILL");
  await site.server.died;
  fell(site.server.struckAt());
  site.server = await site.launch();
}

const blows: Readonly<Record<BlowKind, (target: Target, fell: Fell) => Promise<void>>> = {
  kill: ({ site }, fell) => kill(site, fell),
  async cut({ databases, database }, fell) {
    await databases.admin(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}' AND random() < 0.5`,
    );
    fell();
  },
  async freeze({ site, databases, database, processes, random }, fell) {
    // Those killed before are struck off first: else it would be they who seem to be missing.
    await until(async () => (await workers(databases, database)).length === processes);
    const before = await workers(databases, database);
    site.server.signal("SIGSTOP");
    fell();
    await until(async () => missing(before, await workers(databases, database)) > 0);
    await sleep(random() * 300);
    const without = await workers(databases, database);
    site.server.signal("SIGCONT");
    await until(async () => missing(await workers(databases, database), without) > 0);
  },
};

/** The processes that are registered. */
async function workers({ postgres }: Databases, database: string): Promise<readonly number[]> {
  return (await postgres.run("SELECT id::integer FROM workers", database)).map((row) => Number(row["id"]));
}

const missing = (from: readonly number[], within: readonly number[]): number =>
  from.filter((id) => !within.includes(id)).length;

// A bench runs these files without the test runner, so nothing here may ask for it.

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const longestUntil = 60_000;

/** Looks every 50 ms; rejects after a minute. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const since = performance.now(); !(await isSo()); await sleep(50))
    if (performance.now() - since > longestUntil) throw new Error("a process was not taken for dead in time");
}
