import { afterAll, beforeAll } from "vitest";
import { type Databases, postgresPlace, startDatabases } from "../../postgres/place.ts";
import { storeContract } from "./store-contract.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

storeContract("the PostgreSQL store", () => postgresPlace(databases));
