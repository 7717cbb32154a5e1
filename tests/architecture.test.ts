import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/**
 * Who may import whom, as an allow-list: what is not named here is refused.
 * A row is found by the longest `at` that the file's path starts with, so `src/core/nouns/` wins over `src/core/`.
 */
type Row = {
  readonly at: string;
  /** Path beginnings this row may import, besides its own folder. */
  readonly inside: readonly string[];
  /** Path beginnings it may import with `import type` only. */
  readonly typesOnly?: readonly string[];
  /** Package names; a name ending in `/` stands for the whole scope. */
  readonly npm?: readonly string[];
  /** Node's own modules, without `node:`; `all` of them where the row is a door to the outside. */
  readonly node?: "all" | readonly string[];
};

const corePart = (name: string): Row => ({ at: `src/core/${name}/`, inside: ["src/core/"] });
const doorways = ["src/app/ports", "src/app/errors"] as const;
const channel = (name: string, sdk: string): Row => ({
  at: `src/channels/${name}/`,
  inside: ["src/core/nouns/", "src/core/render/", ...doorways],
  npm: [sdk, "undici", "zod"],
  node: "all",
});
const store = (name: string, driver: Pick<Row, "npm" | "node">): Row => ({
  at: `src/store/${name}/`,
  inside: ["src/core/nouns/", "src/store/schema/", ...doorways],
  typesOnly: ["src/core/"],
  ...driver,
});

const table: readonly Row[] = [
  { at: "src/core/nouns/", inside: [] },
  { at: "src/core/flow/", inside: ["src/core/"], npm: ["zod"] },
  ...["conversation", "dates", "faq", "facts", "red-flags", "render", "schedule", "text"].map(corePart),
  { at: "src/app/", inside: ["src/core/"] },
  channel("telegram", "grammy"),
  channel("whatsapp", "twilio"),
  store("sqlite", { node: ["sqlite", "fs", "path", "timers"] }),
  store("postgres", { npm: ["pg"] }),
  { at: "src/store/schema/", inside: ["src/core/nouns/", ...doorways] },
  {
    at: "src/vault/",
    inside: ["src/core/nouns/", ...doorways],
    node: ["crypto", "fs", "fs/promises", "path"],
  },
  { at: "src/vault/chacha.ts", inside: [], npm: ["libsodium"] },
  {
    at: "src/content/",
    inside: [
      ...["flow", "faq", "facts", "red-flags", "text", "dates", "nouns"].map((part) => `src/core/${part}/`),
      ...["src/app/ports", "src/app/errors"],
    ],
    typesOnly: ["src/core/render/"],
    npm: ["gettext-parser", "i18next", "yaml"],
    node: ["fs", "fs/promises", "path"],
  },
  {
    at: "src/web/",
    inside: ["src/core/nouns/", "src/app/"],
    npm: ["fastify", "@fastify/", "zod"],
    node: "all",
  },
  {
    at: "src/cli/",
    // The socket's place is named by the one who listens there.
    inside: [
      ...["src/core/nouns/", "src/core/flow/", "src/app/", "src/content/", "src/draw/", "src/play/"],
      ...["src/main.ts", "src/config.ts", "src/wiring/", "src/web/control-path.ts"],
    ],
    npm: ["commander"],
    node: "all",
  },
  {
    at: "src/play/",
    inside: [
      ...[
        "src/core/",
        "src/app/ports.ts",
        "src/app/ports-channel.ts",
        "src/channels/",
        "src/web/playground/",
      ],
      "src/draw/condition-words.ts",
    ],
    npm: ["zod"],
  },
  {
    at: "src/draw/",
    inside: ["src/core/nouns/", "src/core/flow/", "src/core/render/bidi.ts"],
    npm: ["@dagrejs/dagre"],
  },
  { at: "src/config.ts", inside: [], npm: ["zod"] },
  {
    at: "src/wiring/",
    inside: [
      ...["app", "channels", "content", "core", "store", "vault", "web"].map((part) => `src/${part}/`),
      "src/config.ts",
    ],
    npm: ["pino"],
    node: "all",
  },
  { at: "src/main.ts", inside: ["src/wiring/"], node: "all" },
];

const forbiddenFolders = new Set(
  "common helper helpers lib managers misc service services shared util utils".split(" "),
);

type SourceFile = { readonly path: string; readonly source: string };
type Import = { readonly specifier: string; readonly typeOnly: boolean; readonly reExport: boolean };

const fromClause = /^[ \t]*(import|export)\b(\s+type\b)?([^;'"`]*?)\bfrom\s*["']([^"']+)["']/gm;
const sideEffect = /^[ \t]*import\s*["']([^"']+)["']/gm;
const dynamicImport = /\b(?:import|require)\s*\(\s*([^)\s]*)/g;
const literal = /^["'`]([^"'`$]+)["'`],?$/;

/** Every import, re-export, `import()` and `import("…").Type` of one file; a computed `import(x)` has the specifier `?`. */
function importsOf(source: string): Import[] {
  const named = [...source.matchAll(fromClause)].map((found) => ({
    specifier: found[4] ?? "?",
    typeOnly: found[2] !== undefined,
    reExport: found[1] === "export",
  }));
  const bare = [...source.matchAll(sideEffect)].map((found) => found[1] ?? "?");
  const dynamic = [...withoutComments(source).matchAll(dynamicImport)].map(
    (found) => literal.exec(found[1] ?? "")?.[1] ?? "?",
  );
  return [
    ...named,
    ...[...bare, ...dynamic].map((specifier) => ({ specifier, typeOnly: false, reExport: false })),
  ];
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
}

function rowOf(path: string): Row | undefined {
  return table.filter((row) => path.startsWith(row.at)).toSorted((a, b) => b.at.length - a.at.length)[0];
}

const startsWithAny = (path: string, beginnings: readonly string[]): boolean =>
  beginnings.some((beginning) => path.startsWith(beginning));

function refusedRelative(file: SourceFile, row: Row, one: Import): string | undefined {
  const extension = posix.extname(file.path);
  if (posix.extname(one.specifier) !== extension) return `does not end in ${extension}`;
  const target = posix.join(posix.dirname(file.path), one.specifier);
  const allowed = [row.at, ...row.inside, ...(one.typeOnly ? (row.typesOnly ?? []) : [])];
  return startsWithAny(target, allowed) ? undefined : `${row.at} may not import ${target}`;
}

function refusedNode(row: Row, name: string): string | undefined {
  const allowed = row.node === "all" || (row.node ?? []).includes(name);
  return allowed ? undefined : `${row.at} may not import node:${name}`;
}

function refusedPackage(row: Row, specifier: string): string | undefined {
  const owns = (name: string): boolean =>
    name.endsWith("/") ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`);
  return (row.npm ?? []).some(owns) ? undefined : `${row.at} may not import the package ${specifier}`;
}

function refused(file: SourceFile, row: Row, one: Import): string | undefined {
  if (one.reExport) return "re-exports: import the file that makes it";
  if (one.specifier === "?") return "imports a computed name";
  if (one.specifier.startsWith(".")) return refusedRelative(file, row, one);
  if (one.specifier.startsWith("node:")) return refusedNode(row, one.specifier.slice("node:".length));
  return refusedPackage(row, one.specifier);
}

function badPlace(path: string): string | undefined {
  if (/\/index\.[a-z]+$/.test(path)) return "is a barrel";
  const folder = posix
    .dirname(path)
    .split("/")
    .find((part) => forbiddenFolders.has(part));
  if (folder !== undefined) return `stands in a folder called ${folder}`;
  return rowOf(path) === undefined ? "stands in no folder of the table" : undefined;
}

/** What breaks the table in these files, one line each; a list without code is itself a fault, so a moved folder cannot pass unseen. */
function violations(files: readonly SourceFile[]): string[] {
  const code = files.filter((file) => /\.[cm]?[jt]sx?$/.test(file.path));
  if (code.length === 0) return ["no source file was seen"];
  return code.flatMap((file) => {
    const place = badPlace(file.path);
    const row = rowOf(file.path);
    if (place !== undefined || row === undefined) return [`${file.path}: ${place}`];
    return importsOf(file.source).flatMap((one) => {
      const reason = refused(file, row, one);
      return reason === undefined ? [] : [`${file.path}: "${one.specifier}" ${reason}`];
    });
  });
}

/** The parts that read what people write know the letters and endings of a language. */
const readers = ["src/core/text/", "src/core/dates/", "src/core/faq/", "src/core/red-flags/"] as const;
const arabicWord = /\p{Script=Arabic}{2}/u;
const arabicSentence = /(?:\p{Script=Arabic}{2,}\s+){2}\p{Script=Arabic}{2}/u;
/** `"$1")` is a group of the pattern before it. */
const dollars = /\$\d(?!\d?["'`]\))/;

/**
 * Words and legal figures live in locales/ and flows/, not here. One Arabic letter alone is not a word;
 * `$1` is a placeholder in PostgreSQL's statements.
 */
function wordsAndFigures(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, source }) => {
    const code = withoutComments(source);
    const arabic = startsWithAny(path, readers) ? arabicSentence : arabicWord;
    return [
      ...(arabic.test(code) ? [`${path}: holds words in Arabic script`] : []),
      ...(dollars.test(code) && !path.startsWith("src/store/postgres/")
        ? [`${path}: holds a sum in dollars`]
        : []),
    ];
  });
}

const root = fileURLToPath(new URL("..", import.meta.url));

function readSources(): SourceFile[] {
  return readdirSync(`${root}src`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:[cm]?[jt]sx?|css|html|sql)$/.test(entry.name))
    .map((entry) => posix.join(entry.parentPath, entry.name))
    .map((path) => ({ path: posix.relative(root, path), source: readFileSync(path, "utf8") }));
}

describe("architecture", () => {
  it("imports go only where the table lets them", () => {
    expect(violations(readSources())).toEqual([]);
  });

  it("src holds no words of a language and no sum of money", () => {
    expect(wordsAndFigures(readSources())).toEqual([]);
  });
});

describe("the check itself", () => {
  const refusedImports: readonly (readonly [path: string, source: string])[] = [
    ["src/core/nouns/a.ts", 'import { b } from "../text/b.ts";'],
    ["src/core/dates/a.ts", 'import { z } from "zod";'],
    ["src/core/flow/a.ts", 'import { hash } from "node:crypto";'],
    ["src/core/faq/a.ts", 'import type { Clock } from "../../app/ports.ts";'],
    ["src/core/faq/a.ts", 'import {\n  one,\n  two,\n} from "../../app/ports.ts";'],
    ["src/app/a.ts", 'import { b } from "../channels/telegram/b.ts";'],
    ["src/app/a.ts", 'import "node:fs";'],
    ["src/app/a.ts", 'import { b } from "fastify";'],
    ["src/channels/telegram/a.ts", 'import { b } from "../whatsapp/b.ts";'],
    ["src/channels/telegram/a.ts", 'import twilio from "twilio";'],
    ["src/channels/whatsapp/a.ts", 'import { b } from "../../app/receive-message.ts";'],
    ["src/channels/whatsapp/a.ts", 'import { b } from "../../core/flow/b.ts";'],
    ["src/store/sqlite/a.ts", 'import { b } from "../postgres/b.ts";'],
    ["src/store/sqlite/a.ts", 'import { b } from "../../core/conversation/b.ts";'],
    ["src/store/postgres/a.ts", 'import { DatabaseSync } from "node:sqlite";'],
    ["src/vault/a.ts", 'import { get } from "node:http";'],
    ["src/vault/a.ts", 'import sodium from "libsodium";'],
    ["src/content/a.ts", 'import { b } from "../core/conversation/b.ts";'],
    ["src/web/a.ts", 'import { b } from "../store/sqlite/b.ts";'],
    ["src/web/a.ts", 'import { b } from "fastify-unknown";'],
    ["src/cli/a.ts", 'import { b } from "../web/b.ts";'],
    ["src/draw/a.ts", 'import { b } from "../content/b.ts";'],
    ["src/play/a.ts", 'import { b } from "../store/sqlite/b.ts";'],
    ["src/play/a.ts", 'import "node:fs";'],
    ["src/draw/a.ts", 'import "node:fs";'],
    ["src/config.ts", 'import pino from "pino";'],
    ["src/main.ts", 'import { Bot } from "grammy";'],
    ["src/wiring/a.ts", 'import { Bot } from "grammy";'],
    ["src/wiring/a.ts", 'import { b } from "../cli/b.ts";'],
    ["src/main.ts", 'import { b } from "./web/b.ts";'],
    ["src/main.ts", 'import { b } from "../tests/b.ts";'],
    ["src/main.ts", 'import { b } from "./app/b.js";'],
    ["src/main.ts", 'import { b } from "./app/b";'],
    ["src/app/a.ts", 'export { b } from "./b.ts";'],
    ["src/app/a.ts", 'export type * from "./b.ts";'],
    ["src/app/a.ts", 'const b = await import("../web/b.ts");'],
    ["src/app/a.ts", 'type B = import("../web/b.ts").B;'],
    ["src/app/a.ts", "const b = await import(name);"],
    ["src/app/index.ts", "export const a = 1;"],
    ["src/app/helpers/a.ts", "export const a = 1;"],
    ["src/elsewhere/a.ts", "export const a = 1;"],
    ["src/core/unheard-of/a.ts", "export const a = 1;"],
    ["src/other.ts", "export const a = 1;"],
  ];
  it.each(refusedImports)("refuses in %s: %s", (path, source) => {
    expect(violations([{ path, source }])).toHaveLength(1);
  });

  const grantedImports: readonly (readonly [path: string, source: string])[] = [
    ["src/core/flow/a.ts", 'import { z } from "zod";\nimport type { Ms } from "../nouns/time.ts";'],
    ["src/core/conversation/steps/a.ts", 'import { b } from "../../flow/b.ts";'],
    ["src/app/a.ts", 'import { b } from "../core/conversation/b.ts";\n/* import("../web/b.ts") */'],
    ["src/channels/telegram/a.ts", 'import { Api } from "grammy";\nimport { hash } from "node:crypto";'],
    ["src/store/sqlite/a.ts", 'import type { Session } from "../../core/conversation/session.ts";'],
    ["src/web/a.ts", 'import formbody from "@fastify/formbody";\nimport type { P } from "../app/ports.ts";'],
    ["src/wiring/a.ts", 'import pino from "pino";\nimport { b } from "../web/b.ts";'],
    ["src/main.ts", 'import { b } from "./wiring/b.ts";'],
  ];
  it.each(grantedImports)("grants in %s: %s", (path, source) => {
    expect(violations([{ path, source }])).toEqual([]);
  });

  it("refuses to pass on no files", () => {
    expect(violations([])).toEqual(["no source file was seen"]);
    expect(violations([{ path: "src/web/playground/page.css", source: "" }])).toHaveLength(1);
  });

  it.each([
    ["src/app/a.ts", 'const greeting = "سلام";', 1],
    ["src/web/playground/page.html", "<p>سلام</p>", 1],
    ["src/core/text/a.ts", 'const greeting = "به پروانه خوش آمدید";', 1],
    ["src/app/a.ts", 'const fee = "$1,050";', 1],
    ["src/app/a.ts", 'const fees = ["$60"];', 1],
    ["src/app/a.ts", 'const yeh = "ی"; // سلام', 0],
    ["src/core/faq/a.ts", 'const endings = ["هایم", "هایش"];', 0],
    ["src/core/text/a.ts", 'text.replace(/(a)b/, "$1");', 0],
    ["src/store/postgres/a.ts", "where id = $1 and at > $2", 0],
  ])("in %s finds the words and sums of: %s", (path, source, faults) => {
    expect(wordsAndFigures([{ path, source }])).toHaveLength(faults);
  });
});
