import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { listingPeople } from "../../src/app/list-people.ts";
import { openStore } from "../../src/wiring/open-store.ts";
import { restoreDatabase } from "../../src/wiring/restore-store.ts";
import { newFolder } from "../contract/store/sqlite-place.ts";
import { change, meet } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { silent } from "../logs.ts";
import { type Databases, openAt, startDatabases } from "../postgres/place.ts";
import { copiesContract, listsOf, vault } from "./copies-contract.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

copiesContract("the PostgreSQL store", async () => {
  const name = await databases.make();
  return {
    open: (clock) => openAt(databases.postgres.url(name), { clock }),
    remove: () => databases.empty(name),
  };
});

describe("several processes on one database", () => {
  it("each keep the whole list, whoever of them carried an erasure out", async () => {
    const name = await databases.make();
    const lists = [listsOf(), listsOf()];
    const stores = await Promise.all(lists.map(() => openAt(databases.postgres.url(name))));
    const [here, there] = stores.map((store, at) => listingPeople(store, vault, lists[at] ?? listsOf()));
    if (here === undefined || there === undefined) throw new Error("two were opened");
    const [goes, stays] = [await meet(here, "1"), await meet(here, "2")];
    await change(here, stays, { drop: { lanes: ["bulk"], reason: "stopped" } });
    await change(here, goes, { forget: { tombstone: vault.tombstone(goes) } });
    await expect.poll(() => lists.map(({ all }) => all.size)).toEqual([1, 1]);
    expect(lists[1]?.all).toEqual(lists[0]?.all);
    await Promise.all(stores.map((store) => store.close()));
    await databases.empty(name);
  });
});

describe("a database put back from a dump", () => {
  it("is left as it is under a key that does not open it, and under none", async () => {
    const name = await databases.make();
    const databaseUrl = databases.postgres.url(name);
    const root = newFolder();
    onTestFinished(() => rmSync(root, { recursive: true }));
    const needs = (keys: { readonly masterKey?: string }) => ({
      config: {
        dataDir: join(root, "data"),
        keyFile: join(root, "parwana.key"),
        databaseUrl,
        masterKey: undefined,
        ...keys,
      },
      log: silent,
      clock: { now: () => noon },
    });
    const right = { masterKey: randomBytes(32).toString("base64") };
    await (await openStore(needs(right))).store.close();
    const meta = () => databases.postgres.run("SELECT key, value FROM meta ORDER BY key", name);
    const before = await meta();
    const wrong = { masterKey: randomBytes(32).toString("base64") };
    await expect(restoreDatabase(needs(wrong), databaseUrl)).rejects.toThrow(/does not open this store/);
    await expect(restoreDatabase(needs({}), databaseUrl)).rejects.toThrow(/there is no key file/);
    expect(await meta()).toEqual(before);
    expect(existsSync(join(root, "parwana.key"))).toBe(false);
    expect(await restoreDatabase(needs(right), databaseUrl)).toMatchObject({ ended: { replies: 0 } });
    await databases.empty(name);
  });
});
