import { z } from "zod";
import { answerSpec } from "./answer-schema.ts";
import { condition } from "./condition-schema.ts";
import { flowName, name } from "./name-schema.ts";

/** Where a step's value comes from: an earlier answer's name, or a fixed value. */
const from = z.union([
  z.strictObject({ answer: name }),
  z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]) }),
]);
const next = name;

const say = z.strictObject({ kind: z.literal("say"), next });

const ask = z.strictObject({
  kind: z.literal("ask"),
  answer: answerSpec,
  /** Offer "I don't know" and "I'd rather not say". */
  unsure: z.boolean().default(false),
  /** Keep the value with the person, beyond this conversation. */
  keep: z.enum(["language", "time-zone"]).optional(),
  /** Outcomes that an answer adds to those gathered; `unsure` stands for both no-answers. */
  adds: z.record(z.string(), name).optional(),
  /** Ways out offered under the question; the commands' names. */
  nav: z.array(name).optional(),
  /** How long to wait for the answer, and where to go then (without `next`: the conversation rests, answers are dropped). */
  wait: z.strictObject({ days: z.int().min(1).max(90), next: name.optional() }).optional(),
  /** One step, or one for each answer (`unsure` for both no-answers, `otherwise` for the rest). */
  next: z.union([name, z.record(z.string(), name)]),
});

const decide = z.strictObject({
  kind: z.literal("decide"),
  table: z
    .array(z.strictObject({ when: condition, next }))
    .min(1)
    .max(100),
  otherwise: name.optional(),
});

const call = z.strictObject({ kind: z.literal("call"), flow: flowName, next: name.optional() });

const set = z.strictObject({ kind: z.literal("set"), values: z.record(name, from), next });

const remind = z.strictObject({
  kind: z.literal("remind"),
  do: z.enum(["set", "change", "stop"]),
  /** The kind of date, a file in `reminders/` (for `set`). */
  reminder: name.optional(),
  /** The answer that holds which reminder is meant (for `change` and `stop`). */
  which: name.optional(),
  /** The answer that holds the date (not for recurring kinds). */
  date: name.optional(),
  /** The answer that holds whose date it is. */
  label: name.optional(),
  next,
});

const subscribe = z.strictObject({
  kind: z.literal("subscribe"),
  do: z.enum(["join", "leave"]),
  topic: from,
  next,
});

/** Adds an outcome to those gathered (`show: later`), shows one now, or shows all that were gathered. */
const outcome = z.strictObject({
  kind: z.literal("outcome"),
  outcome: name.optional(),
  show: z.enum(["now", "later", "gathered"]),
  next,
});

const handOver = z.strictObject({ kind: z.literal("hand-over"), reason: name, next });
const forget = z.strictObject({ kind: z.literal("forget") });
const faq = z.strictObject({ kind: z.literal("faq"), entry: name, next });
/** Ends this flow; `then: menu` leaves every flow and shows the menu, without it the calling flow goes on. */
const end = z.strictObject({ kind: z.literal("end"), then: z.enum(["menu"]).optional() });

export const stepSchema = z.discriminatedUnion("kind", [
  say,
  ask,
  decide,
  call,
  set,
  remind,
  subscribe,
  outcome,
  handOver,
  forget,
  faq,
  end,
]);

/** How an outcome is worded and grouped on a result page; there is no "you qualify". */
export const outcomeLevels = ["lawyer-first", "worth-asking", "not-from-here", "closed"] as const;

export const flowSchema = z.strictObject({
  start: name,
  /** Ways out offered under each question of this flow that does not say otherwise; commands' names. */
  nav: z.array(name).default(["back", "menu"]),
  outcomes: z
    .record(name, z.strictObject({ level: z.enum(outcomeLevels), offers: name.optional() }))
    .default({}),
  steps: z.record(name, stepSchema),
});

export type StepSource = z.infer<typeof stepSchema>;
export type FlowSource = z.infer<typeof flowSchema>;
export type StepKind = StepSource["kind"];
export type StepOf<K extends StepKind> = Extract<StepSource, { kind: K }>;
export type OutcomeLevel = (typeof outcomeLevels)[number];
