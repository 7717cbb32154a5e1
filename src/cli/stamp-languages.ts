import { readSource } from "../content/read-source.ts";
import { stampTranslations } from "../content/stamp.ts";
import { sourceLanguage } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { CommandFailed } from "./command-failed.ts";

/** Stamps these languages, or all but English; says how many texts of each became drafts. */
export function stampLanguages(root: string, languages: readonly Language[]) {
  if (languages.includes(sourceLanguage)) {
    throw new CommandFailed(
      `\`${sourceLanguage}\` is what the others are translated from: it has no stamp.`,
      2,
    );
  }
  return wanted(root, languages).map((language) => ({
    language,
    newDrafts: stampTranslations(root, language),
  }));
}

function wanted(root: string, named: readonly Language[]): readonly Language[] {
  if (named.length > 0) return [...new Set(named)];
  return [...readSource(root).source.locales.keys()].filter((language) => language !== sourceLanguage);
}
