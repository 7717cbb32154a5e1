import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type EntryRow, entriesPage, entryRows } from "../../src/cli/entries.ts";
import { stampTranslations } from "../../src/content/stamp.ts";
import { smallContent } from "../core/flow/small-content.ts";
import { projectRoot } from "../project-root.ts";
import { tree } from "./tree.ts";

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

  it("says that a language is behind once the English of one text has changed since", () => {
    const root = tree(smallContent);
    const statusIn = (id: string) => entryRows(root).find((row) => row.id === id)?.languages["es"];
    expect(statusIn("what-next")).toBe("missing");
    stampTranslations(root, "es");
    expect(statusIn("what-next")).toBe("draft");
    const file = join(root, "locales/en/faq/basics.json");
    const words = JSON.parse(readFileSync(file, "utf8"));
    words["what-next"].short += " And more.";
    writeFileSync(file, JSON.stringify(words));
    expect([statusIn("what-is-it"), statusIn("what-next")]).toEqual(["draft", "behind"]);
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
