import { type Issue, issueAt, type Source, type SourceFile, sourceLanguage } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { readStatus } from "./read-status.ts";
import { staleKeys } from "./stamp.ts";
import { translatable } from "./text-keys.ts";

/** How far a language is, in texts. */
export type TranslationCounts = {
  readonly language: Language;
  readonly translated: number;
  /** Made from English that has changed since. */
  readonly stale: number;
  /** Signed by a native reader. */
  readonly reviewed: number;
};

/**
 * Counts every language but English, with warnings for what is stale, and errors for a status file that can't be read.
 * What is missing or too much is found where the content is loaded.
 */
export function checkTranslations(root: string, source: Source) {
  const languages = [...source.locales.keys()].filter((language) => language !== sourceLanguage);
  const checked = languages.map((language) => checkLanguage(root, source, language));
  return { counts: checked.map(({ counts }) => counts), issues: checked.flatMap(({ issues }) => issues) };
}

type Checked = { readonly counts: TranslationCounts; readonly issues: readonly Issue[] };

function checkLanguage(root: string, source: Source, language: Language): Checked {
  const { status, issues } = readStatus(root, language);
  const files = source.locales.get(language) ?? new Map<string, SourceFile>();
  const translated = [...translatable(new Map([[sourceLanguage, files]])).keys()];
  const behind = new Set(issues.length > 0 ? [] : staleKeys(source, status));
  const stale = translated.filter((key) => behind.has(key));
  const reviewed = translated.filter((key) => status.get(key)?.status === "reviewed" && !behind.has(key));
  return {
    counts: { language, translated: translated.length, stale: stale.length, reviewed: reviewed.length },
    issues: [...issues, ...stale.flatMap((key) => staleIssue(files, language, key))],
  };
}

function staleIssue(
  files: ReadonlyMap<string, SourceFile>,
  language: Language,
  key: string,
): readonly Issue[] {
  const colon = key.indexOf(":");
  const path = key.slice(colon + 1);
  const file = files.get(key.slice(0, colon));
  const what = `the English of \`${path}\` has changed since this was translated`;
  const mend = `bring it up to date, then run \`parwana locales stamp ${language}\``;
  return file === undefined ? [] : [issueAt(file, path.split("."), what, mend, "warning")];
}
