import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { formatIssues } from "../../src/content/format-issues.ts";
import { loadContent } from "../../src/content/load.ts";

const question = z.strictObject({
  n: z.int(),
  asks: z.string(),
  entry: z.string(),
  facts: z.array(z.string()).default([]),
  flag: z.string().optional(),
  flow: z.string().optional(),
  reminder: z.string().optional(),
  command: z.string().optional(),
});

const { questions, entries: promised } = z
  .strictObject({ questions: z.array(question), entries: z.array(z.string()) })
  .parse(parse(readFileSync(new URL("questions.yaml", import.meta.url), "utf8")));

const loaded = loadContent(fileURLToPath(new URL("../..", import.meta.url)));
if ("issues" in loaded) throw new Error(formatIssues(loaded.issues));
const { program, translator } = loaded;

/** The facts that an entry's short answer and detail state. */
function statedBy(key: string): readonly string[] {
  return [...translator.factsIn(`${key}.short`), ...translator.factsIn(`${key}.more`)];
}

test("the 95 questions are all there, once each", () => {
  expect(questions.map(({ n }) => n)).toEqual(Array.from({ length: 95 }, (_, at) => at + 1));
});

describe("each question", () => {
  it.each(questions)("$n. $asks", ({ entry: id, facts, flag, flow, reminder, command }) => {
    const entry = program.faq.entries.get(id);
    expect(entry, `there is no entry ${id}`).toBeDefined();
    if (entry === undefined) return;
    expect(facts.filter((fact) => !statedBy(entry.key).includes(fact))).toEqual([]);
    if (flow !== undefined) expect(entry.offers).toBe(flow);
    if (flag !== undefined) expect([...program.redFlags.urgent.keys()]).toContain(flag);
    if (reminder !== undefined) expect([...program.reminders.keys()]).toContain(reminder);
    if (command !== undefined) expect([...program.commands.keys()]).toContain(command);
  });
});

describe("the entries", () => {
  it("keep the ids that other parts rely on", () => {
    expect(promised).toHaveLength(70);
    expect(promised.filter((id) => !program.faq.entries.has(id))).toEqual([]);
  });

  it("fit a list each topic, with its way back", () => {
    const tooMany = [...program.faq.topics].filter(([, ids]) => ids.length > 9).map(([topic]) => topic);
    expect(tooMany).toEqual([]);
  });

  it("are all reached by the menu", () => {
    const offered = [...program.steps.values()].flatMap((step) =>
      step.kind === "ask" && step.answer.kind === "choice" && "from" in step.answer ? [step.answer.from] : [],
    );
    expect([...program.faq.topics.keys()].filter((topic) => !offered.includes(`faq/${topic}`))).toEqual([]);
  });
});
