import type { z } from "zod";

type SchemaIssue = z.core.$ZodIssue;

/** What is wrong with a value that does not fit its schema, in words for people who write content. */
export function whatIs(issue: SchemaIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "it is missing"
        : `it has to be ${typeName(issue.expected)}, not ${nameOf(issue.input)}`;
    case "unrecognized_keys":
      return issue.message.startsWith("Unrecognized")
        ? `there is no field ${quoted(issue.keys)} here`
        : issue.message;
    case "invalid_value":
      return `it can't be ${nameOf(issue.input)}`;
    case "invalid_union":
      return issue.errors.length === 0 ? noSuchKind(issue) : issue.message;
    case "too_small":
      return `it has to ${size(issue.origin, "at least", issue.minimum)}`;
    case "too_big":
      return `it has to ${size(issue.origin, "at most", issue.maximum)}`;
    case "invalid_format":
      return formats[issue.format] ?? issue.message;
    default:
      return issue.message;
  }
}

/** How to mend it. */
export function mendOf(issue: SchemaIssue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `remove or correct ${quoted(issue.keys)}`;
    case "invalid_value":
      return `use one of ${quoted(issue.values.map(String))}`;
    case "invalid_type":
      return `write ${typeName(issue.expected)}`;
    case "invalid_union":
      return issue.errors.length === 0
        ? issue.message
            .replace(/^.*Expected /, "use one of ")
            .replaceAll("'", "`")
            .replaceAll(" | ", ", ")
        : "see docs/authoring.md for the forms it can have";
    case "too_small":
      return issue.origin === "number" || issue.origin === "int" ? "write a larger number" : "write more";
    case "too_big":
      return issue.origin === "number" || issue.origin === "int" ? "write a smaller number" : "write less";
    default:
      return "see docs/authoring.md";
  }
}

function noSuchKind({ input, discriminator = "kind" }: z.core.$ZodIssueInvalidUnion): string {
  const named: unknown =
    typeof input === "object" && input !== null
      ? Object.entries(input).find(([key]) => key === discriminator)?.[1]
      : input;
  return named === undefined
    ? `its \`${discriminator}\` is missing`
    : `there is no ${discriminator} ${nameOf(named)}`;
}

const formats: Readonly<Record<string, string>> = {
  date: "it is no day like 2026-01-31",
  url: "it is no address that begins with https://",
};

/** A value as people call it: short ones as they stand, others by their type. */
function nameOf(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "lines of `key: value`";
  return `\`${String(value)}\``;
}

const types: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "lines of `key: value`",
  record: "lines of `key: value`",
};

function typeName(type: string): string {
  return types[type] ?? type;
}

const lengths: Readonly<Record<string, string>> = { string: "character", array: "item", set: "item" };

function size(origin: string, bound: string, count: number | bigint): string {
  const unit = lengths[origin];
  if (unit === undefined) return `be ${bound} ${count}`;
  return `have ${bound} ${count} ${unit}${Number(count) === 1 ? "" : "s"}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
