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
      return issue.input === undefined ? "it is missing" : `it can't be ${nameOf(issue.input)}`;
    case "invalid_union":
      return noneOf(issue);
    case "invalid_key":
      return issue.issues[0]?.message ?? issue.message;
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
      return mendOfKeys(issue.keys);
    case "invalid_value":
      return `use one of ${quoted(issue.values.map(String))}`;
    case "invalid_type":
      return `write ${typeName(issue.expected)}`;
    case "invalid_union":
      return mendOfUnion(issue);
    case "too_small":
      return `write ${isNumber(issue.origin) ? "a larger number" : "more"}`;
    case "too_big":
      return `write ${isNumber(issue.origin) ? "a smaller number" : "less"}`;
    case "invalid_key":
      return asName(issue.path.at(-1));
    case "invalid_format":
      return issue.format === "regex" ? asName(issue.input) : (formatMends[issue.format] ?? seeGuide);
    default:
      return seeGuide;
  }
}

/** What stands in the files of words, and is often written beside the step. */
const wordFields: ReadonlySet<string> = new Set([
  "text",
  "heading",
  "note",
  "help",
  "label",
  "title",
  "short",
  "more",
  "accept",
]);

function mendOfKeys(keys: readonly string[]): string {
  return keys.every((key) => wordFields.has(key))
    ? `words stand in the file of the same name in locales/en/: write ${quoted(keys)} there, under the name`
    : `remove or correct ${quoted(keys)}`;
}

function mendOfUnion({ errors, message }: z.core.$ZodIssueInvalidUnion): string {
  if (errors.length > 0)
    return tellsHow(message) ? message : "see docs/authoring.md for the forms it can have";
  return message
    .replace(/^.*Expected /, "use one of ")
    .replaceAll("'", "`")
    .replaceAll(" | ", ", ");
}

function isNumber(origin: string): boolean {
  return origin === "number" || origin === "int";
}

const seeGuide = "see docs/authoring.md";

/** A union's own message says how to mend it when it begins so, else what is wrong with it. */
function tellsHow(message: string): boolean {
  return message.startsWith("write ");
}

function noneOf(issue: z.core.$ZodIssueInvalidUnion): string {
  const { input, message, errors } = issue;
  if (errors.length === 0) return noSuchKind(issue);
  if (input === undefined) return "it is missing";
  return tellsHow(message) ? `it can't be ${nameOf(input)}` : message;
}

/** The name that somebody meant: lower-case words joined by hyphens, and whatever joins names to longer ones. */
function asName(written: unknown): string {
  const name = String(written)
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9./]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return /^[a-z0-9]/.test(name) ? `write \`${name}\`, wherever it is named` : "use letters from a to z";
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

const formatMends: Readonly<Record<string, string>> = {
  date: 'write year, month and day, in quotes: "2026-01-31"',
  url: "write the whole address of the page, like https://www.uscis.gov/i-131",
};

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
