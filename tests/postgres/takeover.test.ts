import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { heartbeat, lease } from "../../src/store/postgres/worker.ts";
import { endAll, launchServer, type Running } from "../system/process.ts";
import { makePlace, type Place } from "../system/world.ts";
import { echoTree } from "./echo-tree.ts";
import { type Databases, startDatabases } from "./place.ts";

vi.setConfig({ testTimeout: 120_000 });

let databases: Databases;
let tree: ReturnType<typeof echoTree>;
beforeAll(async () => {
  databases = await startDatabases();
  tree = echoTree();
});
afterAll(async () => {
  tree.remove();
  await databases.stop();
});

let database: string;
let places: readonly Place[];
beforeEach(async () => {
  database = await databases.make();
  places = await Promise.all(Array.from({ length: 3 }, makePlace));
});
afterEach(async () => {
  await endAll();
  for (const { remove } of places) remove();
});

/** The longest that anything may stay with a process that died, ms. */
const promised = 35_000;

async function launch(place: Place): Promise<Running> {
  const environment = {
    ...place.environment,
    PARWANA_KEY_FILE: places[0]?.keyFile ?? "",
    DATABASE_URL: databases.postgres.url(database),
  };
  return launchServer({ environment, root: tree.root });
}

async function registered(): Promise<readonly number[]> {
  return (await databases.postgres.run("SELECT id::integer FROM workers ORDER BY id", database)).map((row) =>
    Number(row["id"]),
  );
}

/** Lets time pass for those who registered with these ids: their last sign of life is so long ago. */
const later = (ids: readonly number[], ms: number) =>
  databases.postgres.run(
    `UPDATE workers SET renewed_at = renewed_at - interval '${ms} ms', lease_until = lease_until - interval '${ms} ms'
      WHERE id IN (${ids.join(",")})`,
    database,
  );

it("a process says every five seconds that it lives, and is believed for thirty", () => {
  expect([heartbeat, lease]).toEqual([5_000, 30_000]);
});

it("one that was stopped is taken over when its lease has run out, not before, and comes back as another", async () => {
  const [place, ...others] = places;
  if (place === undefined) throw new Error("no place");
  await launch(place);
  const [watching] = await registered();
  const stopped = await Promise.all(others.map(launch));
  for (const { child } of stopped) child.kill("SIGSTOP");
  const ids = (await registered()).filter((id) => id !== watching);
  expect(ids).toHaveLength(2);
  // Its session stands, and its lease has some seconds left.
  const passed = lease - heartbeat - 4_000;
  await later(ids, passed);
  await expect(
    vi.waitFor(async () => expect(await registered()).toEqual([watching]), { timeout: 2_500, interval: 500 }),
  ).rejects.toThrow();
  await vi.waitFor(async () => expect(await registered()).toEqual([watching]), {
    timeout: promised - passed,
    interval: 100,
  });
  for (const { child } of stopped) child.kill("SIGCONT");
  await vi.waitFor(async () => expect(await registered()).toHaveLength(3), {
    timeout: 10_000,
    interval: 100,
  });
  expect((await registered()).filter((id) => ids.includes(id))).toEqual([]);
  for (const { url } of others)
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), 10_000);
});

it("one that was killed is taken over long before its lease has run out", async () => {
  const [place, other] = places;
  if (place === undefined || other === undefined) throw new Error("no place");
  await launch(place);
  const [watching] = await registered();
  const killed = await launch(other);
  const ids = (await registered()).filter((id) => id !== watching);
  await killed.end("SIGKILL");
  const [left] = await databases.postgres.run(
    `SELECT extract(epoch FROM lease_until - clock_timestamp())::float8 AS seconds FROM workers WHERE id = ${ids[0]}`,
    database,
  );
  expect(Number(left?.["seconds"])).toBeGreaterThan(20);
  await later(ids, 6_000);
  await vi.waitFor(async () => expect(await registered()).toEqual([watching]), {
    timeout: 15_000,
    interval: 100,
  });
});
