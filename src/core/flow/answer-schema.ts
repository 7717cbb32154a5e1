import { z } from "zod";
import { name } from "./name-schema.ts";

/** An option: its id is also its value, or the value is given (`kabul: Asia/Kabul`). */
const options = z
  .union([z.array(name).min(2).max(30), z.record(name, z.string())], {
    error: "write a list of names, `[a, b]`, or each with its value in letters, `{ kabul: Asia/Kabul }`",
  })
  .describe("the options in order; or each with the value it stands for, like `kabul: Asia/Kabul`");

/** Lists that are known only while talking: what a person may pick from. */
const optionSources = ["languages", "reminders", "dates", "topics", "subscriptions"] as const;
const optionsFrom = z.union([z.enum(optionSources), z.templateLiteral(["faq/", z.string()])], {
  error: `write one of ${optionSources.join(", ")}, or \`faq/<topic>\``,
});

const yesNo = z.strictObject({ kind: z.literal("yes-no") }).describe("yes or no");
const choice = z
  .strictObject({
    kind: z.literal("choice"),
    options: options.optional(),
    typed: z
      .record(name, z.string(), {
        error: "write each with its value in letters, `{ denver: America/Denver }`",
      })
      .optional()
      .describe("more options, without a button: taken when their words are written; each with its value"),
    from: optionsFrom.optional().describe("a list that is known only while talking, instead of options"),
  })
  .describe("one of some options");
const several = z.strictObject({ kind: z.literal("several"), options }).describe("any number of the options");
const daysFromToday = z.int().min(-36_525).max(36_525);
const date = z
  .strictObject({
    kind: z.literal("date"),
    earliest: daysFromToday.optional().describe("days from today: an earlier date is read back with a doubt"),
    latest: daysFromToday.optional().describe("days from today: a later date is read back with a doubt"),
  })
  .describe("a day, in either calendar; always read back");
const number = z
  .strictObject({
    kind: z.literal("number"),
    least: z.number().optional().describe("nothing less is taken (0 when not said)"),
    most: z.number().optional().describe("nothing more is taken"),
  })
  .describe("a number");
const money = z
  .strictObject({ kind: z.literal("money"), most: z.number().optional().describe("nothing more is taken") })
  .describe("an amount in U.S. dollars");
const text = z
  .strictObject({
    kind: z.literal("text"),
    most: z.int().min(1).max(1000).default(200).describe("the longest text, in characters"),
  })
  .describe("whatever the person writes");
const country = z.strictObject({ kind: z.literal("country") }).describe("a country by its name");
const phone = z
  .strictObject({ kind: z.literal("phone") })
  .describe("a phone number with its country code; always read back");
const receiptNumber = z
  .strictObject({ kind: z.literal("receipt-number") })
  .describe("a case's receipt number; always read back, and hidden everywhere else");

export const answerSpec = z.discriminatedUnion("kind", [
  yesNo,
  choice,
  several,
  date,
  number,
  money,
  text,
  country,
  phone,
  receiptNumber,
]);

export type AnswerSpec = z.infer<typeof answerSpec>;
export type AnswerKind = AnswerSpec["kind"];
export type AnswerOf<K extends AnswerKind> = Extract<AnswerSpec, { kind: K }>;
export type OptionSource = z.infer<typeof optionsFrom>;
