import { z } from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const test = z.union([
  scalar,
  z.strictObject({ "one-of": z.array(scalar).min(1) }),
  /** A date before (after) `today`, a civil date, or another answer. */
  z.strictObject({ before: z.string() }),
  z.strictObject({ after: z.string() }),
  /** From today up to that many days ahead (today included). */
  z.strictObject({ within: z.int().min(0) }),
  /** More than that many days before today. */
  z.strictObject({ "older-than": z.int().min(0) }),
  z.strictObject({ "less-than": z.number() }),
  z.strictObject({ "at-least": z.number() }),
  z.strictObject({ answered: z.boolean() }),
]);

export type Test = z.infer<typeof test>;

/**
 * Conditions are structured data, so that they can be analysed: `{ where: in-us, parole-ends: { within: 180 } }`.
 * All of a condition's lines must hold. A name is an answer of this flow, `<flow>.<answer>` for another flow's, or
 * `person.reminders`, `person.subscriptions`, `person.topics` (counts), `person.time-zone` (kept value);
 * `any` holds when one of its conditions does, `not` when its condition does not.
 */
export type Condition = { readonly [name: string]: Test | Condition | readonly Condition[] };

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z
    .record(z.string(), z.union([test, z.array(condition).min(1), condition]))
    .superRefine((lines, context) => {
      for (const [name, line] of Object.entries(lines)) {
        if (shapeOf(line) !== shapeUnder(name))
          context.addIssue({ code: "custom", path: [name], message: wrongShape });
      }
    }),
);

const wrongShape =
  "not a test (a value, one-of, before, after, within, older-than, less-than, at-least, answered); a list only under `any`, a condition only under `not`";

type Shape = "any" | "not" | "test";

function shapeOf(line: Condition[string]): Shape {
  if (Array.isArray(line)) return "any";
  return test.safeParse(line).success ? "test" : "not";
}

function shapeUnder(name: string): Shape {
  return name === "any" || name === "not" ? name : "test";
}
