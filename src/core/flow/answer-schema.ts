import { z } from "zod";
import { name } from "./name-schema.ts";

/** An option: its id is also its value, or the value is given (`kabul: Asia/Kabul`). */
const options = z.union([z.array(name).min(2).max(30), z.record(name, z.string())]);

/** Lists that are known only while talking: what a person may pick from. */
const optionSources = ["languages", "reminders", "dates", "topics", "subscriptions"] as const;
const optionsFrom = z.union([z.enum(optionSources), z.templateLiteral(["faq/", z.string()])]);

const yesNo = z.strictObject({ kind: z.literal("yes-no") });
const choice = z.strictObject({
  kind: z.literal("choice"),
  options: options.optional(),
  from: optionsFrom.optional(),
});
const several = z.strictObject({ kind: z.literal("several"), options });
/** `latest`/`earliest` are days from today: outside them the date is read back with a doubt, not refused. */
const date = z.strictObject({
  kind: z.literal("date"),
  earliest: z.int().optional(),
  latest: z.int().optional(),
});
const number = z.strictObject({
  kind: z.literal("number"),
  least: z.number().optional(),
  most: z.number().optional(),
});
const money = z.strictObject({ kind: z.literal("money"), most: z.number().optional() });
const text = z.strictObject({ kind: z.literal("text"), most: z.int().min(1).max(1000).default(200) });
const country = z.strictObject({ kind: z.literal("country") });
const phone = z.strictObject({ kind: z.literal("phone") });
const receiptNumber = z.strictObject({ kind: z.literal("receipt-number") });

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
