import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type EntryRow, entriesPage, entryRows } from "../../src/cli/entries.ts";
import { projectRoot } from "../project-root.ts";

describe("docs/content.md", () => {
  it("lists the entries as they are (else: npx parwana entries > docs/content.md)", () => {
    expect(readFileSync(new URL("../../docs/content.md", import.meta.url), "utf8")).toBe(
      entriesPage(entryRows(projectRoot)),
    );
  });
});

describe("the list of entries", () => {
  const rows = entryRows(projectRoot);

  it("says for each entry how far each language is", () => {
    const known = ["source", "missing", "behind", "draft", "reviewed"];
    expect(
      rows.flatMap(({ languages }) => Object.values(languages)).filter((one) => !known.includes(one)),
    ).toEqual([]);
    expect(rows.filter(({ languages }) => languages["en"] !== "source")).toEqual([]);
  });

  it("names sources of each, and the first review day of its facts", () => {
    expect(rows.filter(({ sources }) => sources.length === 0)).toEqual([]);
    const days = rows.flatMap(({ reviewBy }) => (reviewBy === undefined ? [] : [reviewBy]));
    expect(days.filter((day) => !/^\d{4}-\d{2}-\d{2}$/.test(day))).toEqual([]);
    expect(days.length).toBeGreaterThan(rows.length / 2);
  });

  it("can be printed whatever stands in a title", () => {
    const row = {
      id: "a",
      topic: "faq/t",
      partOf: "b",
      title: "This | that",
      languages: { en: "source", ps: "behind" },
      sources: [{ name: "S", url: "https://example.org" }],
      reviewBy: undefined,
    } as const satisfies EntryRow;
    expect(entriesPage([row])).toContain(
      "| `a`, part of `b` | This \\| that | source | behind | [S](https://example.org) | – |",
    );
  });
});
