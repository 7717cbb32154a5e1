import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import type { Person } from "../stand-ins/telegram/person.ts";
import { copyTree } from "../system/copy-tree.ts";
import { endAll, launch, launchServer, parwana, type Running } from "../system/process.ts";
import { meet, say, tap } from "../system/talk.ts";
import { botToken, drained, makePlace, type Place, telegramAt } from "../system/world.ts";

let place: Place;
let bot: BotApi;
let environment: Readonly<Record<string, string>>;
let file: string;
beforeEach(async () => {
  place = await makePlace();
  bot = await startBotApi({ token: botToken });
  environment = { ...place.environment, ...telegramAt(bot), LOG_LEVEL: "warn" };
  file = join(place.dir, "backup.db");
});
afterEach(async () => {
  await endAll();
  await bot.close();
  place.remove();
});

/** Runs the command where nothing may go wrong; gives the result. */
async function done(...args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await parwana(environment, ...args, "--json");
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return JSON.parse(stdout);
}

function rows(sql: string): readonly Readonly<Record<string, unknown>>[] {
  const db = new DatabaseSync(join(place.dataDir, "parwana.db"), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

const count = (table: string): unknown => rows(`SELECT count(*) AS n FROM ${table}`)[0]?.["n"];

const person = (chatId: number): Person => bot.person(chatId, { languageCode: "en" });

/** Asks to be deleted, says yes, and waits for the receipt. */
async function leave(who: Person): Promise<void> {
  await say(bot, who, "delete");
  await tap(bot, who, "Yes");
}

const stop = (server: Running) => server.end("SIGTERM");

/** Three people talk, a backup is made, one of them leaves, one says stop, and the server stops. */
async function storyOf(stays: Person, goes: Person, stops: Person): Promise<void> {
  const server = await launchServer({ environment });
  await meet(bot, stays);
  await meet(bot, goes);
  await meet(bot, stops);
  await tap(bot, stays, "Dates, reminders");
  await drained(place.url);
  expect(await done("backup", file)).toEqual({ file, bytes: expect.any(Number), people: 3 });
  await leave(goes);
  await say(bot, stops, "stop");
  await drained(place.url);
  await stop(server);
}

/** The one goes on at the question that waited; the other is met for the first time. */
async function expectOneLeft(stays: Person, goes: Person): Promise<void> {
  const asked = await tap(bot, stays, "Yes");
  expect(asked.text).toMatch(/remind you of/);
  const greeted = await say(bot, goes, "menu");
  expect(greeted.text).toMatch(/language/i);
}

const left = () => [count("contacts"), count("lookups"), count("tombstones")];

/** Puts a file in the place of the store, as someone without the command would. */
function putByHand(): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(join(place.dataDir, `parwana.db${end}`), { force: true });
  copyFileSync(file, join(place.dataDir, "parwana.db"));
}

describe("a person deleted after the backup", () => {
  it("is deleted again before anything is served; others go on where they were", async () => {
    const [stays, goes, stops] = [person(4_470_001), person(4_470_002), person(4_470_003)];
    await storyOf(stays, goes, stops);
    const before = bot.ledger.of("sendMessage", goes.chatId).length;
    const restored = await done("restore", file, "--replace");
    expect(restored).toEqual({
      restored: file,
      made: expect.stringMatching(/^\d{4}-.*Z$/),
      kept: expect.stringMatching(/parwana\.db\.replaced-\d{8}T\d{6}Z$/),
      erasedAgain: 1,
      stoppedAgain: 1,
      repliesNotSent: 0,
      broadcastMessagesNotSent: 0,
      broadcastsEnded: 0,
    });
    expect(rows("SELECT state FROM contacts ORDER BY state").map((row) => row["state"])).toEqual([
      "active",
      "stopped",
    ]);
    expect(left()).toEqual([2, 2, 1]);
    const again = await launchServer({ environment });
    await drained(place.url);
    expect(bot.ledger.of("sendMessage", goes.chatId)).toHaveLength(before);
    await expectOneLeft(stays, goes);
    await stop(again);
  });

  it("is deleted again where the file was copied by hand, and where the copying was cut short by a kill", async () => {
    const [stays, goes, stops] = [person(4_470_004), person(4_470_005), person(4_470_006)];
    await storyOf(stays, goes, stops);
    putByHand();
    // Dies when it has written the first erasure and before it knows that it is done.
    const tree = copyTree(join(place.dir, "tree"), [
      {
        file: "src/app/come-back.ts",
        from: "    after = people.at(-1)?.id ?? after;",
        to: '    if (counts.erasedAgain > 0) process.kill(process.pid, "SIGKILL");\n    after = people.at(-1)?.id ?? after;',
      },
      { file: "src/app/come-back.ts", from: "const page = 200;", to: "const page = 1;" },
    ]);
    const killed = launch({ environment, root: tree });
    expect(await killed.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(killed.stdout()).toBe("");
    const again = await launchServer({ environment });
    expect(again.stderr()).toContain("store-unclean");
    await expectOneLeft(stays, goes);
    await stop(again);
  });
});
