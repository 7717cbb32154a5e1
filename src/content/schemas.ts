import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { isFlowFile } from "../core/flow/compile.ts";
import {
  commandsSchema,
  factsSchema,
  faqSchema,
  redFlagsSchema,
  reminderSchema,
  sourcesSchema,
  templatesSchema,
} from "../core/flow/file-schemas.ts";
import { flowSchema } from "../core/flow/schema.ts";

const schemas = {
  flow: flowSchema,
  commands: commandsSchema,
  faq: faqSchema,
  reminder: reminderSchema,
  facts: factsSchema,
  sources: sourcesSchema,
  templates: templatesSchema,
  "red-flags": redFlagsSchema,
} as const;

/** JSON Schemas of the files in `flows/` as authors write them (defaults may be left out), by file name, for editors. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  const named = Object.entries(schemas);
  return Object.fromEntries(
    named.map(([name, schema]) => [`${name}.schema.json`, schema.toJSONSchema({ io: "input" })]),
  );
}

/** A schema file's text. */
export function schemaText(schema: object): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/**
 * Writes every schema into `<root>/flows/`, and into each YAML file below it the line that tells editors which is its
 * own. Gives the paths of what was not so already.
 */
export function writeSchemas(root: string): readonly string[] {
  const written = Object.entries(jsonSchemas()).map(
    ([name, schema]) => [join("flows", name), schemaText(schema)] as const,
  );
  const pointed = yamlFiles(root).map((name) => {
    const path = join("flows", name);
    return [path, withSchemaLine(name, readFileSync(join(root, path), "utf8"))] as const;
  });
  return [...written, ...pointed].flatMap(([path, text]) =>
    writeIfNew(join(root, path), text) ? [path] : [],
  );
}

const mark = "# yaml-language-server:";

/** The line that tells editors which schema a YAML file has (its path below `flows/`). */
export function schemaLine(name: string): string {
  const up = posix.relative(posix.dirname(name), ".");
  return `${mark} $schema=${up === "" ? "." : up}/${schemaNameOf(name.replace(/\.yaml$/, ""))}.schema.json`;
}

function schemaNameOf(name: string): string {
  if (isFlowFile(name)) return "flow";
  if (name.startsWith("faq/")) return "faq";
  return name.startsWith("reminders/") ? "reminder" : name;
}

function withSchemaLine(name: string, text: string): string {
  const own = text.startsWith(mark) ? text.slice(text.indexOf("\n") + 1) : text;
  return `${schemaLine(name)}\n${own}`;
}

function yamlFiles(root: string): readonly string[] {
  return readdirSync(join(root, "flows"), { recursive: true, encoding: "utf8" })
    .map((name) => name.split(/[\\/]/).join("/"))
    .filter((name) => name.endsWith(".yaml"))
    .sort();
}

function writeIfNew(path: string, text: string): boolean {
  if (textAt(path) === text) return false;
  writeFileSync(path, text);
  return true;
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
