import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readSource } from "../../src/content/read-source.ts";
import { makeTranslator } from "../../src/content/translator.ts";
import { checkContent } from "../../src/core/flow/checks/check-content.ts";
import { compile } from "../../src/core/flow/compile.ts";
import type { Source } from "../../src/core/flow/source.ts";
import { goldenText } from "../../src/play/golden.ts";
import { readScript } from "./player.ts";

/** A flow that asks the same for each child, laid over the shipped content: what content people may begin with. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const shipped = readSource(root).source;
const family = readSource(join(root, "tests/fixtures/family")).source;
const source: Source = {
  flows: new Map([...shipped.flows, ...family.flows]),
  locales: new Map(
    [...shipped.locales].map(([language, files]) => [
      language,
      new Map([...files, ...(family.locales.get(language) ?? [])]),
    ]),
  ),
};
const { program, issues } = compile(source);
const here = fileURLToPath(new URL("family", import.meta.url));

/** UPDATE_GOLDEN=1 writes what is said now; read the difference before committing it. */
const update = process.env["UPDATE_GOLDEN"] === "1";

test("nothing is wrong with it", () => {
  const found = program === undefined ? issues : [...issues, ...checkContent(source, program)];
  const files = [
    ...family.flows.values(),
    ...[...family.locales.values()].flatMap((all) => [...all.values()]),
  ];
  expect(found.filter(({ file }) => files.some(({ path }) => path === file))).toEqual([]);
  expect(program).toBeDefined();
});

describe("one golden conversation", () => {
  test.each([...family.locales.keys()])("in %s", (language) => {
    if (program === undefined) throw new Error("it does not compile");
    const script = readScript(join(here, "script.yaml"));
    const said = goldenText({ program, translator: makeTranslator(source) }, script, language);
    const golden = join(here, `${language}.txt`);
    if (update) writeFileSync(golden, said);
    expect(existsSync(golden), `${golden} is missing: run with UPDATE_GOLDEN=1 and read it`).toBe(true);
    expect(said).toBe(readFileSync(golden, "utf8"));
  });
});
