import type { Store } from "../../src/app/ports-store.ts";
import { configFrom, openInstallation } from "../../src/wiring/installation.ts";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import { type Random, seeded } from "../stand-ins/wire/seeded.ts";
import { type Conversation, type Copy, learnAnswers, readReplies, startLoad } from "../system/crash-load.ts";
import type { CrashReport } from "../system/crash-run.ts";
import { launchServer, type Running } from "../system/process.ts";
import {
  botToken,
  drained,
  makePlace,
  type Place,
  publicUrl,
  telegramAt,
  webhookSecret,
} from "../system/world.ts";
import { type Databases, silent } from "./place.ts";

const sendsInFlight = 4;

export type CrashOptions = {
  readonly databases: Databases;
  /** The tree to run; default this project. */
  readonly root?: string;
  /** Processes on the one database. */
  readonly processes: number;
  /** Blows in all: a process killed, or every connection of one cut. */
  readonly blows: number;
  readonly seed: number;
  readonly conversations?: number;
};

type Site = {
  readonly place: Place;
  readonly environment: Readonly<Record<string, string>>;
  server: Running;
};

/**
 * Lets people write to several processes on one database, each message to any of them, strikes one process after another,
 * and compares what was acknowledged with what was kept and sent.
 */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const { databases } = options;
  const database = await databases.make();
  const places = await Promise.all(Array.from({ length: options.processes }, makePlace));
  const [first] = places;
  if (first === undefined) throw new Error("no process");
  const bot = await startBotApi({ token: botToken, publicUrl, deliverTo: first.url, strict: false });
  const sites: Site[] = [];
  try {
    for (const place of places) {
      const environment = environmentOf(place, first, bot, databases.postgres.url(database));
      sites.push({ place, environment, server: await launch(options, environment) });
    }
    const answers = await learnAnswers({ url: first.url, bot });
    const { conversations, struckAt } = await strikeAgainAndAgain(options, sites, bot, database);
    // What a process held that was struck last is taken over within seconds.
    await drained(first.url).catch(() => drained(first.url));
    await Promise.all(sites.map(({ server }) => server.end("SIGTERM")));
    const replies = conversations.map((one) => readReplies(bot, one, answers));
    const copies = replies.flatMap((one) => one.copies);
    return {
      acknowledged: conversations.reduce((sum, one) => sum + one.acknowledged.length, 0),
      copies: copies.length,
      violations: [
        ...replies.flatMap(({ wrong }) => wrong),
        ...tooManyCopies(copies, struckAt),
        ...(await missingFromInbox(databases, database, conversations)),
        ...(await wrongTurns(sites[0]?.environment ?? {}, databases, database, conversations)),
      ],
    };
  } finally {
    await Promise.all(sites.map(({ server }) => server.end("SIGKILL")));
    await bot.close();
    for (const place of places) place.remove();
  }
}

function environmentOf(place: Place, first: Place, bot: BotApi, url: string) {
  return {
    ...place.environment,
    PARWANA_KEY_FILE: first.keyFile,
    DATABASE_URL: url,
    ...telegramAt(bot),
    PUBLIC_URL: publicUrl,
    TELEGRAM_WEBHOOK_SECRET: webhookSecret,
    SENDS_IN_FLIGHT: String(sendsInFlight),
  };
}

function launch({ root }: CrashOptions, environment: Readonly<Record<string, string>>): Promise<Running> {
  return launchServer({ environment, ...(root === undefined ? {} : { root }) });
}

async function strikeAgainAndAgain(
  options: CrashOptions,
  sites: readonly Site[],
  bot: BotApi,
  database: string,
): Promise<{ readonly conversations: readonly Conversation[]; readonly struckAt: readonly number[] }> {
  const random = seeded(options.seed);
  const struckAt: number[] = [];
  let left = options.blows;
  let untilBlow = 0;
  let up = Promise.resolve();
  const struck = Promise.withResolvers<void>();
  const aim = () => {
    untilBlow = 30 + Math.floor(random() * 90);
  };
  const onAcknowledged = () => {
    untilBlow -= 1;
    if (untilBlow !== 0 || left === 0) return;
    left -= 1;
    const site = oneOf(sites, random);
    const strike =
      random() < 0.7
        ? (told: Told) => restarted(options, site, told)
        : (told: Told) => cut(options, database, told);
    up = strike(() => struckAt.push(Date.now())).then(() => {
      aim();
      if (left === 0) struck.resolve();
    });
    up.catch(struck.reject);
  };
  aim();
  const load = startLoad({
    // Each message goes to any of the processes.
    get url() {
      return oneOf(sites, random).place.url;
    },
    bot,
    random,
    conversations: options.conversations ?? 30,
    serverIsUp: () => Promise.race([up, new Promise<void>((resolve) => setTimeout(resolve, 20))]),
    onAcknowledged,
  });
  await struck.promise;
  await load.finish();
  return { conversations: load.conversations, struckAt };
}

function oneOf<One>(all: readonly One[], random: Random): One {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
}

type Told = () => void;

async function restarted(options: CrashOptions, site: Site, struck: Told): Promise<void> {
  await site.server.end("SIGKILL");
  struck();
  site.server = await launch(options, site.environment);
}

/** Cuts half of the connections to the database, whosever they are. */
async function cut({ databases }: CrashOptions, database: string, struck: Told): Promise<void> {
  await databases.admin(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}' AND random() < 0.5`,
  );
  struck();
}

/** How long after a blow it may show: others take over what a process held that does not come back. */
const aftermath = 20_000;

/** A blow may repeat what was in flight when it fell, or when others took over; nothing else is sent twice. */
function tooManyCopies(copies: readonly Copy[], struckAt: readonly number[]): readonly string[] {
  const blows = copies.map(({ at }) =>
    struckAt.findLast((struck) => struck <= at && at < struck + aftermath),
  );
  const worst = Math.max(0, ...struckAt.map((struck) => blows.filter((blow) => blow === struck).length));
  const without = blows.filter((blow) => blow === undefined).length;
  return [
    ...(without > 0 ? [`${without} copies without a blow`] : []),
    ...(worst > 2 * sendsInFlight ? [`${worst} copies after one blow`] : []),
  ];
}

async function missingFromInbox(
  { postgres }: Databases,
  database: string,
  conversations: readonly Conversation[],
): Promise<readonly string[]> {
  const kept = await postgres.run("SELECT external_id FROM inbox WHERE state = 0", database);
  const known = new Set(kept.map((row) => String(row["external_id"])));
  return conversations.flatMap(({ acknowledged }) =>
    acknowledged
      .filter((id) => !known.has(String(id)))
      .map((id) => `update ${id} was acknowledged and is not in the inbox`),
  );
}

/** A session counts its turns: as many as inputs were acknowledged, no more and no fewer. */
async function wrongTurns(
  environment: Readonly<Record<string, string>>,
  { postgres }: Databases,
  database: string,
  conversations: readonly Conversation[],
): Promise<readonly string[]> {
  const { parts, close } = await openInstallation(configFrom(environment), silent);
  try {
    const ids = (await postgres.run("SELECT id FROM contacts", database)).map((row) => Number(row["id"]));
    const rows = await Promise.all(ids.map((id) => parts.store.contact(id)));
    const turns = new Map(rows.flatMap((row) => turnsOf(parts.people, row)));
    return conversations.flatMap(({ chat, acknowledged }) =>
      turns.get(chat) === acknowledged.length
        ? []
        : [`${chat}: ${turns.get(chat)} turns for ${acknowledged.length} inputs`],
    );
  } finally {
    await close();
  }
}

type People = Awaited<ReturnType<typeof openInstallation>>["parts"]["people"];

function turnsOf(
  people: People,
  row: Awaited<ReturnType<Store["contact"]>>,
): readonly (readonly [number, number])[] {
  if (row === undefined) return [];
  const { addresses, session } = people.open(row);
  return [[Number(addresses[0]), session.turn]];
}
