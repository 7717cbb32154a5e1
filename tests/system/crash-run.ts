import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { configFrom, openInstallation } from "../../src/wiring/installation.ts";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import { seeded } from "../stand-ins/wire/seeded.ts";
import { type Conversation, type Copy, learnAnswers, readReplies, startLoad } from "./crash-load.ts";
import { endAll, launchServer, type Running } from "./process.ts";
import { botToken, drained, makePlace, type Place, publicUrl, telegramAt, webhookSecret } from "./world.ts";

const sendsInFlight = 4;

export type CrashOptions = {
  /** The tree to run; default this project. */
  readonly root?: string;
  readonly kills: number;
  readonly seed: number;
  readonly conversations?: number;
};

export type CrashReport = {
  readonly acknowledged: number;
  readonly copies: number;
  /** Every promise that was broken, in words. */
  readonly violations: readonly string[];
};

/** Kills a server under load again and again, then compares what it acknowledged with what it kept and did. */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const place = await makePlace();
  const bot = await startBotApi({ token: botToken, publicUrl, deliverTo: place.url, strict: false });
  const environment = {
    ...place.environment,
    ...telegramAt(bot),
    PUBLIC_URL: publicUrl,
    TELEGRAM_WEBHOOK_SECRET: webhookSecret,
    SENDS_IN_FLIGHT: String(sendsInFlight),
  };
  const launch = () =>
    launchServer({ environment, ...(options.root === undefined ? {} : { root: options.root }) });
  try {
    const first = await launch();
    const answers = await learnAnswers({ url: place.url, bot });
    const { conversations, killedAt, last } = await killAgainAndAgain(options, place, bot, { first, launch });
    await drained(place.url);
    await last.end("SIGTERM");
    const replies = conversations.map((one) => readReplies(bot, one, answers));
    const copies = replies.flatMap((one) => one.copies);
    const violations = [
      ...replies.flatMap(({ wrong }) => wrong),
      ...tooManyCopies(copies, killedAt),
      ...missingFromInbox(place, conversations),
      ...(await wrongTurns(environment, conversations)),
    ];
    return {
      acknowledged: conversations.reduce((sum, one) => sum + one.acknowledged.length, 0),
      copies: copies.length,
      violations,
    };
  } finally {
    await endAll();
    await bot.close();
    place.remove();
  }
}

type Servers = { readonly first: Running; readonly launch: () => Promise<Running> };

async function killAgainAndAgain(
  { kills, seed, conversations: count = 30 }: CrashOptions,
  place: Place,
  bot: BotApi,
  { first, launch }: Servers,
) {
  const random = seeded(seed);
  const killedAt: number[] = [];
  let server = first;
  let up = Promise.resolve();
  let left = kills;
  let untilKill = 0;
  let done = () => {};
  const killed = new Promise<void>((resolve) => {
    done = resolve;
  });
  const aim = () => {
    untilKill = 1 + Math.floor(random() * 90);
  };
  const onAcknowledged = () => {
    untilKill -= 1;
    if (untilKill !== 0 || left === 0) return;
    left -= 1;
    up = server.end("SIGKILL").then(async () => {
      killedAt.push(Date.now());
      server = await launch();
      aim();
      if (left === 0) done();
    });
  };
  aim();
  const load = startLoad({
    url: place.url,
    bot,
    random,
    conversations: count,
    serverIsUp: () => up,
    onAcknowledged,
  });
  await killed;
  await load.finish();
  return { conversations: load.conversations, killedAt, last: server };
}

/** A crash may repeat what was in flight at that moment, and nothing else. */
function tooManyCopies(copies: readonly Copy[], killedAt: readonly number[]): readonly string[] {
  const crashes = copies.map(({ at, before }) => killedAt.find((killed) => killed >= before && killed <= at));
  const counts = killedAt.map((killed) => crashes.filter((crash) => crash === killed).length);
  const worst = Math.max(...counts);
  const without = crashes.filter((crash) => crash === undefined).length;
  return [
    ...(without > 0 ? [`${without} copies without a crash`] : []),
    ...(worst > sendsInFlight ? [`${worst} copies after one crash`] : []),
  ];
}

function missingFromInbox({ dataDir }: Place, conversations: readonly Conversation[]): readonly string[] {
  const db = new DatabaseSync(join(dataDir, "parwana.db"), { readOnly: true });
  try {
    const kept = new Set(
      db
        .prepare("SELECT external_id FROM inbox WHERE state = 0")
        .all()
        .map((row) => String(row["external_id"])),
    );
    const missing = conversations.flatMap(({ acknowledged }) =>
      acknowledged.filter((id) => !kept.has(String(id))),
    );
    const check = db
      .prepare("PRAGMA integrity_check")
      .all()
      .map((row) => String(row["integrity_check"]));
    return [
      ...missing.map((id) => `update ${id} was acknowledged and is not in the inbox`),
      ...check.filter((found) => found !== "ok").map((found) => `the database is broken: ${found}`),
    ];
  } finally {
    db.close();
  }
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A session counts its turns: as many as inputs were acknowledged, no more and no fewer. */
async function wrongTurns(
  environment: Readonly<Record<string, string>>,
  conversations: readonly Conversation[],
): Promise<readonly string[]> {
  const { parts, close } = await openInstallation(configFrom(environment), silent);
  try {
    const turns = new Map<number, number>();
    const db = new DatabaseSync(join(environment["DATA_DIR"] ?? "", "parwana.db"), { readOnly: true });
    const ids = db
      .prepare("SELECT id FROM contacts")
      .all()
      .map((row) => Number(row["id"]));
    db.close();
    for (const id of ids) {
      const row = await parts.store.contact(id);
      if (row === undefined) continue;
      const { addresses, session } = parts.people.open(row);
      turns.set(Number(addresses[0]), session.turn);
    }
    return conversations.flatMap(({ chat, acknowledged }) =>
      turns.get(chat) === acknowledged.length
        ? []
        : [`${chat}: ${turns.get(chat)} turns for ${acknowledged.length} inputs`],
    );
  } finally {
    await close();
  }
}
