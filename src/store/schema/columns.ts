/** One row as a driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** The column's number; throws TypeError when the schema is not what this program expects. */
export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw unexpected(column);
}

/** The same for a text. */
export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw unexpected(column);
}

/** The same for bytes. */
export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw unexpected(column);
}

/** A number, where the column may be empty. */
export function optionalNumberIn(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : numberIn(row, column);
}

/** A text, where the column may be empty. */
export function optionalTextIn(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textIn(row, column);
}

/** Bytes, where the column may be empty. */
export function optionalBytesIn(row: Row, column: string): Uint8Array | undefined {
  return row[column] === null ? undefined : bytesIn(row, column);
}

/** The column's text, when it is one of the keys of `known`. */
export function oneOfIn<Known extends string>(
  row: Row,
  column: string,
  known: Readonly<Record<Known, unknown>>,
): Known {
  const value = textIn(row, column);
  if (isKey(value, known)) return value;
  throw unexpected(column);
}

function isKey<Known extends string>(value: string, known: Readonly<Record<Known, unknown>>): value is Known {
  return Object.hasOwn(known, value);
}

/** A JSON object of texts, as `titles` and `texts` are kept. */
export function textsIn(row: Row, column: string): Readonly<Record<string, string>> {
  const value: unknown = JSON.parse(textIn(row, column));
  if (isTexts(value)) return value;
  throw unexpected(column);
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((text) => typeof text === "string")
  );
}

function unexpected(column: string): TypeError {
  return new TypeError(`the column ${column} does not hold what this version of the program stores there`);
}
