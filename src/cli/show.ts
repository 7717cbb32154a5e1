/** Values that are points in time (ms since the epoch). */
const moments: ReadonlySet<string> = new Set(["at", "createdAt"]);

type Fields = Readonly<Record<string, unknown>>;

/** Plain data as JSON for programs, or as text for people. Ends with a line break unless there is nothing to show. */
export function show(data: unknown, json: boolean): string {
  const text = json ? JSON.stringify(data, undefined, 2) : readable(data);
  return text === "" ? "" : `${text}\n`;
}

/**
 * A list as a table, an object as lines `name  value` with what is nested in it in blocks below. Columns and lines
 * are named by their keys.
 */
function readable(data: unknown): string {
  if (Array.isArray(data)) return table(data.filter(isFields));
  if (!isFields(data)) return cell("", data);
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  const plain = entries.filter(([, value]) => typeof value !== "object");
  const nested = entries.filter(([, value]) => typeof value === "object").map(([, value]) => readable(value));
  const lines = columns(plain.map(([key, value]) => [heading(key), cell(key, value)]));
  return [lines, ...nested].filter((block) => block !== "").join("\n\n");
}

/** Rows with one column for every key that one of them has; empty for no rows. */
export function table(rows: readonly Fields[]): string {
  if (rows.length === 0) return "";
  const keys = [...new Set(rows.flatMap(Object.keys))];
  return columns([keys.map(heading), ...rows.map((row) => keys.map((key) => cell(key, row[key])))]);
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((text, at) => text.padEnd(widths[at] ?? 0)).join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}

/** `byTemplate` as `by template`. */
function heading(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function cell(key: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" && moments.has(key)) return new Date(value).toISOString();
  if (Array.isArray(value)) return value.map((item) => cell("", item)).join(", ");
  if (isFields(value)) return Object.entries(value).map(pair).join(", ");
  return String(value).replaceAll(/\p{Cc}+/gu, " ");
}

/** Counts as `blocked 3`, texts as they are given on the command line, `en=News`. */
function pair([key, value]: readonly [string, unknown]): string {
  return `${key}${typeof value === "number" ? " " : "="}${cell(key, value)}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
