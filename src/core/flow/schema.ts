import { z } from "zod";
import { answerSpec } from "./answer-schema.ts";
import { condition } from "./condition-schema.ts";
import { renamed, retired } from "./moves-schema.ts";
import { flowName, name } from "./name-schema.ts";

/** An answer of the same flow: its step's name, or `<step>.<result>` for what a `call` or `repeat` gave. */
const answerName = z
  .string()
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)?$/,
    "name an answer of this flow, like `born` or `children.count`",
  );

/** Where a step's value comes from: an earlier answer's name, or a fixed value. */
const from = z.union(
  [
    z.strictObject({ answer: answerName.describe("the value that was answered there") }),
    z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]).describe("always this value") }),
  ],
  {
    error: "write `{ answer: <name> }` for an earlier answer, or `{ value: … }` for what is always the same",
  },
);
const next = name.describe("the step that follows");
const given = z.record(name, from).optional().describe("what the flow's `params` are");

const say = z.strictObject({ kind: z.literal("say"), next }).describe("tells something");

const ask = z
  .strictObject({
    kind: z.literal("ask"),
    answer: answerSpec.describe("what kind of answer it takes"),
    unsure: z.boolean().default(false).describe('offers "I don\'t know" and "I\'d rather not say"'),
    keep: z
      .enum(["language", "time-zone"])
      .optional()
      .describe("keeps the value with the person, beyond this conversation"),
    adds: z
      .record(z.string(), name)
      .optional()
      .describe("outcomes that an answer adds to those gathered; `unsure` stands for both no-answers"),
    nav: z.array(name).optional().describe("commands offered under the question"),
    wait: z
      .strictObject({
        days: z.int().min(1).max(90).describe("how many days"),
        next: name.optional().describe("where to go then; without it the conversation rests"),
      })
      .optional()
      .describe("how long to wait for the answer (30 days when not said)"),
    next: z
      .union([name, z.record(z.string(), name)], {
        error: 'write the name of the step that follows, or one for each answer: `{ "yes": …, "no": … }`',
      })
      .describe("the step that follows, or one for each answer (`unsure`, `otherwise`)"),
  })
  .describe("asks a question and waits for the answer");

const decide = z
  .strictObject({
    kind: z.literal("decide"),
    table: z
      .array(z.strictObject({ when: condition.describe("all lines must hold"), next }))
      .min(1)
      .max(100)
      .describe("read from the top: the first row that holds is taken"),
    otherwise: name.optional().describe("the step that follows when no row holds"),
  })
  .describe("goes on by what is known");

const call = z
  .strictObject({
    kind: z.literal("call"),
    flow: flowName.describe("the flow to run"),
    with: given,
    next: name.optional().describe("where to go on; without it the called flow takes this one's place"),
  })
  .describe("runs another flow, then goes on");

/** How many rounds a `repeat` may ever have. */
const mostRounds = 20;

const repeat = z
  .strictObject({
    kind: z.literal("repeat"),
    flow: flowName.describe("the flow to run in each round"),
    times: from.optional().describe("how many rounds: a number that was answered, or a fixed one"),
    again: name.optional().describe("a yes-no result of the flow: another round follows while it is yes"),
    most: z.int().min(1).max(mostRounds).default(10).describe("never more rounds than this"),
    with: given,
    next,
  })
  .describe("runs a flow several times, for instance once for each child");

const set = z
  .strictObject({ kind: z.literal("set"), values: z.record(name, from).describe("value by name"), next })
  .describe("writes values that later steps can read");

const remind = z
  .strictObject({
    kind: z.literal("remind"),
    do: z.enum(["set", "change", "stop", "about", "list"]),
    reminder: z
      .union([name, z.strictObject({ answer: name.describe("the answer that holds the kind") })], {
        error:
          "write the name of a file in flows/reminders/, or `{ answer: <name> }` for an answer that names it",
      })
      .optional()
      .describe("the kind of date, a file in reminders/, or the answer that names it (for `set`, `about`)"),
    which: name.optional().describe("the answer that holds which reminder is meant (for `change`, `stop`)"),
    date: name.optional().describe("the answer that holds the date (not for recurring kinds)"),
    label: name.optional().describe("the answer that holds whose date it is"),
    full: name
      .optional()
      .describe("for `set`: the step that follows where the person has no room for another, and was told so"),
    next,
  })
  .describe("sets, changes or stops a reminder, tells what a kind is about, or all that are saved");

const subscribe = z
  .strictObject({
    kind: z.literal("subscribe"),
    do: z.enum(["join", "leave"]),
    topic: from.describe("which topic"),
    next,
  })
  .describe("joins or leaves a topic");

/**
 * Adds an outcome to those gathered (`show: later`), shows one now, or shows all that were gathered: as the result page,
 * as a message to pass on (`share`, without answers), or what was answered (`summary`).
 */
const outcome = z
  .strictObject({
    kind: z.literal("outcome"),
    outcome: name.optional().describe("one of the flow's outcomes (for `now` and `later`)"),
    show: z
      .enum(["now", "later", "gathered", "share", "summary"])
      .describe(
        "now, on a later page, the page of all gathered, that page to pass on, or a page of the answers",
      ),
    next,
  })
  .describe("a result of a screening");

const handOver = z
  .strictObject({
    kind: z.literal("hand-over"),
    reason: name.describe("why: the organisation sees it"),
    next,
  })
  .describe("opens a case for a person to look at");
const forget = z.strictObject({ kind: z.literal("forget") }).describe("deletes the person");
const faq = z
  .strictObject({
    kind: z.literal("faq"),
    entry: name.describe("the answer that holds which question was picked"),
    next,
  })
  .describe("shows the answer to a picked question");
/** Ends this flow; `then: menu` leaves every flow and shows the menu, without it the calling flow goes on. */
const end = z
  .strictObject({
    kind: z.literal("end"),
    then: z.enum(["menu"]).optional().describe("leave every flow and show the menu"),
  })
  .describe("ends the flow: whoever called it goes on");

export const stepSchema = z.discriminatedUnion("kind", [
  say,
  ask,
  decide,
  call,
  repeat,
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

/** What a flow has to be told by whoever calls it; declared like a question. */
const param = z.strictObject({
  answer: answerSpec.describe("what kind of value it is"),
  unsure: z.boolean().default(false).describe('whether it may be "I don\'t know" or "I\'d rather not say"'),
});

/** What the flow's author promises of it, and `parwana check` proves for every conversation that can come about. */
const promise = z.strictObject({
  monotone: z
    .strictObject({
      of: name.describe("a question of this flow"),
      order: z.array(name).min(2).describe("its answers, from the least to the most, for instance of danger"),
      "never-lowers": z
        .literal("urgency")
        .describe("what never gets less with more of it: the level of the most urgent result"),
    })
    .describe("more of one thing never leads to less of another"),
});

export const flowSchema = z.strictObject({
  start: name.describe("the step to begin with"),
  nav: z
    .array(name)
    .default(["back", "menu"])
    .describe("commands offered under each question that does not say otherwise"),
  "start-again": flowName
    .optional()
    .describe('the flow that "start again" begins here, where that is not this one'),
  params: z.record(name, param).default({}).describe("what a caller has to give this flow"),
  results: z.array(name).default([]).describe("answers of this flow that its caller can read"),
  outcomes: z
    .record(
      name,
      z.strictObject({
        level: z.enum(outcomeLevels).describe("the heading it stands under on a result page"),
        offers: name.optional().describe("a topic that can be joined with one tap"),
      }),
    )
    .default({})
    .describe("what the flow can come to"),
  renamed,
  retired,
  promises: z.array(promise).default([]).describe("what is proved of this flow by `parwana check`"),
  steps: z.record(name, stepSchema).describe("the steps by their names"),
});

export type StepSource = z.infer<typeof stepSchema>;
export type FlowSource = z.infer<typeof flowSchema>;
export type StepKind = StepSource["kind"];
export type StepOf<K extends StepKind> = Extract<StepSource, { kind: K }>;
export type OutcomeLevel = (typeof outcomeLevels)[number];
export type ValueFrom = z.infer<typeof from>;
export type PromiseSource = z.infer<typeof promise>;
export type ParamSource = z.infer<typeof param>;
