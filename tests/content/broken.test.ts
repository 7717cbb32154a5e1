import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { formatIssues } from "../../src/content/format-issues.ts";
import { loadContent } from "../../src/content/load.ts";
import { smallContent } from "../core/flow/small-content.ts";
import { tree } from "./tree.ts";

/**
 * Broken content, one reason each: `fixtures/broken/<name>/` holds the files that are laid over a small content in
 * which nothing is wrong, and `expected.txt` all that is said about it.
 */
const fixtures = fileURLToPath(new URL("../fixtures/broken", import.meta.url));
const names = readdirSync(fixtures).toSorted();

/** UPDATE_BROKEN=1 writes what is said now; read the difference before committing it. */
const update = process.env["UPDATE_BROKEN"] === "1";

function filesOf(name: string): Readonly<Record<string, Uint8Array>> {
  const folder = join(fixtures, name);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "expected.txt")
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

/** What is said of the small content with these files over it; "" when it is taken. */
function saidOf(name: string): string {
  const loaded = loadContent(tree({ ...smallContent, ...filesOf(name) }));
  return "issues" in loaded ? `${formatIssues(loaded.issues)}\n` : "";
}

test("there are many, and every one is refused", () => {
  expect(names.length).toBeGreaterThanOrEqual(40);
});

describe.each(names)("%s", (name) => {
  test("is told by file, line, what and how to mend it, and nothing else is", () => {
    const said = saidOf(name);
    const expected = join(fixtures, name, "expected.txt");
    if (update) writeFileSync(expected, said);
    expect(said).not.toBe("");
    expect(existsSync(expected), `${expected} is missing: run with UPDATE_BROKEN=1 and read it`).toBe(true);
    expect(said).toBe(readFileSync(expected, "utf8"));
  });
});
