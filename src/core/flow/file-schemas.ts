import { z } from "zod";
import { flowName, name } from "./name-schema.ts";

/** `commands.yaml`: what a person can say at any time. */
export const commandsSchema = z.strictObject({
  commands: z
    .record(
      name,
      z.discriminatedUnion("do", [
        z.strictObject({ do: z.literal("stop") }).describe("ends reminders, broadcasts and waits"),
        z.strictObject({ do: z.literal("back") }).describe("goes one question back"),
        z.strictObject({ do: z.literal("start-again") }).describe("begins the running flow again"),
        z.strictObject({ do: z.literal("continue") }).describe("shows the waiting question again"),
        z
          .strictObject({ do: z.literal("open"), flow: flowName.describe("the flow to open") })
          .describe("leaves everything and opens a flow"),
        z
          .strictObject({ do: z.literal("visit"), flow: flowName.describe("the flow to visit") })
          .describe("puts a flow on top; when it ends, the waiting question is shown again"),
      ]),
    )
    .describe("what people can say at any time, by name"),
  menu: z.array(name).describe("commands that the platforms' own menus show, in order"),
});

/** `red-flags.yaml`: read before any flow, in this order. */
export const redFlagsSchema = z.strictObject({
  flags: z
    .array(
      z.strictObject({
        id: name.describe("its words are in red-flags.json under this name"),
        urgent: z
          .boolean()
          .default(true)
          .describe("after an urgent one the waiting question is not shown again by itself"),
        "hand-over": z
          .boolean()
          .default(false)
          .describe("whether it opens a case in the organisation's inbox, and says so"),
      }),
    )
    .describe("the most urgent first"),
});

/** `locales/<language>/phrasings/<topic>.json`: how people ask, by entry. */
export const phrasingsSchema = z.record(name, z.array(z.string().trim().min(1)));

/** `locales/<language>/concepts.json`: words and phrases that mean nearly the same, by concept. */
export const conceptsSchema = z.record(name, z.array(z.string().trim().min(1)));

/** `faq/<topic>.yaml`. */
export const faqSchema = z.strictObject({
  entries: z
    .array(
      z.strictObject({
        id: name.describe("its words are in faq/<topic>.json under this name"),
        facts: z.array(name).default([]).describe("the facts that the answer rests on"),
        sources: z.array(name).min(1).describe("where it comes from"),
        related: z.array(name).default([]).describe("entries offered under the answer"),
        "part-of": name
          .optional()
          .describe(
            "the entry that this one is a part of: free text finds that one first, and looks inside it",
          ),
        offers: flowName.optional().describe("a flow that the answer offers to open"),
      }),
    )
    .describe("questions and answers, in the order of their list"),
});

/** `reminders/<kind>.yaml`: a kind of date, and when to speak of it. */
export const reminderSchema = z.strictObject({
  ladder: z
    .array(z.int())
    .min(1)
    .optional()
    .describe("days before the date (0 the day itself, -1 the day after), falling; not for recurring kinds"),
  every: z
    .strictObject({ days: z.int().min(1).max(365).describe("how many days lie between two") })
    .optional()
    .describe("for a recurring kind, instead of a ladder"),
  hours: z
    .tuple([z.int().min(0).max(23), z.int().min(1).max(24)])
    .default([9, 20])
    .describe("the person's own hours in which it may come: from the first, before the second"),
  snooze: z
    .strictObject({ days: z.int().min(1).max(30).describe("how many days") })
    .default({ days: 3 })
    .describe('how far "later" puts it off'),
  change: flowName
    .optional()
    .describe(
      "the flow that changes the date; it finds the reminder in its answer `which`; without it, a date is stopped and set anew",
    ),
  after: z
    .union([
      z.strictObject({ days: z.int().min(1).describe("how many days later") }),
      z.strictObject({ years: z.int().min(1).describe("how many years later") }),
    ])
    .optional()
    .describe("the person gives the day of an event; the date to remind of is that much later"),
  words: name
    .optional()
    .describe("the file of words that its nudges share with other kinds; `about` stays its own"),
});

/** `templates.yaml`: WhatsApp templates for messages outside the 24-hour window. */
export const templatesSchema = z.strictObject({
  templates: z
    .record(
      name,
      z.strictObject({
        category: z.enum(["utility"]).describe("what WhatsApp files it under"),
        variables: z.array(name).max(5).default([]).describe("the names of {{1}}, {{2}} … in this order"),
      }),
    )
    .describe("templates by name; their words are in templates.json"),
});

const civil = z.iso.date();

/** `facts.yaml`: every figure and legal statement, dated. */
export const factsSchema = z.strictObject({
  facts: z
    .record(
      name,
      z.strictObject({
        say: z
          .enum(["ok", "check", "hold", "hist"])
          .describe("whether it may be said: as it is, with its date, not as current law, or as the past"),
        volatility: z.enum(["high", "medium", "low"]).describe("how soon it is likely to change"),
        value: z
          .union([z.number(), z.string(), z.record(name, z.number())])
          .optional()
          .describe("the figure in its sentence; several by name where one sentence states them together"),
        unit: z
          .enum(["usd", "days", "date", "count", "percent"])
          .optional()
          .describe("how the value is written; plain text when not said"),
        "as-of": civil.describe("the day that the source speaks of"),
        "checked-on": civil.describe("the day on which someone looked at the source"),
        "review-by": civil.describe("the first day on which the value may no longer be shown (for `check`)"),
        source: name.describe("where it comes from, a name in sources.yaml"),
      }),
    )
    .describe("figures and legal statements by name; their sentences are in facts.json"),
});

/** `sources.yaml`: where facts come from. */
export const sourcesSchema = z.strictObject({
  sources: z
    .record(
      name,
      z.strictObject({
        name: z.string().describe("what people see it called"),
        url: z.url({ protocol: /^https$/ }).describe("the page that people are sent to"),
        kind: z.enum(["official", "secondary", "help"]).describe("whose page it is"),
      }),
    )
    .describe("pages by name"),
});

export type CommandsSource = z.infer<typeof commandsSchema>;
export type ReminderSource = z.infer<typeof reminderSchema>;
export type FactsSource = z.infer<typeof factsSchema>;
export type SourcesSource = z.infer<typeof sourcesSchema>;
export type TemplatesSource = z.infer<typeof templatesSchema>;
