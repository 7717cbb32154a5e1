import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { addDays, fromEpochDay } from "../../src/core/dates/civil-date.ts";
import type { Program } from "../../src/core/flow/program.ts";
import { day } from "../../src/core/nouns/time.ts";
import { shippedContent } from "../core/shipped.ts";
import { type Talk, talkAt } from "../core/talk.ts";

const value = z.union([z.string(), z.int()]);
const tableSchema = z.strictObject({
  flow: z.string(),
  /** Its first question. */
  begins: z.string(),
  otherwise: z.record(z.string(), value),
  rows: z.array(
    z.strictObject({
      person: z.string(),
      answers: z.record(z.string(), value),
      outcomes: z.array(z.string()),
      leads: z.string().optional(),
    }),
  ),
});
type Table = z.infer<typeof tableSchema>;
type Row = Table["rows"][number];

/** A day in the middle of no month's end; nothing here depends on when the test runs. */
const now = Date.parse("2026-11-23T10:00:00Z");
const today = fromEpochDay(Math.floor(now / day));
const { program } = shippedContent();

function tableOf(name: string): Table {
  return tableSchema.parse(parse(readFileSync(join(import.meta.dirname, `${name}.yaml`), "utf8")));
}

/** Which steps a walk reached and which outcomes it was shown, and where it went after the flow's own questions. */
type Walk = {
  readonly steps: ReadonlySet<string>;
  readonly outcomes: readonly string[];
  readonly leads: string;
};

function walk({ flow, begins, otherwise }: Table, answers: Row["answers"]): Walk {
  const talk = talkAt(program, now, "en", `${flow}:${begins}`);
  const steps = new Set<string>();
  const shown: string[] = [];
  const note = () => {
    for (const effect of talk.effects)
      if (effect.kind === "count" && effect.name.startsWith(`outcome ${flow} `))
        shown.push(effect.name.slice(`outcome ${flow} `.length));
  };
  note();
  for (let turn = 0; turn < 80; turn++) {
    const [at = "", step = ""] = (talk.place ?? "").split(":");
    const answer = at === flow ? (answers[step] ?? otherwise[step]) : undefined;
    if (answer === undefined)
      return { steps, outcomes: shown, leads: at === "menu" || at === "" ? "stop" : at };
    steps.add(step);
    give(talk, answer, note);
  }
  throw new Error(`the questions of ${flow} don't end`);
}

function give(talk: Talk, answer: string | number, note: () => void): void {
  if (typeof answer === "string") talk.tap(answer);
  else {
    talk.say(addDays(today, answer));
    talk.tap("yes");
  }
  note();
}

/** Every outcome of a flow, and every question of it, by the program. */
function outcomesOf(flow: string, { flows }: Program): readonly string[] {
  return [...(flows.get(flow)?.outcomes.keys() ?? [])];
}

function questionsOf(flow: string, { steps }: Program): readonly string[] {
  return [...steps.values()]
    .filter(({ inFlow, kind }) => inFlow === flow && kind === "ask")
    .map(({ id }) => id);
}

/** How many questions and outcomes each flow has: a reviewer can count them in the legal notes. */
const counts = {
  start: { questions: 7, outcomes: 17 },
  "outside-us": { questions: 17, outcomes: 36 },
  "in-us": { questions: 15, outcomes: 39 },
} as const;

/** Questions about saving a date come after the result and lead to no outcome. */
const afterwards = ["save-i94", "save-card", "save-year"];

describe.each(["start", "outside-us", "in-us"] as const)("the hand-worked table of screening/%s", (name) => {
  const table = tableOf(name);
  const walks = table.rows.map((row) => walk(table, row.answers));

  test.each(table.rows.map((row, at) => [row.person, row, at] as const))("%s", (_, row, at) => {
    expect(walks[at]?.outcomes.toSorted()).toEqual(row.outcomes.toSorted());
    if (row.leads !== undefined) expect(walks[at]?.leads).toBe(row.leads);
  });

  test("has at least 25 rows, no two alike", () => {
    expect(table.rows.length).toBeGreaterThanOrEqual(25);
    expect(new Set(table.rows.map(({ answers }) => JSON.stringify(answers))).size).toBe(table.rows.length);
  });

  test("reaches every question and every outcome, and their number is as counted by hand", () => {
    const asked = new Set(walks.flatMap(({ steps }) => [...steps]));
    const shown = new Set(walks.flatMap(({ outcomes }) => outcomes));
    const questions = questionsOf(table.flow, program).filter((id) => !afterwards.includes(id));
    expect([...asked].sort()).toEqual(questions.toSorted());
    expect([...shown].sort()).toEqual(outcomesOf(table.flow, program).toSorted());
    expect({ questions: questions.length, outcomes: shown.size }).toEqual(counts[name]);
  });
});
