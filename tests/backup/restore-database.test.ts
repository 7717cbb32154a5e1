import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Databases, startDatabases } from "../postgres/place.ts";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import { endAll, launchServer, parwana } from "../system/process.ts";
import { meet, say, tap } from "../system/talk.ts";
import { botToken, drained, makePlace, type Place, telegramAt } from "../system/world.ts";

let databases: Databases;
let place: Place;
let bot: BotApi;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());
beforeEach(async () => {
  place = await makePlace();
  bot = await startBotApi({ token: botToken });
});
afterEach(async () => {
  await endAll();
  await bot.close();
  place.remove();
});

it("a database put back from a dump is made ready: who was deleted since is deleted again, the others go on", {
  timeout: 240_000,
}, async () => {
  const name = await databases.make();
  const on = (database: string) => ({
    ...place.environment,
    ...telegramAt(bot),
    LOG_LEVEL: "warn",
    DATABASE_URL: databases.postgres.tcpUrl(database),
  });
  const [stays, goes] = [bot.person(4_480_001), bot.person(4_480_002)];
  const first = await launchServer({ environment: on(name) });
  await meet(bot, stays);
  await meet(bot, goes);
  await tap(bot, stays, "Dates, reminders");
  await drained(place.url);
  await first.end("SIGTERM");
  // What a dump brings back.
  await databases.admin(`CREATE DATABASE put_back TEMPLATE ${name}`);
  const second = await launchServer({ environment: on(name) });
  await say(bot, goes, "delete");
  await tap(bot, goes, "Yes");
  await drained(place.url);
  const refused = await parwana(on(name), "restore");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(/^a parwana is running on this database.*stop it.*\n$/);
  await second.end("SIGTERM");

  const copy = on("put_back");
  const made = await parwana(copy, "restore", "--json");
  expect([made.code, JSON.parse(made.stdout)]).toEqual([
    0,
    {
      restored: "database",
      erasedAgain: 1,
      stoppedAgain: 0,
      repliesNotSent: 0,
      broadcastMessagesNotSent: 0,
      broadcastsEnded: 0,
    },
  ]);
  const third = await launchServer({ environment: copy });
  expect((await tap(bot, stays, "Yes")).text).toMatch(/remind you of/);
  expect((await say(bot, goes, "menu")).text).toMatch(/language/i);
  await third.end("SIGTERM");
  expect(await databases.postgres.run("SELECT count(*)::integer AS n FROM tombstones", "put_back")).toEqual([
    { n: 1 },
  ]);
});
