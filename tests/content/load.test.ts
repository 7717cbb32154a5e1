import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatIssues } from "../../src/content/format-issues.ts";
import { loadContent } from "../../src/content/load.ts";
import type { Issue } from "../../src/core/flow/source.ts";
import { projectRoot } from "../project-root.ts";
import { tree } from "./tree.ts";

/** A copy of the shipped content with one file changed (or, without a change, removed). */
function changed(path: string, change: ((text: string) => string) | undefined): string {
  const root = tree({});
  for (const folder of ["flows", "locales"])
    cpSync(join(projectRoot, folder), join(root, folder), { recursive: true });
  if (change === undefined) rmSync(join(root, path));
  else writeFileSync(join(root, path), change(readFileSync(join(root, path), "utf8")));
  return root;
}

/** What `loadContent` says against a root; nothing when it takes it. */
function against(root: string): string {
  const loaded = loadContent(root);
  return "issues" in loaded ? formatIssues(loaded.issues) : "";
}

describe("loadContent", () => {
  it("takes the shipped content", () => {
    expect(against(projectRoot)).toBe("");
  });

  it("gives words and flows that fit together", () => {
    const loaded = loadContent(projectRoot);
    if ("issues" in loaded) throw new Error(formatIssues(loaded.issues));
    const { program, translator } = loaded;
    expect(program.flows.has("menu")).toBe(true);
    for (const command of program.commands.keys()) {
      expect(translator.text("en", `commands:${command}.label`, {}, {})).not.toBe("");
    }
  });

  it("tells of a file that can't be read, and of nothing that follows from it", () => {
    expect(against(changed("flows/menu.yaml", (text) => `${text}\nstart: again\n`))).toMatch(
      /^flows\/menu\.yaml:\d+: the key `start` stands here twice\. Mend: [^\n]+\.\n1 error, 0 warnings$/,
    );
  });

  it("tells of a file that does not fit the schema", () => {
    expect(against(changed("flows/commands.yaml", (text) => `${text}\nmore: 1\n`))).toMatch(
      /^flows\/commands\.yaml:\d+: .*more.*\n1 error, 0 warnings$/,
    );
  });

  it("tells of a file that is missing", () => {
    expect(against(changed("flows/facts.yaml", undefined))).toContain(
      "flows/facts.yaml:1: the file is missing",
    );
  });

  it("tells when there is nothing", () => {
    expect(against(tree({}))).toContain("flows/commands.yaml:1: the file is missing");
    expect(against("/nowhere/at-all")).toContain("locales:1: the folder can't be read (ENOENT)");
  });
});

describe("formatIssues", () => {
  const issue = (file: string, line: number, level: Issue["level"] = "error"): Issue => ({
    level,
    file,
    line,
    what: "it is so",
    mend: "do this",
  });

  it("sorts by file and line, marks warnings and counts", () => {
    expect(formatIssues([issue("b", 10), issue("b", 9, "warning"), issue("a", 30)])).toBe(
      "a:30: it is so. Mend: do this.\nb:9: warning: it is so. Mend: do this.\nb:10: it is so. Mend: do this.\n2 errors, 1 warning",
    );
  });

  it("counts nothing as nothing", () => {
    expect(formatIssues([])).toBe("0 errors, 0 warnings");
  });
});
