import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ownOptions } from "../../src/core/flow/compile-flow.ts";
import { shippedContent } from "../core/shipped.ts";

const cell = z.union([z.literal("none"), z.array(z.string()).min(1)]);
const systems = z
  .record(z.string(), z.strictObject({ faq: cell, screening: cell, reminders: cell, referral: cell }))
  .parse(parse(readFileSync(join(import.meta.dirname, "systems.yaml"), "utf8")));

const { program } = shippedContent();

const named = (names: z.infer<typeof cell>): readonly string[] => (names === "none" ? [] : names);

/** The level of a result `<flow>:<outcome>`; undefined where there is none of that name. */
function levelOf(result: string): string | undefined {
  const [flow = "", outcome = ""] = result.split(":");
  return program.flows.get(flow)?.outcomes.get(outcome)?.level;
}

/** Kinds of date that a person can choose to be reminded of. */
const offered = new Set(
  [...program.steps.values()].flatMap((step) =>
    step.kind === "ask" && step.inFlow === "reminder-set" ? ownOptions(step) : [],
  ),
);

test("the table names all 29 systems", () => {
  expect(Object.keys(systems)).toHaveLength(29);
});

describe.each(Object.entries(systems))("%s", (_, { faq, screening, reminders, referral }) => {
  test("is explained by questions that there are", () => {
    expect(named(faq).filter((id) => !program.faq.entries.has(id))).toEqual([]);
  });

  test("comes up in the screenings where it should", () => {
    expect(named(screening).filter((result) => levelOf(result) === undefined)).toEqual([]);
  });

  test("has its kinds of date, and they are offered", () => {
    expect(named(reminders).filter((kind) => !program.reminders.has(kind) || !offered.has(kind))).toEqual([]);
  });

  test("is handed to a person by results that say lawyer first", () => {
    expect(named(referral).filter((result) => levelOf(result) !== "lawyer-first")).toEqual([]);
  });
});

test("every kind of date can be chosen", () => {
  expect([...program.reminders.keys()].filter((kind) => !offered.has(kind))).toEqual([]);
});
