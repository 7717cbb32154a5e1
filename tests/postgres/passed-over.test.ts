import { Client } from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Tidings } from "../../src/app/ports-together.ts";
import { claimedIds, meet, queue, sent } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { type Databases, openAt, startDatabases } from "./place.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const clock = { now: () => noon };

it("messages are looked for again, in their order, where their person was locked at the look by somebody who tells nobody", async () => {
  const url = databases.postgres.url(await databases.make());
  const before = await openAt(url, { clock });
  const contact = await meet(before, "chat 1");
  const [first, second] = await queue(before, contact, {}, {});
  await before.close();
  const store = await openAt(url, { clock });
  const heard: Tidings[] = [];
  store.together.hear((tidings) => heard.push(tidings));
  const holder = new Client({ connectionString: url });
  await holder.connect();
  await holder.query(`BEGIN; SELECT 1 FROM contacts WHERE id = ${contact} FOR UPDATE`);
  expect(await claimedIds(store)).toEqual([]);
  await holder.query("ROLLBACK");
  await holder.end();
  await vi.waitFor(() => expect(heard).toEqual([{ kind: "waiting" }]), { timeout: 10_000 });
  expect(await claimedIds(store)).toEqual([first]);
  await store.settle([{ id: first ?? 0, contact, result: sent }]);
  expect(await claimedIds(store)).toEqual([second]);
  await store.close();
});
