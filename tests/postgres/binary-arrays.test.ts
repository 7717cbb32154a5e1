import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/store/postgres/connection.ts";
import { silent } from "../logs.ts";
import { type RealPostgres, startPostgres } from "./real-postgres.ts";

let postgres: RealPostgres;
let db: Database;
beforeAll(async () => {
  postgres = await startPostgres();
  db = openDatabase(postgres.url("postgres"), silent);
});
afterAll(async () => {
  await db.end();
  await postgres.stop();
});

/** What the server reads in an array of a type, element by element. */
async function readBack(type: string, values: readonly unknown[]): Promise<readonly unknown[]> {
  const text = `SELECT value FROM unnest($1::${type}[]) WITH ORDINALITY AS t (value, place) ORDER BY place`;
  const { rows } = await db.read({ name: `read-back-${type}`, text }, [values]);
  return rows.map(({ value }) => value);
}

const whole = (least: number, most: number) => fc.integer({ min: least, max: most });
// PostgreSQL has no NUL in a text.
const text = fc.string({ unit: "grapheme", maxLength: 40 }).map((one) => one.replaceAll("\0", ""));
const dari = fc.constantFrom("پرواز", 'با "نقل", {قوس} و \\ ', "NULL", "", "\u200c");
const types = [
  { type: "smallint", element: whole(-(2 ** 15), 2 ** 15 - 1) },
  { type: "integer", element: whole(-(2 ** 31), 2 ** 31 - 1) },
  {
    type: "bigint",
    element: fc.oneof(
      fc.maxSafeInteger(),
      fc.constantFrom(0, -1, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
    ),
  },
  { type: "boolean", element: fc.boolean() },
  { type: "text", element: fc.oneof(text, dari) },
  { type: "bytea", element: fc.uint8Array({ maxLength: 200 }) },
];

describe("arrays that go to PostgreSQL in binary", () => {
  it.each(types)("$type: are read as they were, nulls too", async ({ type, element }) => {
    const values = fc.array(fc.option<unknown>(element), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(values, async (all) => {
        expect(await readBack(type, all)).toEqual(all);
      }),
      { numRuns: 60 },
    );
  });

  it("undefined is NULL, a bigint may be one of JavaScript's, and an array may be large", async () => {
    expect(await readBack("text", [undefined, "a"])).toEqual([null, "a"]);
    expect(await readBack("bigint", [-(2n ** 53n), 1n])).toEqual([-(2 ** 53), 1]);
    const bytes = new Uint8Array(3_000_000).fill(7);
    const [first, second] = await readBack("bytea", [bytes, new Uint8Array(1)]);
    expect([first, second]).toEqual([bytes, new Uint8Array(1)]);
  });

  it.each([
    { type: "bigint", value: 1.5 },
    { type: "bigint", value: 2 ** 53 },
    { type: "bigint", value: "1" },
    { type: "smallint", value: 2 ** 15 },
    { type: "text", value: 1 },
    { type: "bytea", value: "text" },
    { type: "boolean", value: 1 },
  ])("$type: refuses $value, and the next statement works", async ({ type, value }) => {
    await expect(readBack(type, [value])).rejects.toThrow();
    expect(await readBack("text", ["still here"])).toEqual(["still here"]);
  });
});
