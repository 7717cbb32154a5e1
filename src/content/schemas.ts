import { writeFileSync } from "node:fs";
import { join } from "node:path";
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

/** Writes every schema into `<root>/flows/`. */
export function writeSchemas(root: string): void {
  for (const [name, schema] of Object.entries(jsonSchemas())) {
    writeFileSync(join(root, "flows", name), schemaText(schema));
  }
}
