import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Problem } from "../../app/errors.ts";
import type { Language } from "../../core/nouns/language.ts";

/** The page's own few words, by language. */
export type PageWords = Readonly<Record<Language, Readonly<Record<string, string>>>>;

const wordsSchema = z.record(z.string(), z.string());
const fileName = "playground.json";

/**
 * Reads `<folder>/<language>/playground.json` of every language that has one.
 * Throws a `content` Problem that names a file that cannot be used.
 */
export async function readPageWords(folder: string): Promise<PageWords> {
  const entries = await readdir(folder, { withFileTypes: true });
  const languages = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const read = await Promise.all(
    languages.sort().map(async (language) => [language, await readOne(folder, language)] as const),
  );
  return Object.fromEntries(
    read.flatMap(([language, words]) => (words === undefined ? [] : [[language, words]])),
  );
}

async function readOne(folder: string, language: Language): Promise<PageWords[string] | undefined> {
  const file = join(folder, language, fileName);
  try {
    return wordsSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new Problem("content", `${file}: cannot be read as words; it has to be JSON with texts only`, {
      cause,
    });
  }
}
