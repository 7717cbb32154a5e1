import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { formatIssues } from "../src/content/format-issues.ts";
import { readSource } from "../src/content/read-source.ts";
import { compile } from "../src/core/flow/compile.ts";
import { condition } from "../src/core/flow/condition-schema.ts";
import { flowSchema } from "../src/core/flow/schema.ts";
import { tree } from "./content/tree.ts";
import { smallContent } from "./core/flow/small-content.ts";

// The examples of the authoring guide, held against the program: a block that names a file is that file from there on.

const guide = readFileSync(fileURLToPath(new URL("../docs/authoring.md", import.meta.url)), "utf8");

type Block = { readonly section: string; readonly info: readonly string[]; readonly text: string };

/** The fenced blocks of a page, with the section each stands in and the words behind its fence. */
function blocksOf(page: string): readonly Block[] {
  return page.split(/^(?=## )/m).flatMap((part) => {
    const section = /^## (.+)$/m.exec(part)?.[1] ?? "";
    return [...part.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = "", text = ""]) => ({
      section,
      info: info.trim().split(/\s+/),
      text,
    }));
  });
}

const blocks = blocksOf(guide);
const isFile = ({ info: [, path] }: Block) => path?.includes("/") === true;
const isWrong = ({ info }: Block) => info[2] === "wrong";
const sections = [
  ...new Set(blocks.filter((block) => isFile(block) && !isWrong(block)).map(({ section }) => section)),
];

type Files = Readonly<Record<string, string>>;

/** What is said of the small content with these files over it. */
function said(files: Files): string {
  const { source, issues: unread } = readSource(tree({ ...smallContent, ...files }));
  const issues = unread.length > 0 ? unread : compile(source).issues;
  return issues.length === 0 ? "" : formatIssues(issues);
}

/** The files as they stand after a section. */
function filesAfter(section: string): Files {
  const until = sections.indexOf(section);
  const told = blocks.filter(
    (block) => isFile(block) && !isWrong(block) && sections.indexOf(block.section) <= until,
  );
  return Object.fromEntries(told.map(({ info, text }) => [info[1] ?? "", text]));
}

describe("the examples of the authoring guide", () => {
  test.each(sections)("are right: %s", (section) => {
    expect(said(filesAfter(section))).toBe("");
  });

  test("that are wrong are told so, in the words that the guide shows", () => {
    const wrong = blocks.filter(isWrong);
    expect(wrong.length).toBeGreaterThan(0);
    for (const block of wrong) {
      const shown = blocks[blocks.indexOf(block) + 1];
      expect(shown?.info[0]).toBe("text");
      const before = sections[Math.max(0, sections.indexOf(block.section))] ?? "";
      const told = said({ ...filesAfter(before), [block.info[1] ?? ""]: block.text });
      expect(told.split("\n").slice(0, -1).join("\n")).toBe(shown?.text.trim());
    }
  });

  test("of conditions are conditions", () => {
    const lists = blocks.filter(({ info }) => info[1] === "conditions");
    expect(lists.length).toBeGreaterThan(0);
    for (const { text } of lists) {
      const conditions: unknown = parse(text);
      if (!Array.isArray(conditions)) throw new Error("the block is no list");
      for (const one of conditions) expect(condition.safeParse(one).error?.issues).toBeUndefined();
    }
  });

  test("of promises are promises", () => {
    const promised = blocks.filter(({ info }) => info[1] === "promises");
    expect(promised.length).toBeGreaterThan(0);
    for (const { text } of promised) {
      const read = flowSchema.pick({ promises: true }).safeParse(parse(text));
      expect(read.data?.promises).not.toEqual([]);
      expect(read.error?.issues).toBeUndefined();
    }
  });

  test("are all looked at", () => {
    const unread = blocks.filter(
      ({ info: [language = "", path] }) => ["yaml", "json"].includes(language) && path === undefined,
    );
    expect(unread.map(({ text }) => text)).toEqual([]);
    expect(sections.length).toBeGreaterThan(5);
  });
});
