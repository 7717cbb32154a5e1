import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import { type Random, seeded } from "../stand-ins/wire/seeded.ts";
import type { Patch } from "../system/copy-tree.ts";
import { type Command, endAll, launchServer, type Running } from "../system/process.ts";
import { botToken, makePlace, type Place, publicUrl, telegramAt, webhookSecret } from "../system/world.ts";
import { type Blow, type BlowKind, type Site, strike } from "./blows.ts";
import { brokenPromises, type CrashReport, enteredSoFar } from "./crash-report.ts";
import { startEchoLoad, type Talker } from "./echo-load.ts";
import { echoTree, shortLeases } from "./echo-tree.ts";
import type { Databases } from "./place.ts";

export type CrashOptions = {
  readonly databases: Databases;
  /** What is broken in the copy of the source that runs: nothing, or a bug that has to be seen. */
  readonly bugs: readonly Patch[];
  /** Processes on the one database. */
  readonly processes: number;
  /** Blows in all, of these kinds in turn. */
  readonly blows: number;
  readonly kinds: readonly BlowKind[];
  readonly seed: number;
  /** Requests in flight at once, of each process. */
  readonly inFlight: number;
};

/**
 * Lets people write to several processes on one database, each message to any of them, strikes one process after another,
 * and compares what was acknowledged with what was kept and sent.
 */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const { databases } = options;
  const tree = echoTree([...shortLeases, ...options.bugs]);
  const database = await databases.make();
  const places = await Promise.all(Array.from({ length: options.processes }, makePlace));
  const [first] = places;
  if (first === undefined) throw new Error("no process");
  const bot = await startBotApi({ token: botToken, publicUrl, deliverTo: first.url, strict: false });
  const sites: Site[] = [];
  const servers: { readonly url: string; readonly server: Running }[] = [];
  const enteredBefore = await enteredSoFar(databases, database);
  try {
    const open = async (place: Place) => {
      const environment = environmentOf(options, {
        place,
        first,
        bot,
        url: databases.postgres.url(database),
      });
      const launch = async () => {
        const server = await started({ environment, root: tree.root });
        servers.push({ url: place.url, server });
        return server;
      };
      sites.push({ place, launch, server: await launch() });
    };
    // The first makes the key.
    await open(first);
    await Promise.all(places.slice(1).map(open));
    const { talkers, blows } = await strikeAgainAndAgain(options, sites, bot, database);
    const stuck = await isStuck(options, database);
    await endAll();
    return await brokenPromises({ ...options, database, place: first, enteredBefore }, bot, {
      talkers,
      blows,
      stuck,
      servers,
    });
  } finally {
    await endAll();
    await bot.close();
    for (const { remove } of [...places, tree]) remove();
  }
}

/**
 * Starts a server, once more where it lost its connection meanwhile: with leases of a tenth, a machine that gives it no time
 * for a second is enough. It says so and ends, and whoever runs it starts it again.
 */
async function started(command: Command): Promise<Running> {
  try {
    return await launchServer(command);
  } catch (problem) {
    if (!(problem instanceof Error && /the connection was (?:lost|closed)/.test(problem.message)))
      throw problem;
    return launchServer(command);
  }
}

type Where = { readonly place: Place; readonly first: Place; readonly bot: BotApi; readonly url: string };

function environmentOf({ inFlight }: CrashOptions, { place, first, bot, url }: Where) {
  return {
    ...place.environment,
    PARWANA_KEY_FILE: first.keyFile,
    DATABASE_URL: url,
    ...telegramAt(bot),
    PUBLIC_URL: publicUrl,
    TELEGRAM_WEBHOOK_SECRET: webhookSecret,
    SENDS_IN_FLIGHT: String(inFlight),
    // Told with a promise that was broken.
    LOG_LEVEL: "warn",
  };
}

/**
 * Whether messages are left that nobody sends: none of them has left for so long that others have had the time to take over
 * what a process held. How long all of them take says nothing: that is the machine's affair, and nobody writes any more.
 */
async function isStuck({ databases: { postgres }, bugs }: CrashOptions, database: string): Promise<boolean> {
  const patience = bugs.length > 0 ? 15_000 : 60_000;
  let fewest = Number.POSITIVE_INFINITY;
  for (let since = performance.now(); performance.now() - since < patience; ) {
    const [row] = await postgres.run(
      "SELECT count(*)::integer AS left FROM outbox WHERE state IN (0, 1)",
      database,
    );
    const left = Number(row?.["left"]);
    if (left === 0) return false;
    if (left < fewest) since = performance.now();
    fewest = Math.min(fewest, left);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}

async function strikeAgainAndAgain(
  options: CrashOptions,
  sites: readonly Site[],
  bot: BotApi,
  database: string,
): Promise<{ readonly talkers: readonly Talker[]; readonly blows: readonly Blow[] }> {
  const random = seeded(options.seed);
  const blows: Blow[] = [];
  const struck = Promise.withResolvers<void>();
  let untilBlow = 0;
  const aim = () => {
    untilBlow = 30 + Math.floor(random() * 90);
  };
  const onAcknowledged = () => {
    untilBlow -= 1;
    if (untilBlow !== 0) return;
    const kind = options.kinds[blows.length % options.kinds.length] ?? "kill";
    const target = { ...options, sites, site: oneOf(sites, random), database, random };
    strike(kind, target, (blow) => blows.push(blow)).then(() => {
      if (blows.length === options.blows) struck.resolve();
      else aim();
    }, struck.reject);
  };
  aim();
  const load = startEchoLoad({
    bot,
    random,
    talkers: 30,
    url: () => oneOf(sites, random).place.url,
    onAcknowledged,
  });
  await struck.promise;
  await load.finish();
  return { talkers: load.talkers, blows };
}

function oneOf<One>(all: readonly One[], random: Random): One {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
}
