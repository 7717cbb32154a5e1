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

const added = async (environment: Place["environment"]) =>
  expect(await parwana(environment, "org", "add", "helpline", "--name", "Parole Helpline")).toMatchObject({
    code: 0,
  });

it("`parwana store move` brings the data into PostgreSQL, where the server goes on with it", {
  timeout: 240_000,
}, async () => {
  const database = databases.postgres.tcpUrl(await databases.make());
  const inFolder = { ...place.environment, ...telegramAt(bot) };
  const inDatabase = { ...inFolder, DATABASE_URL: database };
  await added(inFolder);

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

it("`--stop-server` has the server end in order first, but not for a database that can't be moved to; `--to` says where", {
  timeout: 240_000,
}, async () => {
  const name = await databases.make();
  const to = databases.postgres.tcpUrl(name);
  const inFolder = { ...place.environment, ...telegramAt(bot) };
  await added(inFolder);
  const server = await launchServer({ environment: inFolder });

  const wrong = databases.postgres.tcpUrl(name, "postgres", "wrong-secret");
  const refused = await parwana(inFolder, "store", "move", "--to", wrong, "--stop-server");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(/password is wrong/);
  expect(refused.stderr).not.toContain("wrong-secret");
  const listed = await parwana(inFolder, "org", "list", "--json");
  expect(server.child.exitCode).toBe(null);
  expect(JSON.parse(listed.stdout)).toHaveLength(1);

  const moved = await parwana(inFolder, "store", "move", "--to", to, "--stop-server", "--json");
  expect(await server.ended).toEqual({ code: 0, signal: null });
  expect(moved.stderr).toMatch(/asked to end.*Moved/s);
  expect(moved.code).toBe(0);
  expect(JSON.parse(moved.stdout).tables).toContainEqual(expect.objectContaining({ table: "orgs", rows: 1 }));
});

it("`--undo --to` takes back a move that did not get to its end", { timeout: 240_000 }, async () => {
  const name = await databases.make();
  const to = databases.postgres.tcpUrl(name);
  const run = (sql: string) => databases.postgres.run(sql, name);
  const inFolder = { ...place.environment, ...telegramAt(bot) };
  await added(inFolder);
  await run(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON orgs FOR EACH STATEMENT EXECUTE FUNCTION full_disk()`);
  const stopped = await parwana(inFolder, "store", "move", "--to", to);
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toMatch(/disk is full/);
  await run("DROP TRIGGER full_disk ON orgs; DROP FUNCTION full_disk");
  expect(await run("SELECT key FROM meta WHERE key = 'move'")).toHaveLength(1);

  const undone = await parwana(inFolder, "store", "move", "--undo", "--to", to);
  expect(undone.stderr).toMatch(/Taken back: the database is empty/);
  expect(undone.code).toBe(0);
  expect(await run("SELECT 1 FROM meta UNION ALL SELECT 1 FROM orgs")).toEqual([]);
  const goesOn = await launchServer({ environment: inFolder });
  const listed = await parwana(inFolder, "org", "list", "--json");
  expect(JSON.parse(listed.stdout)).toHaveLength(1);
  await goesOn.end("SIGTERM");
});
