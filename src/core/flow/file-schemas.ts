import { z } from "zod";
import { flowName, name } from "./name-schema.ts";

/** `commands.yaml`: what a person can say at any time. */
export const commandsSchema = z.strictObject({
  commands: z.record(
    name,
    z.discriminatedUnion("do", [
      /** End reminders, broadcasts and waits; confirm. */
      z.strictObject({ do: z.literal("stop") }),
      /** One step back; begin the running flow again; show the waiting question again. */
      z.strictObject({ do: z.literal("back") }),
      z.strictObject({ do: z.literal("start-again") }),
      z.strictObject({ do: z.literal("continue") }),
      /** Leave everything and open a flow. */
      z.strictObject({ do: z.literal("open"), flow: flowName }),
      /** Put a flow on top; when it ends, the waiting question is shown again. */
      z.strictObject({ do: z.literal("visit"), flow: flowName }),
    ]),
  ),
  /** Commands that the platforms' own menus show, in order. */
  menu: z.array(name),
});

/** `red-flags.yaml`: read before any flow, in this order. */
export const redFlagsSchema = z.strictObject({
  flags: z.array(z.strictObject({ id: name, urgent: z.boolean().default(true) })),
});

/** `locales/<language>/phrasings/<topic>.json`: how people ask, by entry. */
export const phrasingsSchema = z.record(name, z.array(z.string().trim().min(1)));

/** `faq/<topic>.yaml`. */
export const faqSchema = z.strictObject({
  entries: z.array(
    z.strictObject({
      id: name,
      facts: z.array(name).default([]),
      sources: z.array(name).min(1),
      related: z.array(name).default([]),
      /** The entry that this one is a part of: free text finds that one first, and looks for the part inside it. */
      "part-of": name.optional(),
      /** A flow that the answer offers to open. */
      offers: flowName.optional(),
    }),
  ),
});

/** `reminders/<kind>.yaml`: a kind of date, and when to speak of it. */
export const reminderSchema = z.strictObject({
  /** Days before the date (0 = on the day, -1 = the day after), falling. Not for recurring kinds. */
  ladder: z.array(z.int()).min(1).optional(),
  /** A recurring kind: every so many days from the day it was set. */
  every: z.strictObject({ days: z.int().min(1).max(365) }).optional(),
  /** Local hours in which a nudge may go: from the first, before the second. */
  hours: z.tuple([z.int().min(0).max(23), z.int().min(1).max(24)]).default([9, 20]),
  /** How far a "later" puts it off. */
  snooze: z.strictObject({ days: z.int().min(1).max(30) }).default({ days: 3 }),
  /** The flow that changes the date; the reminder's number is its answer `which`. */
  change: flowName.optional(),
});

/** `templates.yaml`: WhatsApp templates for messages outside the 24-hour window. */
export const templatesSchema = z.strictObject({
  templates: z.record(
    name,
    z.strictObject({
      category: z.enum(["utility"]),
      /** Names of the variables, in the order {{1}}, {{2}} … */
      variables: z.array(name).max(5).default([]),
      /** The code WhatsApp knows each language by. */
      languages: z.record(z.string(), z.string()),
    }),
  ),
});

const civil = z.iso.date();

/** `facts.yaml`: every figure and legal statement, dated. */
export const factsSchema = z.strictObject({
  facts: z.record(
    name,
    z.strictObject({
      say: z.enum(["ok", "check", "hold", "hist"]),
      volatility: z.enum(["high", "medium", "low"]),
      value: z.union([z.number(), z.string()]).optional(),
      /** How the value is written: dollars, days, a civil date, a count; plain text when absent. */
      unit: z.enum(["usd", "days", "date", "count", "percent"]).optional(),
      "as-of": civil,
      "checked-on": civil,
      /** The first day on which the value may no longer be shown (for `check`). */
      "review-by": civil,
      source: name,
    }),
  ),
});

/** `sources.yaml`: where facts come from; `url` is the official page people are sent to. */
export const sourcesSchema = z.strictObject({
  sources: z.record(
    name,
    z.strictObject({
      name: z.string(),
      url: z.url({ protocol: /^https$/ }),
      kind: z.enum(["official", "secondary", "help"]),
    }),
  ),
});

export type CommandsSource = z.infer<typeof commandsSchema>;
export type ReminderSource = z.infer<typeof reminderSchema>;
export type FactsSource = z.infer<typeof factsSchema>;
export type SourcesSource = z.infer<typeof sourcesSchema>;
export type TemplatesSource = z.infer<typeof templatesSchema>;
