import { z } from "zod";

/**
 * Conditions are structured data, so that they can be analysed: `{ where: in-us, parole-ends: { within: 180 } }`.
 * All of a condition's lines must hold. A name is an answer of this flow, `<flow>.<answer>` for another flow's, or
 * `person.reminders`, `person.subscriptions`, `person.topics` (counts), `person.time-zone` (kept value).
 */
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const dayOrName = z.union([z.literal("today"), z.string()]);

const test = z.union([
  scalar,
  z.strictObject({ "one-of": z.array(scalar).min(1) }),
  z.strictObject({ before: dayOrName }),
  z.strictObject({ after: dayOrName }),
  /** From today up to that many days ahead (today included). */
  z.strictObject({ within: z.int().min(0) }),
  /** More than that many days before today. */
  z.strictObject({ "older-than": z.int().min(0) }),
  z.strictObject({ "less-than": z.number() }),
  z.strictObject({ "at-least": z.number() }),
  z.strictObject({ answered: z.boolean() }),
]);

export type Test = z.infer<typeof test>;
export type Condition = { readonly [key: string]: Test | readonly Condition[] | Condition };

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.record(z.string(), z.unknown()).pipe(
    z.object({ any: z.array(condition).min(1).optional(), not: condition.optional() }).catchall(test),
  ),
) as unknown as z.ZodType<Condition>;
