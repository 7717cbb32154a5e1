import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonSchemas, schemaText, writeSchemas } from "../../src/content/schemas.ts";
import { projectRoot, tree } from "./tree.ts";

const schemas = Object.entries(jsonSchemas());

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

  it("let authors leave out what has a default, and know conditions", () => {
    const flow = jsonSchemas()["flow.schema.json"];
    expect(flow).toMatchObject({ type: "object", required: ["start", "steps"], additionalProperties: false });
    expect(JSON.stringify(flow)).toContain('"older-than"');
  });
});
