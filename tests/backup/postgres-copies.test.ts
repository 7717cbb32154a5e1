import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listingPeople } from "../../src/app/list-people.ts";
import { change, meet } from "../contract/store/store-data.ts";
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
