import { isObject, type Payload, parseJson } from "../wire/shapes.ts";
import type { Content, Read } from "./content-types.ts";

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;
const MOST_VARIABLES = 100;
/** Error 63013: newlines, tabs and more than four spaces in a row are against the channel's policy. */
const AGAINST_POLICY = /[\n\r\t]| {5}/;

/** Gives the names in the placeholders of a record's types; they have to be 1, 2, 3 … without a gap. */
export function readPlaceholders(types: unknown): Read<readonly string[]> {
  const names = new Set([...JSON.stringify(types).matchAll(PLACEHOLDER)].map(([, name]) => name ?? ""));
  if (names.size > MOST_VARIABLES) return { kind: "wrong", reason: `more than ${MOST_VARIABLES} variables` };
  const expected = Array.from(names, (_name, index) => String(index + 1));
  const gap = expected.find((name) => !names.has(name));
  if (gap !== undefined)
    return { kind: "wrong", reason: `variables must be sequential: {{${gap}}} is missing` };
  return { kind: "read", value: expected };
}

/** Gives why the default values of a record are wrong, or undefined. */
export function checkDefaults(variables: unknown, names: readonly string[]): string | undefined {
  if (variables === undefined) return undefined;
  if (!isObject(variables)) return "variables must be an object";
  const stranger = Object.keys(variables).find((name) => !names.includes(name));
  if (stranger !== undefined) return `variable "${stranger}" is in no placeholder`;
  const wrong = Object.entries(variables).find(([, value]) => typeof value !== "string");
  return wrong === undefined ? undefined : `variable "${wrong[0]}" must be a string`;
}

export interface Filled {
  readonly content: Content;
  /** True where a value is empty, null or against the channel's policy: taken, and failed later with 63013. */
  readonly againstPolicy: boolean;
}

/** Fills `ContentVariables` (a JSON text of strings) into a content. */
export function fillIn(
  content: Content,
  defaults: Payload,
  names: readonly string[],
  contentVariables: string | undefined,
): Read<Filled> {
  const given = contentVariables === undefined ? {} : parseJson(contentVariables)?.value;
  if (!isObject(given)) return { kind: "wrong", reason: "ContentVariables is not a JSON object" };
  const wrong = Object.entries(given).find(
    ([name, value]) => !names.includes(name) || !(value === null || typeof value === "string"),
  );
  if (wrong !== undefined)
    return { kind: "wrong", reason: `ContentVariables: "${wrong[0]}" is not expected, or no string` };
  const values = { ...defaults, ...given };
  const againstPolicy = names.some((name) => {
    const value = values[name];
    return typeof value !== "string" || value.trim() === "" || AGAINST_POLICY.test(value);
  });
  return { kind: "read", value: { content: replaced(content, values), againstPolicy } };
}

function replaced(content: Content, values: Payload): Content {
  const fill = (text: string) =>
    text.replaceAll(PLACEHOLDER, (_all, name: string) => String(values[name] ?? ""));
  switch (content.kind) {
    case "text":
      return { kind: "text", body: fill(content.body) };
    case "quick-reply":
      return {
        ...content,
        body: fill(content.body),
        actions: content.actions.map(({ title, id }) => ({ title: fill(title), id: fill(id) })),
      };
    case "list-picker":
      return {
        ...content,
        body: fill(content.body),
        button: fill(content.button),
        items: content.items.map(({ id, item, description }) => ({
          id: fill(id),
          item: fill(item),
          description: description === undefined ? undefined : fill(description),
        })),
      };
  }
}
