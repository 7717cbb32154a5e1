import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { PostgresStore } from "../../src/store/postgres/open.ts";
import { claimedIds, meet, queue } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { type Databases, openAt, startDatabases } from "./place.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

let database: string;
let store: PostgresStore;
beforeEach(async () => {
  database = await databases.make();
  store = await openAt(databases.postgres.url(database), { clock: { now: () => noon } });
});
afterEach(async () => {
  await store.close();
  await databases.empty(database);
});

it("what a process holds is still its own where its lease has run out and nobody has taken over from it", async () => {
  const contact = await meet(store, "chat 1");
  const [first, second] = await queue(store, contact, {}, {});
  expect(await claimedIds(store)).toEqual([first]);
  // The machine stood still for longer than the lease, and nobody has looked yet.
  await databases.postgres.run("UPDATE workers SET lease_until = 'epoch'", database);
  expect(await Promise.all([first, second].map((id) => store.together.mayLeave(id ?? 0, false)))).toEqual([
    true,
    true,
  ]);
  // It has said first that it lives: from here on nobody takes it for dead.
  const leases = "SELECT lease_until > clock_timestamp() AS held FROM workers";
  expect(await databases.postgres.run(leases, database)).toEqual([{ held: true }]);
});
