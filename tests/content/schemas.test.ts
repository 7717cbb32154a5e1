import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonSchemas, schemaLine, schemaText, writeSchemas } from "../../src/content/schemas.ts";
import { projectRoot } from "../project-root.ts";
import { tree } from "./tree.ts";

const schemas = Object.entries(jsonSchemas());
const yamlFiles = readdirSync(join(projectRoot, "flows"), { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".yaml"),
);

/** Fields whose names say all there is to say. */
const plain = new Set(["kind", "next", "do"]);

/** The fields of a schema that an editor could say nothing about. */
function undescribed(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, inner]: [string, unknown]) => {
    const here = `${path}.${key}`;
    if (key !== "properties" || typeof inner !== "object" || inner === null) return undescribed(inner, here);
    return Object.entries(inner).flatMap(([name, field]: [string, unknown]) => [
      ...(plain.has(name) || isDescribed(field) ? [] : [`${here}.${name}`]),
      ...undescribed(field, `${here}.${name}`),
    ]);
  });
}

function isDescribed(field: unknown): boolean {
  return typeof field === "object" && field !== null && ("description" in field || "$ref" in field);
}

describe("the schemas for editors", () => {
  it.each(schemas)("flows/%s is what the code generates (write it anew when this fails)", (name, schema) => {
    expect(readFileSync(join(projectRoot, "flows", name), "utf8")).toBe(schemaText(schema));
  });

  it("are written where editors look", () => {
    const root = tree({});
    writeSchemas(root);
    for (const [name, schema] of schemas) {
      expect(JSON.parse(readFileSync(join(root, "flows", name), "utf8"))).toEqual(
        JSON.parse(schemaText(schema)),
      );
    }
  });

  it.each(yamlFiles)("are named at the top of flows/%s (`npx parwana schemas` writes the line)", (name) => {
    const [first] = readFileSync(join(projectRoot, "flows", name), "utf8").split("\n");
    expect(first).toBe(schemaLine(name));
    const path = /\$schema=(.+)$/.exec(first ?? "")?.[1] ?? "";
    expect(existsSync(join(projectRoot, "flows", dirname(name), path))).toBe(true);
  });

  it("are named in files that lack them, and nothing is written twice", () => {
    const root = tree({
      "flows/menu.yaml": "start: a\n",
      "flows/faq/basics.yaml": "# yaml-language-server: $schema=old.json\n# Basics\nentries: []\n",
    });
    expect(writeSchemas(root)).toContain("flows/menu.yaml");
    expect(readFileSync(join(root, "flows/menu.yaml"), "utf8")).toBe(
      "# yaml-language-server: $schema=./flow.schema.json\nstart: a\n",
    );
    expect(readFileSync(join(root, "flows/faq/basics.yaml"), "utf8")).toBe(
      "# yaml-language-server: $schema=../faq.schema.json\n# Basics\nentries: []\n",
    );
    expect(writeSchemas(root)).toEqual([]);
  });

  it("say of every field what it is for", () => {
    expect(Object.entries(jsonSchemas()).flatMap(([name, schema]) => undescribed(schema, name))).toEqual([]);
  });

  it("let authors leave out what has a default, and know conditions", () => {
    const flow = jsonSchemas()["flow.schema.json"];
    expect(flow).toMatchObject({ type: "object", required: ["start", "steps"], additionalProperties: false });
    expect(JSON.stringify(flow)).toContain('"older-than"');
  });
});
