import { describe, expect, it } from "vitest";
import { type FactRow, factsBy, factsText } from "../../src/cli/facts.ts";
import { textsIn } from "../../src/content/text-keys.ts";
import type { Ms } from "../../src/core/nouns/time.ts";
import { day } from "../../src/core/nouns/time.ts";
import { shippedContent } from "../core/shipped.ts";

const content = shippedContent();
const { program, source, translator } = content;

const at = (date: string): Ms => Date.parse(`${date}T08:00:00Z`);
const ids = (rows: readonly FactRow[]) => rows.map(({ id }) => id);
const all = factsBy(content, undefined, at("2000-01-01"));
const languages = program.languages.toSorted();
const until = (last: string) => ids(all.filter(({ reviewBy }) => reviewBy <= last));

describe("the facts to look at", () => {
  it("are all of them, by their review day, with everything that has to be known of them", () => {
    expect(ids(all).toSorted()).toEqual([...program.facts.keys()].sort());
    expect(all.map(({ reviewBy }) => reviewBy)).toEqual(all.map(({ reviewBy }) => reviewBy).sort());
    for (const row of all) {
      expect(row.label).not.toBe("");
      expect(row.statement).not.toMatch(/^$|\{\{|facts:/);
      expect(row.page).toMatch(/^https:\/\//);
      expect(row.asOf <= row.checkedOn && row.checkedOn < row.reviewBy, row.id).toBe(true);
      expect(row.languages.toSorted()).toEqual(languages);
    }
  });

  it.each([...new Set(all.map(({ reviewBy }) => reviewBy))])(
    "that are due on %s are shown from so many days before, as they were asked for",
    (reviewBy) => {
      const fortnightBefore = at(reviewBy) - 14 * day;
      const dayBefore = new Date(at(reviewBy) - day).toISOString().slice(0, 10);
      expect(ids(factsBy(content, 14, fortnightBefore))).toEqual(until(reviewBy));
      expect(ids(factsBy(content, 14, fortnightBefore - day))).toEqual(until(dayBefore));
      expect(ids(factsBy(content, 0, at(reviewBy)))).toEqual(until(reviewBy));
      expect(until(dayBefore).length).toBeLessThan(until(reviewBy).length);
    },
  );
});

const stating = [...(source.locales.get("en") ?? [])].flatMap(([name, { data }]) =>
  [...textsIn(data).keys()].map((path) => ({ name, path, facts: translator.factsIn(`${name}:${path}`) })),
);

/** Under which heading of a row the text of a words file belongs, and by what name. */
function dependentOf(name: string, path: string): readonly [keyof FactRow, string] {
  const [first = ""] = path.split(".");
  if (name.startsWith("faq/")) return ["entries", `flows/${name}.yaml ${first}`];
  if (name.startsWith("reminders/")) return ["reminders", name.slice("reminders/".length)];
  return name === "red-flags" ? ["redFlags", first] : ["flows", name];
}

describe("what depends on a fact", () => {
  it.each(ids(all))("%s: every text that states it, and what the text belongs to", (id) => {
    const row = all.find((one) => one.id === id);
    const texts = stating.filter(({ facts }) => facts.includes(id));
    expect(row?.uses.map(({ text }) => text).sort()).toEqual(
      texts.map(({ name, path }) => `${name}.json ${path}`).sort(),
    );
    for (const use of row?.uses ?? []) expect(use.languages.toSorted()).toEqual(languages);
    for (const { name, path } of texts) {
      const [kind, dependent] = dependentOf(name, path);
      expect(row?.[kind], `${name}:${path}`).toContain(dependent);
    }
  });

  it.each(["flows", "entries", "reminders", "redFlags"] as const)("can be among %s", (kind) => {
    expect(all.some((row) => row[kind].length > 0)).toBe(true);
  });

  it("is told to people too", () => {
    const row = all.find(({ flows, reminders }) => flows.length > 0 && reminders.length > 0);
    if (row === undefined) throw new Error("no fact is stated in a flow and in a reminder");
    const text = factsText([row]);
    for (const told of [row.id, row.label, row.statement, row.asOf, row.checkedOn, row.reviewBy, row.page])
      expect(text).toContain(told);
    for (const name of [...row.flows, ...row.entries, ...row.reminders, ...row.languages])
      expect(text).toContain(name);
  });
});
