import { describe, expect, test } from "vitest";
import type { Program } from "../../src/core/flow/program.ts";
import { shippedContent } from "../core/shipped.ts";
import { tableNames, tableOf, walk } from "./table.ts";

const { program } = shippedContent();

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

describe.each(tableNames)("the hand-worked table of screening/%s", (name) => {
  const table = tableOf(name);
  const walks = table.rows.map((row) => walk(program, table, row.answers));

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
