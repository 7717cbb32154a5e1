import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadContent } from "../../../src/content/load.ts";
import { answerSpec } from "../../../src/core/flow/answer-schema.ts";
import { engineWords } from "../../../src/core/flow/engine-words.ts";
import { outcomeLevels } from "../../../src/core/flow/schema.ts";
import { tree } from "../../content/tree.ts";
import { projectRoot } from "../../project-root.ts";
import { smallContent } from "./small-content.ts";

/** What is found in the small content with some files changed (undefined: left out), as `file:line what`. */
function found(changes: Readonly<Record<string, string | undefined>>): readonly string[] {
  const files = Object.entries({ ...smallContent, ...changes }).flatMap(([path, text]) =>
    text === undefined ? [] : [[path, text] as const],
  );
  const loaded = loadContent(tree(Object.fromEntries(files)));
  const issues = "issues" in loaded ? loaded.issues : loaded.warnings;
  return issues.map(({ file, line, what }) => `${file}:${line} ${what}`);
}

/** A file's text with one place changed; the place must be there. */
function changed(path: string, from: string, to: string): string {
  const text = smallContent[path] ?? "";
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
  return text.replace(from, to);
}

const defects = z
  .array(
    z.strictObject({
      what: z.string(),
      file: z.string(),
      from: z.string(),
      to: z.string(),
      found: z.string(),
    }),
  )
  .min(40)
  .parse(parse(readFileSync(new URL("defects.yaml", import.meta.url), "utf8")));

test("the small content has nothing wrong with it", () => {
  expect(found({})).toEqual([]);
});

describe("planted", () => {
  test.each(defects)("$what", ({ file, from, to, found: wanted }) => {
    const all = found({ [file]: changed(file, from, to) });
    expect(all.filter((one) => one.startsWith(wanted))).toHaveLength(1);
  });

  test.each([
    ["flows/menu.yaml", "flows/menu.yaml:1 the flow is missing"],
    ["flows/onboarding.yaml", "flows/onboarding.yaml:1 the flow is missing"],
    ["flows/commands.yaml", "flows/commands.yaml:1 the file is missing"],
    ["flows/facts.yaml", "flows/facts.yaml:1 the file is missing"],
    ["locales/es/trip.json", "locales/es/trip.json:1 the file is missing"],
    ["locales/es/dates.json", "locales/es/dates.json:1 the file is missing"],
    ["locales/en/menu.json", "locales/en/menu.json:1 the text `choose.text` is missing"],
  ])("%s left out", (path, wanted) => {
    expect(found({ [path]: undefined })).toContain(wanted);
  });

  test("in a flow's form, nothing is told of what leads to that flow", () => {
    expect(
      found({ "flows/trip.yaml": changed("flows/trip.yaml", "keep: time-zone", "keeps: time-zone") }),
    ).toEqual([expect.stringContaining("there is no field `keeps` here")]);
  });

  test("a concept that English has not; a language may lack one, or all", () => {
    const english = { "locales/en/concepts.json": '{ "fee": ["fee"], "wait": ["wait"] }\n' };
    expect(found(english)).toEqual([]);
    expect(found({ ...english, "locales/es/concepts.json": '{\n  "fe": ["tarifa"]\n}\n' })).toEqual([
      "locales/es/concepts.json:2 locales/en/concepts.json has no concept `fe`",
    ]);
  });

  test("a file that English has not", () => {
    expect(found({ "locales/es/more.json": "{}\n" })).toEqual([
      "locales/es/more.json:1 there is no such file in English",
    ]);
  });
});

test("whatever the engine says is asked for when content is compiled", () => {
  const folder = join(projectRoot, "src/core/conversation");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const literal = sources.flatMap((text) => [
    ...[...text.matchAll(/\bown\("([a-z.-]+)"/g)].map(([, key = ""]) => key),
    ...[...text.matchAll(/"conversation:([a-z.-]+)"/g)].map(([, key = ""]) => key),
  ]);
  const byKind = [
    ...answerSpec.options.map(({ shape }) => `help.${shape.kind.value}`),
    ...outcomeLevels.map((level) => `levels.${level}`),
  ];
  expect(literal.length).toBeGreaterThan(20);
  expect([...literal, ...byKind].filter((key) => !engineWords.includes(key))).toEqual([]);
});
