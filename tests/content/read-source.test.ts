import { symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "../../src/content/read-json.ts";
import { readSource } from "../../src/content/read-source.ts";
import { maxDepth, maxFileBytes, maxNodes } from "../../src/content/refusal.ts";
import { projectRoot } from "../project-root.ts";
import { tree } from "./tree.ts";

/** The only issue that a root with this one file gives, as `line: what`; the file itself must not be in the source. */
function fault(path: string, text: string | Uint8Array): string {
  const { source, issues } = readSource(tree({ [path]: text }));
  expect([...source.flows.keys(), ...(source.locales.get("en")?.keys() ?? [])]).toEqual([]);
  expect(issues).toHaveLength(1);
  const [issue] = issues;
  expect(issue?.file).toBe(path);
  expect(issue?.mend).not.toBe("");
  expect(issue?.level).toBe("error");
  return `${issue?.line}: ${issue?.what}`;
}

const bytes = (...parts: readonly (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.of(part) : Buffer.from(part))));

describe("a broken flow file", () => {
  it.each<readonly [name: string, text: string | Uint8Array, fault: string]>([
    ["a tab", "start: a\nsteps:\n\ta: 1\n", "3: a tab stands here"],
    ["a tab in a text", "start: 'a\tb'\n", "1: a tab stands here"],
    ["a doubled key", "start: a\nsteps:\n  a: 1\n  a: 2\n", "4: the key `a` stands here twice"],
    ["a doubled quoted key", 'a: 1\n"a": 2\n', "2: the key `a` stands here twice"],
    ["a doubled number", "1: a\n'1': b\n", "2: the key `1` stands here twice"],
    ["__proto__", "start: a\n__proto__: { x: 1 }\n", "2: `__proto__` can't be a key"],
    ["constructor", "a:\n  - constructor: 1\n", "2: `constructor` can't be a key"],
    ["prototype", "{ prototype: 1 }", "1: `prototype` can't be a key"],
    ["an alias", "a: &x [1]\nb: *x\n", "1: this gives its value a name with &"],
    ["an unknown alias", "a: 1\nb: *x\n", "2: this refers to another place"],
    ["an anchor", "a: 1\nb: &x 1\n", "2: this gives its value a name with &"],
    ["an anchored key", "a: 1\n&x b: 1\n", "2: this gives its value a name with &"],
    ["a tag", "a: 1\nb: !thing 1\n", "2: `!thing` is a YAML tag"],
    ["a known tag", "a: 1\nb: !!str 1\n", "2: this has a YAML tag"],
    ["a directive", "%YAML 1.1\n---\na: yes\n", "1: a line with % gives YAML another meaning"],
    ["two documents", "a: 1\n---\nb: 1\n", "2: a second document begins here"],
    ["nothing", "# to do\n", "1: the file is empty"],
    ["no bytes", "", "1: the file is empty"],
    ["infinity", "a: 1\nb: .inf\n", "2: there is no value here that content can hold"],
    ["a list as a key", "? [a]\n: 1\n", "1: a key has to be a text"],
    [
      "bad indentation",
      "steps:\n  a: 1\n b: 2\n",
      "3: this line doesn't begin under the lines it belongs to, or a bracket before it is open",
    ],
    [
      "an open bracket",
      "a: 1\nb: { c: 1\n",
      "3: this line doesn't begin under the lines it belongs to, or a bracket before it is open",
    ],
    ["a line without a colon", "a: 1\nbc\nd: 1\n", "2: a key or a colon is missing here"],
    ["two colons", "a: b: c\n", "1: a second colon stands in this line"],
    ["not UTF-8", bytes("a: 1\nb: ", 0xff, "\n"), "2: this line is not UTF-8"],
    ["UTF-16", Buffer.from("\ufeffa: 1\n", "utf16le"), "1: this line is not UTF-8"],
    ["half a character at the end", bytes("a: 1\nb: x\nc: ", 0xd8), "3: this line is not UTF-8"],
    ["too large", `a: ${"x".repeat(maxFileBytes)}`, `1: the file is larger than ${maxFileBytes} bytes`],
    [
      "too deep",
      `a:\n  ${"[".repeat(maxDepth)}1${"]".repeat(maxDepth)}`,
      `2: it stands more than ${maxDepth} levels deep`,
    ],
    ["far too deep", `${"[".repeat(maxNodes)}`, "1: the file is nested too deeply"],
    [
      "too many lines",
      "- 1\n".repeat(maxNodes + 1),
      `${maxNodes + 1}: the file has more than ${maxNodes} lines and list items`,
    ],
    [
      "too many values",
      "- { a: 1 }\n".repeat(maxNodes / 2),
      `${maxNodes / 2}: the file holds more than ${maxNodes} values`,
    ],
  ])("%s", (_, text, expected) => {
    expect(fault("flows/screening/x.yaml", text)).toBe(expected);
  });
});

describe("a broken words file", () => {
  it.each<readonly [name: string, text: string | Uint8Array, fault: string]>([
    ["a trailing comma", '{\n  "a": "x",\n  "b": "y",\n}\n', "3: a comma stands before the closing `}`"],
    ["a trailing comma in a list", '{\n  "a": ["x",]\n}', "2: a comma stands before the closing `]`"],
    ["a missing comma", '{\n  "a": "x"\n  "b": "y"\n}\n', "2: a comma or `}` is missing here"],
    ["a comment", '{\n  // why\n  "a": "x"\n}', "2: JSON has no comments"],
    ["a comment after a value", '{\n  "a": "x" /* why */\n}', "2: JSON has no comments"],
    ["a comment for a value", '{\n  "a": # why\n}', "2: JSON has no comments"],
    ["a doubled key", '{\n  "a": "x",\n  "a": "y"\n}', "3: the key `a` stands here twice"],
    [
      "a doubled key, written differently",
      '{\n  "a": "x",\n  "\\u0061": "y"\n}',
      "3: the key `a` stands here twice",
    ],
    ["__proto__", '{ "__proto__": {} }', "1: `__proto__` can't be a key"],
    ["__proto__ in disguise", '{ "\\u005f_proto__": {} }', "1: `__proto__` can't be a key"],
    ["an open text", '{\n  "a": "x\n}', "2: this text has no closing quote on its line"],
    ["a tab in a text", '{\n  "a": "x\ty"\n}', "2: this text has no closing quote on its line"],
    ["a single quote", "{\n  'a': 1\n}", "2: a key in double quotes is missing"],
    ["a text in single quotes", "{\n  \"a\": 'x'\n}", "2: there is no value here that JSON knows"],
    ["a key without quotes", "{\n  a: 1\n}", "2: a key in double quotes is missing"],
    ["a missing colon", '{\n  "a" "x"\n}', "2: a colon is missing after the key `a`"],
    ["an unknown escape", '{\n  "a": "\\x"\n}', "2: a backslash is followed by something JSON doesn't know"],
    ["an open bracket", '{\n  "a": {\n    "b": 1\n', "2: this bracket is never closed"],
    ["a bracket too many", '{\n  "a": 1\n}\n}', "4: something follows after the end"],
    ["a leading zero", '{ "a": 01 }', "1: there is no value here that JSON knows"],
    ["an endless number", '{ "a": 1e999 }', "1: there is no value here that JSON knows"],
    ["True", '{ "a": True }', "1: there is no value here that JSON knows"],
    ["nothing", " \n", "1: the file is empty"],
    ["not UTF-8", bytes('{\n  "a": "', 0xe9, '"\n}'), "2: this line is not UTF-8"],
    [
      "too deep",
      `${"[".repeat(maxDepth + 1)}${"]".repeat(maxDepth + 1)}`,
      `1: it stands more than ${maxDepth} levels deep`,
    ],
    [
      "too many values",
      `[${"1,\n".repeat(maxNodes)}1]`,
      `${maxNodes}: the file holds more than ${maxNodes} values`,
    ],
  ])("%s", (_, text, expected) => {
    expect(fault("locales/en/x.json", text)).toBe(expected);
  });
});

describe("folders", () => {
  it.each([
    ["flows/x.yml", "this kind of file is not read"],
    ["flows/x.json", "this kind of file is not read"],
    ["locales/en/x.yaml", "this kind of file is not read"],
    ["locales/en.json", "this is not a language's folder"],
  ])("refuses %s", (path, what) => {
    expect(fault(path, "{}")).toBe(`1: ${what}`);
  });

  it("refuses a folder that is not named like a language", () => {
    const { issues } = readSource(tree({ "locales/fa_AF/x.json": "{}", "locales/FA-af/x.json": "{}" }));
    expect(issues.map(({ file }) => file)).toEqual(["locales/FA-af", "locales/fa_AF"]);
  });

  it("says so when there is no content", () => {
    expect(readSource("/nowhere/at-all").issues.map(({ file, what }) => `${file}: ${what}`)).toEqual([
      "flows: the folder can't be read (ENOENT)",
      "locales: the folder can't be read (ENOENT)",
    ]);
  });

  it("follows no link to a folder, and tells of a broken link", () => {
    const root = tree({ "flows/a.yaml": "a: 1" });
    symlinkSync(root, join(root, "flows/round"));
    symlinkSync("nowhere", join(root, "flows/z.yaml"));
    expect(readSource(root).issues.map(({ file, what }) => `${file}: ${what}`)).toEqual([
      "flows/round: this kind of file is not read",
      "flows/z.yaml: the file can't be read (ENOENT)",
    ]);
  });

  it("reads what it should and nothing else", () => {
    const { source, issues } = readSource(
      tree({
        "flows/menu.yaml": "start: a\nyes: no\nday: 2026-11-22\n",
        "flows/faq/basics.yaml": "\ufeffentries: []\r\n",
        "flows/flow.schema.json": "{ not read",
        "flows/.menu.yaml.swp": "not read",
        "locales/en/menu.json": '\ufeff{\t"a": "\\u00e9\\n",\r\n"b": [1.5e2, true, null, {}] }',
        "locales/fa-AF/faq/basics.json": '{ "x": "فارسی" }',
        "locales/fa-AF/status.json": "{ not read",
      }),
    );
    expect(issues).toEqual([]);
    expect([...source.flows].map(([name, { path, data }]) => [name, path, data])).toEqual([
      ["faq/basics", "flows/faq/basics.yaml", { entries: [] }],
      ["menu", "flows/menu.yaml", { start: "a", yes: "no", day: "2026-11-22" }],
    ]);
    expect(source.locales.get("en")?.get("menu")?.data).toEqual({ a: "é\n", b: [150, true, null, {}] });
    expect([...(source.locales.get("fa-AF") ?? [])].map(([name, { data }]) => [name, data])).toEqual([
      ["faq/basics", { x: "فارسی" }],
    ]);
  });
});

describe("lineOf", () => {
  const read = () =>
    readSource(
      tree({
        "flows/x.yaml":
          "# first\nstart: a\nsteps:\n  a:\n    kind: decide\n    table:\n      - when: { x: y }\n        next: b\n      - { next: c }\n",
        "locales/en/x.json": '{\n  "a": {\n    "b": [\n      "one",\n      "two"\n    ]\n  }\n}\n',
      }),
    ).source;
  it.each<readonly [path: readonly (string | number)[], line: number]>([
    [[], 2],
    [["start"], 2],
    [["steps"], 3],
    [["steps", "a"], 4],
    [["steps", "a", "table", 0], 7],
    [["steps", "a", "table", 0, "next"], 8],
    [["steps", "a", "table", 1, "next"], 9],
    [["steps", "a", "table", 7], 6],
    [["steps", "gone", "kind"], 3],
    [["gone"], 2],
  ])("of a flow %j is %i", (path, line) => {
    expect(read().flows.get("x")?.lineOf(path)).toBe(line);
  });

  it.each<readonly [path: readonly (string | number)[], line: number]>([
    [[], 1],
    [["a"], 2],
    [["a", "b"], 3],
    [["a", "b", 1], 5],
    [["a", "b", 2], 3],
    [["a", "c"], 2],
  ])("of words %j is %i", (path, line) => {
    expect(read().locales.get("en")?.get("x")?.lineOf(path)).toBe(line);
  });
});

describe("readJson", () => {
  it("reads whatever JSON.stringify writes", () => {
    const kept = fc
      .jsonValue({ maxDepth: 6 })
      // Keys that JavaScript gives a meaning of its own are refused.
      .filter((value) => !/"(?:__proto__|constructor|prototype)"/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(kept, fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
        expect(readJson(JSON.stringify(value, undefined, indent)).data).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
  });

  it("takes nothing that JSON.parse refuses", () => {
    const near = fc.array(fc.constantFrom(..."{}[]:,\"'\\/ \n01-.e+truefalsn".split("")), { maxLength: 12 });
    fc.assert(
      fc.property(near, (characters) => {
        const text = characters.join("");
        let read: unknown;
        try {
          read = readJson(text).data;
        } catch {
          return;
        }
        expect(read).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });
});

it("reads the shipped content without an issue", () => {
  const { source, issues } = readSource(projectRoot);
  expect(issues).toEqual([]);
  expect(source.flows.size).toBeGreaterThan(20);
  expect(source.locales.get("en")?.has("menu")).toBe(true);
});
