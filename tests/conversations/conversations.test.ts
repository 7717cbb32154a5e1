import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { formatIssues } from "../../src/content/format-issues.ts";
import { loadContent } from "../../src/content/load.ts";
import { goldenText } from "../../src/play/golden.ts";
import { readScript } from "./player.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));

const loaded = loadContent(root);
if ("issues" in loaded) throw new Error(formatIssues(loaded.issues));

const scripts = readdirSync(join(here, "scripts")).filter((name) => name.endsWith(".yaml"));

/** UPDATE_GOLDEN=1 writes what is said now; read the difference before committing it. */
const update = process.env["UPDATE_GOLDEN"] === "1";

describe.each(loaded.program.languages)("conversations in %s", (language) => {
  test.each(scripts)("%s", (name) => {
    const script = readScript(join(here, "scripts", name));
    const said = goldenText(loaded, script, language);
    const golden = join(here, "golden", language, name.replace(".yaml", ".txt"));
    if (update) {
      mkdirSync(dirname(golden), { recursive: true });
      writeFileSync(golden, said);
    }
    expect(existsSync(golden), `${golden} is missing: run with UPDATE_GOLDEN=1 and read what it wrote`).toBe(
      true,
    );
    expect(said).toBe(readFileSync(golden, "utf8"));
  });
});

test("there are scripts to play", () => {
  expect(scripts.length).toBeGreaterThan(10);
});
