import { afterAll, beforeAll, expect, it } from "vitest";
import { crashRun } from "./crash-run.ts";
import { type Databases, startDatabases } from "./place.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

/** How many blows; the bench asks for more. */
const blows = Number(process.env["BLOWS"] ?? 4);
const seed = Number(process.env["SEED"] ?? 20_261_122);

it("three processes on one database, one after another struck: nothing is lost, nothing doubled, order is kept", {
  timeout: 120_000 + blows * 30_000,
}, async () => {
  const report = await crashRun({ databases, processes: 3, blows, seed });
  expect(report.violations).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(40 * blows);
});
