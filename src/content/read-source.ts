import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Issue, Source, SourceFile } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { readJson } from "./read-json.ts";
import { readYaml } from "./read-yaml.ts";
import { type Mark, maxDepth, maxFileBytes, Refusal, type Understood } from "./refusal.ts";

/** What was read, and what could not be: a file with an issue is not in the source at all. */
export type ReadSource = { readonly source: Source; readonly issues: readonly Issue[] };

type Format = { readonly ending: string; readonly read: (text: string) => Understood };
type Found = { readonly name: string; readonly path: string };

const yaml: Format = { ending: ".yaml", read: readYaml };
const json: Format = { ending: ".json", read: readJson };
/** In a language's folder, but not words: see `read-status.ts`. */
const statusFile = "status.json";

/**
 * Reads `<root>/flows` (YAML) and `<root>/locales/<language>` (JSON) from the disk. Whatever is wrong with a file
 * becomes an issue with its line; nothing is thrown. Names that begin with a dot and `*.schema.json` are passed over.
 */
export function readSource(root: string): ReadSource {
  const issues: Issue[] = [];
  const flows = readFolder(root, "flows", yaml, issues);
  const languages = folderNames(root, "locales", issues).map(
    (language) => [language, readFolder(root, `locales/${language}`, json, issues)] as const,
  );
  return { source: { flows, locales: new Map(languages) }, issues };
}

/** Reads one JSON file (its path relative to the root) by the rules of content; undefined when it has an issue or is not there. */
export function readJsonFile(root: string, path: string, issues: Issue[]): SourceFile | undefined {
  return existsSync(join(root, path)) ? readFile(root, path, json, issues) : undefined;
}

function readFolder(root: string, folder: string, format: Format, issues: Issue[]): Map<string, SourceFile> {
  const files = new Map<string, SourceFile>();
  for (const { name, path } of filesBelow(root, folder, "", format, issues)) {
    const file = readFile(root, path, format, issues);
    if (file !== undefined) files.set(name, file);
  }
  return files;
}

function filesBelow(
  root: string,
  folder: string,
  below: string,
  format: Format,
  issues: Issue[],
): readonly Found[] {
  const here = below === "" ? folder : `${folder}/${below}`;
  return entriesOf(root, here, issues).flatMap((entry): readonly Found[] => {
    const inside = below === "" ? entry.name : `${below}/${entry.name}`;
    // A link counts as a file: so a link to a folder above can't be followed round and round.
    if (entry.isDirectory()) return filesBelow(root, folder, inside, format, issues);
    if (isBeside(inside)) return [];
    if (entry.name.endsWith(format.ending)) {
      return [{ name: inside.slice(0, -format.ending.length), path: `${folder}/${inside}` }];
    }
    const mend = `only *${format.ending} files belong here: rename it, or move it elsewhere`;
    issues.push(issue(`${folder}/${inside}`, 1, "this kind of file is not read", mend));
    return [];
  });
}

/** Files that belong in the folders and are not content: editors' schemas, how far a translation is. */
function isBeside(inside: string): boolean {
  return inside.endsWith(".schema.json") || inside === statusFile;
}

function folderNames(root: string, folder: string, issues: Issue[]): readonly Language[] {
  return entriesOf(root, folder, issues).flatMap((entry) => {
    if (entry.isDirectory() && isLanguageTag(entry.name)) return [entry.name];
    const mend =
      "a folder here is named like a language, for example `es` or `fa-AF`; files stand inside one";
    issues.push(issue(`${folder}/${entry.name}`, 1, "this is not a language's folder", mend));
    return [];
  });
}

function isLanguageTag(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name)[0] === name;
  } catch {
    return false;
  }
}

/** What stands in a folder, by name, so that issues and hashes come out alike on every machine. */
function entriesOf(root: string, folder: string, issues: Issue[]): readonly Dirent[] {
  if (folder.split("/").length > maxDepth) {
    issues.push(issue(folder, 1, "the folder stands too deep", "move it up"));
    return [];
  }
  try {
    return readdirSync(join(root, folder), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith("."))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    issues.push(
      issue(
        folder,
        1,
        `the folder can't be read (${codeOf(error)})`,
        "restore it, or let this program read it",
      ),
    );
    return [];
  }
}

function readFile(root: string, path: string, { read }: Format, issues: Issue[]): SourceFile | undefined {
  const text = readText(root, path, issues);
  if (text === undefined) return undefined;
  try {
    const { data } = read(text);
    return { path, data, lineOf: lineFinder(text, read) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    issues.push(issue(path, lineAt(text, error.at), error.message, error.mend));
    return undefined;
  }
}

function readText(root: string, path: string, issues: Issue[]): string | undefined {
  try {
    const { size } = statSync(join(root, path));
    if (size > maxFileBytes) {
      issues.push(
        issue(path, 1, `the file is larger than ${maxFileBytes} bytes`, "divide it into several files"),
      );
      return undefined;
    }
    const bytes = readFileSync(join(root, path));
    const text = decoded(bytes);
    if (text === undefined)
      issues.push(issue(path, brokenLine(bytes), "this line is not UTF-8", "save the file as UTF-8"));
    return text;
  } catch (error) {
    issues.push(
      issue(path, 1, `the file can't be read (${codeOf(error)})`, "let this program read it, or remove it"),
    );
    return undefined;
  }
}

/** The text of UTF-8 bytes without a byte order mark; undefined when they are not UTF-8. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first line that is not UTF-8. A line break's byte is never part of a longer character. */
function brokenLine(bytes: Uint8Array): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const next = end < 0 ? bytes.length : end + 1;
    if (decoded(bytes.subarray(from, next)) === undefined) return line;
    from = next;
  }
  return line;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** Places are asked for only where something is wrong, so the file is read a second time then. */
function lineFinder(text: string, read: Format["read"]): SourceFile["lineOf"] {
  let root: Mark | undefined;
  return (path) => {
    root ??= read(text).mark;
    let mark = root;
    for (const key of path) {
      const inner = mark.inside?.get(String(key));
      if (inner === undefined) break;
      mark = inner;
    }
    return lineAt(text, mark.at);
  };
}

function issue(file: string, line: number, what: string, mend: string): Issue {
  return { level: "error", file, line, what, mend };
}
