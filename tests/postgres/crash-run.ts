import { type Life, live } from "../crash/life.ts";
import { botToken, webhookSecret } from "../crash/on-telegram.ts";
import { makePlace, type Place, publicUrl } from "../crash/place.ts";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import { type Random, seeded } from "../stand-ins/wire/seeded.ts";
import type { Patch } from "../system/copy-tree.ts";
import { type Blow, type Site, type Strike, strike } from "./blows.ts";
import { brokenPromises, type CrashReport, enteredSoFar } from "./crash-report.ts";
import { type EchoLoad, startEchoLoad } from "./echo-load.ts";
import { echoTree, shortLeases } from "./echo-tree.ts";
import { failPointPatches } from "./fail-points.ts";
import type { Databases } from "./place.ts";

export type CrashOptions = {
  readonly databases: Databases;
  /** What is broken in the copy of the source that runs: nothing, or a bug that has to be seen. */
  readonly bugs: readonly Patch[];
  /** Processes on the one database. */
  readonly processes: number;
  /** What falls, one after another. */
  readonly strikes: readonly Strike[];
  readonly seed: number;
  /** Requests in flight at once, of each process. */
  readonly inFlight: number;
  /** Told after each blow. */
  readonly onBlow?: (blows: number) => void;
};

/**
 * Lets people write to several processes on one database, each message to any of them, strikes one process after another,
 * and compares what was acknowledged with what was kept and sent.
 */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const { databases } = options;
  const tree = echoTree([...shortLeases, ...failPointPatches, ...options.bugs]);
  const database = await databases.make();
  const places = await Promise.all(Array.from({ length: options.processes }, () => makePlace()));
  const [first] = places;
  if (first === undefined) throw new Error("no process");
  const bot = await startBotApi({ token: botToken, publicUrl, deliverTo: first.url, strict: false });
  const sites: Site[] = [];
  const servers: { readonly url: string; readonly server: Life }[] = [];
  const enteredBefore = await enteredSoFar(databases, database);
  const endAll = async () => {
    for (const { server } of servers) server.signal("SIGKILL");
    await Promise.all(servers.map(({ server }) => server.died));
  };
  try {
    const open = async (place: Place) => {
      const aimFile = `${place.keyFile}.aim`;
      const environment = environmentOf(options, {
        place,
        first,
        bot,
        aimFile,
        url: databases.postgres.url(database),
      });
      const launch = () =>
        started(tree.root, environment, (life) => servers.push({ url: place.url, server: life }));
      sites.push({ place, aimFile, launch, server: await launch() });
    };
    // The first makes the key.
    await open(first);
    await Promise.all(places.slice(1).map(open));
    const { load, blows } = await strikeAgainAndAgain(options, sites, bot, database);
    const stuck = await isStuck(options, database);
    await endAll();
    return await brokenPromises({ ...options, database, place: first, root: tree.root, enteredBefore }, bot, {
      talkers: load.talkers,
      twice: load.twice(),
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
async function started(
  root: string,
  environment: Readonly<Record<string, string>>,
  begun: (life: Life) => void,
): Promise<Life> {
  const launched = async () => {
    const life = live(root, environment);
    begun(life);
    return { life, isReady: await life.ready };
  };
  const { life, isReady } = await launched();
  if (isReady) return life;
  const again = /the connection was (?:lost|closed)/.test(life.complaint()) ? await launched() : undefined;
  if (again?.isReady) return again.life;
  throw new Error(`a server did not start: ${(again?.life ?? life).complaint()}`);
}

type Where = {
  readonly place: Place;
  readonly first: Place;
  readonly bot: BotApi;
  readonly aimFile: string;
  readonly url: string;
};

function environmentOf({ inFlight }: CrashOptions, { place, first, bot, aimFile, url }: Where) {
  const environment = {
    PARWANA_KEY_FILE: first.keyFile,
    DATABASE_URL: url,
    TELEGRAM_BOT_TOKEN: bot.token,
    TELEGRAM_API_ROOT: bot.url,
    TELEGRAM_WEBHOOK_SECRET: webhookSecret,
    CRASH_AIM: aimFile,
    // Told with a promise that was broken.
    LOG_LEVEL: "warn",
  };
  return place.environment({ environment }, inFlight);
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
): Promise<{ readonly load: EchoLoad; readonly blows: readonly Blow[] }> {
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
    const next = options.strikes[blows.length] ?? { kind: "kill" };
    const target = { ...options, site: oneOf(sites, random), database, random };
    strike(next, target, (blow) => blows.push(blow)).then(() => {
      options.onBlow?.(blows.length);
      if (blows.length === options.strikes.length) struck.resolve();
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
  return { load, blows };
}

function oneOf<One>(all: readonly One[], random: Random): One {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
}
