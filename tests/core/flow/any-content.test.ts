import fc from "fast-check";
import { expect, test } from "vitest";
import { readSource } from "../../../src/content/read-source.ts";
import { checkContent } from "../../../src/core/flow/checks/check-content.ts";
import { compile } from "../../../src/core/flow/compile.ts";
import { isJsonObject, type Json, type Source, type SourceFile } from "../../../src/core/flow/source.ts";
import { tree } from "../../content/tree.ts";
import { smallContent } from "./small-content.ts";

const runs = 120;

/** Values that authors put where others belong: their own kind, each other's, and names that stand elsewhere. */
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    "",
    "yes",
    "today",
    "trip",
    "done",
    "ready",
    "day",
    "person.reminders",
    "toString",
    "{{answers.ready}}",
    "{{fact.fee}}",
    0,
    -1,
    1.5,
    1e300,
    [],
    {},
    ["trip", "rest"],
    { kind: "say", next: "done" },
    { kind: "ask", answer: { kind: "date" }, next: "done" },
    { kind: "call", flow: "trip" },
    { kind: "repeat", flow: "menu", times: { value: 2 }, next: "done" },
    { day: { within: { days: 3, of: "ready" } } },
    { any: [{ ready: "yes" }, { not: { day: { before: "today" } } }] },
  ),
  fc.string({ maxLength: 6 }),
  fc.integer(),
);

type Path = readonly (string | number)[];

/** Every place in a value, the whole of it first. */
function placesIn(data: Json, path: Path): readonly Path[] {
  if (Array.isArray(data)) return [path, ...data.flatMap((inner, at) => placesIn(inner, [...path, at]))];
  if (!isJsonObject(data)) return [path];
  return [path, ...Object.entries(data).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** The value with another one at a place; undefined takes it away. */
function withAt(data: Json, [key, ...rest]: Path, put: Json | undefined): Json | undefined {
  if (key === undefined) return put;
  if (Array.isArray(data))
    return data.flatMap((inner: Json, at) => (at === key ? (withAt(inner, rest, put) ?? []) : [inner]));
  if (!isJsonObject(data)) return data;
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, inner]) => {
      const kept = name === String(key) ? withAt(inner, rest, put) : inner;
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
}

const change = fc.record({
  file: fc.nat(),
  place: fc.nat(),
  put: fc.option(value, { nil: undefined, freq: 5 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changedFile(file: SourceFile, { place, put }: Change): SourceFile {
  const places = placesIn(file.data, []);
  const data = withAt(file.data, places[place % places.length] ?? [], put);
  return { path: file.path, data: data ?? null, lineOf: () => 1 };
}

/** The content with a change in one of its flows or words. */
function changed(source: Source, one: Change): Source {
  const languages = [...source.locales.keys()];
  const language = languages[one.file % languages.length] ?? "en";
  const inFlows = one.file % 3 > 0;
  const files = new Map(inFlows ? source.flows : source.locales.get(language));
  const [name = ""] = [...files.keys()].slice(Math.floor(one.file / 6) % files.size);
  const file = files.get(name);
  if (file !== undefined) files.set(name, changedFile(file, one));
  return inFlows
    ? { flows: files, locales: source.locales }
    : { flows: source.flows, locales: new Map(source.locales).set(language, files) };
}

test("whatever stands in the files, it is compiled or told why not, and nothing is thrown", () => {
  const { source } = readSource(tree(smallContent));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const broken = changes.reduce(changed, source);
      const { program, issues } = compile(broken);
      const all = program === undefined ? issues : [...issues, ...checkContent(broken, program)];
      if (program === undefined) expect(issues.some(({ level }) => level === "error")).toBe(true);
      for (const { file, line, what, mend } of all) {
        expect(file).toMatch(/^(?:flows|locales)\//);
        expect(line).toBeGreaterThanOrEqual(1);
        expect(what.length * mend.length, what).toBeGreaterThan(0);
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
});
