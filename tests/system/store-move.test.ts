import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Databases, startDatabases } from "../postgres/place.ts";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import { endAll, launch, launchServer, parwana } from "./process.ts";
import { botToken, makePlace, type Place, telegramAt } from "./world.ts";

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

it("`parwana store move` brings the data into PostgreSQL, where the server goes on with it", {
  timeout: 240_000,
}, async () => {
  const database = databases.postgres.tcpUrl(await databases.make());
  const inFolder = { ...place.environment, ...telegramAt(bot) };
  const inDatabase = { ...inFolder, DATABASE_URL: database };
  const added = await parwana(inFolder, "org", "add", "helpline", "--name", "Parole Helpline");
  expect(added).toMatchObject({ code: 0 });

  const server = await launchServer({ environment: inFolder });
  const refused = await parwana(inDatabase, "store", "move");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(/another parwana is running/);
  await server.end("SIGTERM");

  const moved = await parwana(inDatabase, "store", "move", "--json");
  expect(moved.stderr).toMatch(/Moved/);
  expect(moved.code).toBe(0);
  expect(JSON.parse(moved.stdout).tables).toContainEqual(expect.objectContaining({ table: "orgs", rows: 1 }));

  const left = launch({ environment: inFolder });
  expect(await left.ended).toMatchObject({ code: 1 });
  expect(left.stderr()).toMatch(/was moved to PostgreSQL.*--undo/);

  const goesOn = await launchServer({ environment: inDatabase });
  expect(goesOn.stdout()).toMatch(/PostgreSQL/);
  const listed = await parwana(inDatabase, "org", "list", "--json");
  expect(JSON.parse(listed.stdout)).toEqual([{ id: "helpline", name: "Parole Helpline" }]);
  for (const { stdout, stderr } of [
    moved,
    refused,
    listed,
    { stdout: goesOn.stdout(), stderr: goesOn.stderr() },
  ])
    expect(`${stdout}${stderr}`).not.toContain("://postgres:");
  await goesOn.end("SIGTERM");
});
