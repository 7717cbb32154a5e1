import type { Language } from "../nouns/language.ts";

/** A JSON value as read from a file. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** One file as read: its path as people know it, its data, and where each part of the data stands. */
export type SourceFile = {
  /** Relative to the project, e.g. `flows/screening/start.yaml`. */
  readonly path: string;
  readonly data: Json;
  /** The 1-based line of the value at a path of keys and indexes (of its nearest parent when it is not there). */
  readonly lineOf: (path: readonly (string | number)[]) => number;
};

/** Everything under `flows/` and `locales/`, read but not yet understood. */
export type Source = {
  /** Files below `flows/` by name: the path below it without the ending. */
  readonly flows: ReadonlyMap<string, SourceFile>;
  /** Files below `locales/<language>/` by language, then by name. */
  readonly locales: ReadonlyMap<Language, ReadonlyMap<string, SourceFile>>;
};

/** Something wrong with the content: where, what, and how to mend it. */
export type Issue = {
  readonly level: "error" | "warning";
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly mend: string;
  /** How a person comes there: a line for each question, with what is answered. */
  readonly transcript?: readonly string[];
};

/** The language all others are translated from. */
export const sourceLanguage: Language = "en";

/** The value at a path of keys, or undefined. */
export function valueAt(data: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  let at: Json | undefined = data;
  for (const key of path) {
    if (Array.isArray(at)) at = at[Number(key)];
    else if (isJsonObject(at)) at = Object.hasOwn(at, String(key)) ? at[String(key)] : undefined;
    else return undefined;
  }
  return at;
}

/** Whether the value is an object (and neither null nor a list). */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The texts of a value that is a list of texts; everything else gives none. */
export function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** An issue at a place in a file. */
export function issueAt(
  file: SourceFile,
  path: readonly (string | number)[],
  what: string,
  mend: string,
  level: Issue["level"] = "error",
): Issue {
  return { level, file: file.path, line: file.lineOf(path), what, mend };
}
