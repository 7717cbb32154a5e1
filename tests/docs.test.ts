import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { parwana } from "../src/cli/program.ts";
import { readConfig } from "../src/config.ts";

// What the pages say about paths, settings and commands, held against what there is.

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(posix.join(root, path), "utf8");

type Page = { readonly path: string; readonly text: string };

const pages: readonly Page[] = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...readdirSync(posix.join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => posix.join("docs", name)),
].map((path) => ({ path, text: read(path) }));

/** Paths that a program makes: named in the pages, not in the repository. */
const made = new Set(["docs/measurements.md", "locales/<language>/status.json"]);

/** The anchors of a page, as its headings become them on GitHub. */
function anchorsOf(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/^#+ +(.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}

/** Relative links (and pictures) of a page that lead nowhere. */
function deadLinks({ path, text }: Page): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = "", anchor] = target.split("#");
    const at = file === "" ? path : posix.join(posix.dirname(path), file);
    if (!existsSync(posix.join(root, at))) return [target];
    return anchor === undefined || anchorsOf(read(at)).has(anchor) ? [] : [target];
  });
}

const folders = ["src", "docs", "flows", "locales", "tests", "bench", ".ci", "biome"];
const pathShape = new RegExp(`^(?:${folders.join("|").replace(".", "\\.")})/[\\w./<>*@-]*$`);

/** Whether something in the repository is called so; `<…>` and `*` stand for any one name or part of one. */
function isThere(named: string): boolean {
  if (made.has(named)) return true;
  const parts = named.replace(/\/$/, "").split("/");
  const go = (at: string, [part, ...rest]: readonly string[]): boolean => {
    if (part === undefined) return true;
    const pattern = new RegExp(
      `^${part
        .replaceAll(/<[^>]+>/g, "*")
        .replaceAll(/[.@]/g, "\\$&")
        .replaceAll("*", "[^/]+")}$`,
    );
    const folder = posix.join(root, at);
    return readdirSync(folder, { withFileTypes: true }).some(
      (entry) =>
        pattern.test(entry.name) &&
        (rest.length === 0 || entry.isDirectory()) &&
        go(posix.join(at, entry.name), rest),
    );
  };
  return go("", parts);
}

/** Paths from the repository's root that a page names in a code span, and that are not there. */
function deadPaths({ text }: Page): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)]
    .map(([, span = ""]) => span)
    .filter((span) => pathShape.test(span) && !isThere(span));
}

/** Every command and group of the `parwana` command, by the words that name it. */
function commandsOf(command: Command, before: readonly string[] = []): ReadonlyMap<string, Command> {
  return new Map(
    command.commands.flatMap((one) => {
      const words = [...before, one.name()];
      return [[words.join(" "), one] as const, ...commandsOf(one, words)];
    }),
  );
}

const commands = commandsOf(parwana());
const calls = /(?:npx parwana|src\/cli\/parwana\.ts|`parwana) +([^`\n]*)/g;

/** What is wrong with the calls of the `parwana` command in a text: a command or an option that it does not have. */
function wrongCalls(text: string): string[] {
  return [...text.replaceAll("\\\n", " ").matchAll(calls)].flatMap(([whole, rest = ""]) => {
    const words = rest.trim().split(/\s+/);
    if (words[0]?.startsWith("-") === true) return [];
    const [first = "", second = ""] = words;
    const found = commands.get(`${first} ${second}`) ?? commands.get(first);
    const isGroup = found !== undefined && found.commands.length > 0;
    if (found === undefined || (isGroup && second !== "" && !second.startsWith("-"))) return [whole.trim()];
    return words
      .filter((word) => /^--[a-z]/.test(word) && word !== "--help")
      .filter((word) => !found.options.some(({ long }) => long === word.split("=")[0]))
      .map((word) => `${whole.trim()}: ${word}`);
  });
}

const scripts = new Set(Object.keys(JSON.parse(read("package.json")).scripts));

/** `npm run …` of scripts that package.json does not have. */
function wrongScripts(text: string): string[] {
  return [...text.matchAll(/npm run ([\w:-]+)/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !scripts.has(name));
}

/** The names that stand in the first column of a table, in code spans. */
function namesInTable(text: string, heading: string): string[] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([A-Z][A-Z0-9_]*)` \|/gm)].map(([, name = ""]) => name);
}

const settings = [...read("src/config.ts").matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(
  ([, name = ""]) => name,
);

describe.each(pages)("$path", (page) => {
  it("leads nowhere that isn't there", () => {
    expect(deadLinks(page)).toEqual([]);
    expect(deadPaths(page)).toEqual([]);
  });

  it("names only commands, options and scripts that exist", () => {
    expect(wrongCalls(page.text)).toEqual([]);
    expect(wrongScripts(page.text)).toEqual([]);
  });
});

describe("the README", () => {
  const readme = read("README.md");

  it("lists exactly the settings that the program reads", () => {
    expect(settings.length).toBeGreaterThan(10);
    expect(namesInTable(readme, "Settings").toSorted()).toEqual(settings.toSorted());
  });

  it("names their defaults as they are", () => {
    const config = readConfig({});
    expect(config).toMatchObject({ playground: true });
    for (const [name, value] of Object.entries({
      HOST: "host",
      PORT: "port",
      DATA_DIR: "dataDir",
      PARWANA_KEY_FILE: "keyFile",
      LOG_LEVEL: "logLevel",
      SENDS_IN_FLIGHT: "sendsInFlight",
    })) {
      const known = new Map(Object.entries(config));
      expect(readme).toContain(`| \`${name}\` | \`${String(known.get(value))}\` |`);
    }
  });

  it("says the two commands exactly", () => {
    expect(readme).toContain("npm ci && npm start");
    expect(readme).toContain("npm ci && npm test");
  });
});

describe("every decision", () => {
  const decisions = readdirSync(posix.join(root, "docs/decisions")).toSorted();

  it("has a number of its own, without gaps, and its four parts", () => {
    expect(decisions.map((name) => Number(name.slice(0, 4)))).toEqual(decisions.map((_, at) => at + 1));
    for (const name of decisions) {
      const text = read(`docs/decisions/${name}`);
      expect(text).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. `));
      for (const part of ["Context", "Decision", "Reason", "Consequences"])
        expect(text).toContain(`**${part}.**`);
    }
  });

  it("together justify each direct dependency", () => {
    const packages = Object.keys(JSON.parse(read("package.json")).dependencies);
    const text = decisions.map((name) => read(`docs/decisions/${name}`)).join("\n");
    expect(packages.filter((name) => !text.includes(`| ${name} |`))).toEqual([]);
  });
});

describe("the check itself", () => {
  const page = (text: string): Page => ({ path: "docs/a.md", text });

  it("finds dead links, anchors and paths", () => {
    expect(
      deadLinks(page("[a](nowhere.md) [b](../README.md#no-such-part) [c](https://example.org/x)")),
    ).toEqual(["nowhere.md", "../README.md#no-such-part"]);
    expect(
      deadPaths(page("`src/nowhere.ts` `locales/<language>/menu.json` `src/core/*/` `flows/*.png`")),
    ).toEqual(["src/nowhere.ts", "flows/*.png"]);
  });

  it.each([
    ["npx parwana fly", 1],
    ["npx parwana broadcast send --loudly", 1],
    ["npx parwana broadcast fly", 1],
    ["`parwana org add helpline --name x`", 0],
    ["npx parwana facts --due 30d", 0],
    ["npx parwana --help", 0],
  ])("in %s finds what does not exist", (text, wrong) => {
    expect(wrongCalls(text)).toHaveLength(wrong);
  });

  it("finds scripts that don't exist", () => {
    expect(wrongScripts("`npm run check`, `npm run fly`")).toEqual(["fly"]);
  });
});
