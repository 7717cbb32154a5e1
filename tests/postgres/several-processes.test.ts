import { afterAll, beforeAll, expect, it } from "vitest";
import { crashRun } from "./crash-run.ts";
import { type Databases, startDatabases } from "./place.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

it("three processes on one database, one after another struck: nothing is lost, nothing doubled, order is kept", {
  timeout: 240_000,
}, async () => {
  const report = await crashRun({ databases, processes: 3, blows: 4, seed: 20_261_122 });
  expect(report.violations).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(150);
});
