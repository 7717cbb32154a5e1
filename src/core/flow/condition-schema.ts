import { z } from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** What a length of time is counted from, where that is not today. */
const days = z.int().min(0);
/** The one length of time that has no word for its unit beside it: `180d` says the same as `180`. */
const daysWithUnit = z
  .string()
  .regex(/^\d{1,5}d$/)
  .transform((text) => Number.parseInt(text, 10));
const daysFrom = z.union([
  days,
  daysWithUnit,
  z.strictObject({
    days: days.describe("how many days"),
    of: z.string().describe("counted from this: another answer's name, or a day such as 2026-01-31"),
  }),
]);
const date = "`today`, a day such as 2026-01-31, or another answer's name";

/** Tests of one value; all that are given must hold. */
const valueTests = {
  "one-of": z.array(scalar).min(1).optional().describe("the answer is one of these"),
  before: z.string().optional().describe(`the date is before ${date}`),
  after: z.string().optional().describe(`the date is after ${date}`),
  within: daysFrom
    .optional()
    .describe("the date is from today on, up to that many days ahead (today included)"),
  "older-than": daysFrom.optional().describe("the date is more than that many days before today"),
  "less-than": z.number().optional().describe("the number or amount is less than this"),
  "at-most": z.number().optional().describe("the number or amount is this or less"),
  "at-least": z.number().optional().describe("the number or amount is this or more"),
  "more-than": z.number().optional().describe("the number or amount is more than this"),
  answered: z.boolean().optional().describe("whether there is an answer (yes) or not (no)"),
};
const valueTest = z.union([scalar, z.strictObject(valueTests, { error: explain })], { error: explain });

/** Tests of a list: the picks of a `several`, what the rounds of a `repeat` gave. */
const listTests = {
  some: valueTest.optional().describe("at least one in the list is so"),
  every: valueTest.optional().describe("all in the list are so, and there is at least one"),
  count: z
    .strictObject({
      of: valueTest.optional().describe("count only those that are so (all when not said)"),
      "at-least": days.optional().describe("this many or more"),
      "at-most": days.optional().describe("this many or fewer"),
    })
    .optional()
    .describe("how many in the list (are so)"),
};

const allTests: Readonly<Record<string, z.ZodType>> = { ...valueTests, ...listTests };
/** The names of all tests. */
const testNames: readonly string[] = Object.keys(allTests);

const test = z.union([scalar, z.strictObject({ ...valueTests, ...listTests }, { error: explain })], {
  error: explain,
});

export type ValueTest = z.infer<typeof valueTest>;
export type Test = z.infer<typeof test>;
/** A test that is more than a value to equal. */
export type Tests = Extract<Test, object>;
export type DaysFrom = z.infer<typeof daysFrom>;

/**
 * Conditions are structured data, so that they can be analysed: `{ where: in-us, parole-ends: { within: 180 } }`.
 * All of a condition's lines must hold. A name is an answer of this flow, `<step>.<result>` for what a `call` or
 * `repeat` gave, `<flow>.<answer>` for another flow's, or `person.reminders`, `person.time-zone` …
 * `any` holds when one of its conditions does, `all` when all do, `not` when its condition does not.
 */
export type Condition = { readonly [name: string]: Test | Condition | readonly Condition[] };

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z
    .object({
      any: z.array(condition).min(1).optional().describe("one of these holds"),
      all: z.array(condition).min(1).optional().describe("all of these hold"),
      not: condition.optional().describe("this does not hold"),
    })
    .catchall(test)
    .refine(isFilled, "there is nothing in it that could hold or not"),
);

function isFilled(value: object): boolean {
  return Object.keys(value).length > 0;
}

function explain({ input }: { readonly input?: unknown }): string {
  if (Array.isArray(input)) return "a list stands only under `any`, `all` and `one-of`";
  const given = typeof input === "object" && input !== null ? Object.entries(input) : [];
  const wrong = given.find(([key]) => !testNames.includes(key))?.[0];
  if (wrong !== undefined) return `there is no test \`${wrong}\` (there are ${testNames.join(", ")})`;
  const misused = Object.entries(allTests).find(([name, schema]) =>
    given.some(([key, value]) => key === name && !schema.safeParse(value).success),
  )?.[0];
  return misused === undefined
    ? "not a test: write a value to equal, or tests such as `at-least: 3`"
    : `\`${misused}\` takes ${takes[misused] ?? "a number"}`;
}

/** What each test takes that does not take a number. */
const takes: Readonly<Record<string, string>> = {
  "one-of": "a list of values, like [a, b]",
  before: date,
  after: date,
  within: "a number of days, like 180 or 180d, or `{ days: 180, of: <answer> }`",
  "older-than": "a number of days, like 90 or 90d, or `{ days: 90, of: <answer> }`",
  answered: "true or false",
  some: "a value, or tests of one",
  every: "a value, or tests of one",
  count: "tests such as `{ at-least: 2 }`",
};
