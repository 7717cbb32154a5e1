import { afterAll, beforeAll, expect, it } from "vitest";
import { meet, nothing, row, sent, turnOf } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { type Databases, openAt, startDatabases } from "./place.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const people = 40;
const rounds = 25;

// No ANALYZE comes in between: the tables of the tests' database know nothing of themselves, as in the first minutes of a new one.
it("reads no table whole for a turn or a settlement, however the tables have grown since the first", async () => {
  const database = await databases.make();
  const store = await openAt(databases.postgres.url(database), { clock: { now: () => noon } });
  const blinds = Array.from({ length: people }, (_, at) => `chat ${at}`);
  const ids = await Promise.all(blinds.map((blind) => meet(store, blind)));
  for (let round = 0; round < rounds; round += 1) {
    const queued = ids.map((contact) => row(store, contact));
    await Promise.all(
      blinds.map((blind, at) =>
        store.turn(
          turnOf(blind, (contact) => ({
            ...nothing,
            contact,
            outbox: queued.slice(at, at + 1),
          })),
        ),
      ),
    );
    await Promise.all(
      queued.map(({ id, contact }) =>
        store.settle([{ id, contact, result: { ...sent, keyboard: String(round) } }]),
      ),
    );
  }
  await store.close();
  const tables = await databases.postgres.run(
    "SELECT relname AS name, seq_tup_read::integer AS rows FROM pg_stat_user_tables WHERE relname IN ('contacts', 'inbox', 'lookups', 'outbox')",
    database,
  );
  expect(tables).toHaveLength(4);
  // Each may have been looked over a few times while it was nearly empty.
  expect(tables.filter(({ rows }) => Number(rows) >= people * rounds)).toEqual([]);
});
