import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { addDays, fromEpochDay } from "../../src/core/dates/civil-date.ts";
import type { Program } from "../../src/core/flow/program.ts";
import { day } from "../../src/core/nouns/time.ts";
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
export type Table = z.infer<typeof tableSchema>;
type Row = Table["rows"][number];

/** A day in the middle of no month's end; nothing here depends on when the test runs. */
const now = Date.parse("2026-11-23T10:00:00Z");
const today = fromEpochDay(Math.floor(now / day));

/** The flows of the screening that have a hand-worked table. */
export const tableNames = ["start", "outside-us", "in-us"] as const;

/** Reads the hand-worked table of a flow. */
export function tableOf(name: (typeof tableNames)[number]): Table {
  return tableSchema.parse(parse(readFileSync(join(import.meta.dirname, `${name}.yaml`), "utf8")));
}

/** Which steps a walk reached and which outcomes it was shown, and where it went after the flow's own questions. */
export type Walk = {
  readonly steps: ReadonlySet<string>;
  readonly outcomes: readonly string[];
  readonly leads: string;
};

/** Walks through a flow with these answers, and with the table's own for the rest. Throws where the questions don't end. */
export function walk(program: Program, { flow, begins, otherwise }: Table, answers: Row["answers"]): Walk {
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
    if (answer === undefined) return { steps, outcomes: shown, leads: leadsTo(at) };
    steps.add(step);
    give(talk, answer, note);
  }
  throw new Error(`the questions of ${flow} don't end`);
}

function leadsTo(flow: string): string {
  return flow === "menu" || flow === "" ? "stop" : flow;
}

function give(talk: Talk, answer: string | number, note: () => void): void {
  if (typeof answer === "string") talk.tap(answer);
  else {
    talk.say(addDays(today, answer));
    talk.tap("yes");
  }
  note();
}
