import type { z } from "zod";
import type { Language } from "../nouns/language.ts";
import { mendOf, whatIs } from "./schema-issue.ts";
import {
  type Issue,
  issueAt,
  type Json,
  type Source,
  type SourceFile,
  sourceLanguage,
  textsOf,
  valueAt,
} from "./source.ts";

/** The compiler at work: the source, and what was found wrong so far. */
export type Reading = {
  readonly source: Source;
  readonly languages: readonly Language[];
  readonly issues: Issue[];
};

/** Reads a file by its schema; what does not fit becomes issues with the file's lines. */
export function readFile<T>(reading: Reading, file: SourceFile, schema: z.ZodType<T>): T | undefined {
  const read = schema.safeParse(file.data, { reportInput: true });
  if (read.success) return read.data;
  for (const issue of read.error.issues) {
    const path = issue.path.filter((key): key is string | number => typeof key !== "symbol");
    reading.issues.push(
      issueAt(file, path, `${path.join(".") || "the file"}: ${whatIs(issue)}`, mendOf(issue)),
    );
  }
  return undefined;
}

/** A flow file by its name; an issue when it is missing. */
export function flowFile(reading: Reading, name: string): SourceFile | undefined {
  const file = reading.source.flows.get(name);
  if (file === undefined)
    reading.issues.push({
      level: "error",
      file: `flows/${name}.yaml`,
      line: 1,
      what: "the file is missing",
      mend: "every installation needs it; restore it",
    });
  return file;
}

/** The value of a word key `<file>:<path>` in a language, as it stands in the file. */
export function wordsAt(reading: Pick<Reading, "source">, language: Language, key: string): Json | undefined {
  const colon = key.indexOf(":");
  const file = reading.source.locales.get(language)?.get(key.slice(0, colon));
  return valueAt(file?.data, key.slice(colon + 1).split("."));
}

/** The texts under a key in a language: those of a list, or one. */
export function textsIn(reading: Reading, language: Language, key: string): readonly string[] {
  const at = wordsAt(reading, language, key);
  return typeof at === "string" ? [at] : textsOf(at);
}

/** The texts under a key in every language together. */
export function textsInAll(reading: Reading, key: string): readonly string[] {
  return reading.languages.flatMap((language) => textsIn(reading, language, key));
}

/** Whether the source language has a text under this key. */
export function hasWords(reading: Reading, key: string): boolean {
  return typeof wordsAt(reading, sourceLanguage, key) === "string";
}

/** Says that a text is missing in the source language, when it is. */
export function needWords(reading: Reading, key: string): void {
  if (hasWords(reading, key)) return;
  const [name = "", path = ""] = key.split(":");
  const file = reading.source.locales.get(sourceLanguage)?.get(name);
  reading.issues.push({
    level: "error",
    file: file?.path ?? `locales/${sourceLanguage}/${name}.json`,
    line: file?.lineOf(path.split(".")) ?? 1,
    what:
      wordsAt(reading, sourceLanguage, key) === undefined
        ? `the text \`${path}\` is missing`
        : `\`${path}\` is no text`,
    mend: "write it in English, then in the other languages",
  });
}
