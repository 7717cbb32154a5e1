import { z } from "zod";
import { type Issue, issueAt, type Source } from "../source.ts";

/**
 * `glossary.json` of a language. `terms`: in English the words that mean a term; elsewhere the ways it may stand in a
 * translation, each from the beginning of a word on, so that endings are free. `forbidden`: words that no text may use,
 * each with what to say instead. `units`: words behind a number that make it a length of time or a sum of money.
 */
const glossarySchema = z.strictObject({
  terms: z.record(z.string(), z.array(z.string()).min(1)),
  forbidden: z.record(z.string(), z.string()),
  units: z.strictObject({
    time: z.array(z.string()),
    years: z.array(z.string()),
    money: z.array(z.string()),
  }),
});

export type Glossary = z.infer<typeof glossarySchema>;

/** A language's glossary, where it has one that can be read; and what is wrong with it. */
export function glossaryOf(
  source: Source,
  language: string,
): { readonly found: Glossary | undefined; readonly issues: readonly Issue[] } {
  const file = source.locales.get(language)?.get("glossary");
  if (file === undefined) return { found: undefined, issues: [] };
  const read = glossarySchema.safeParse(file.data);
  if (read.success) return { found: read.data, issues: [] };
  const issues = read.error.issues.map(({ path, message }) => {
    const at = path.filter((key): key is string | number => typeof key !== "symbol");
    return issueAt(file, at, `${at.join(".")}: ${message}`, "see docs/authoring.md");
  });
  return { found: undefined, issues };
}
