import type { Language } from "../nouns/language.ts";

/** Letters that Pashto has and Dari has not. */
const pashtoOnly = /[ټځڅډړږښګڼېۍئ]/u;
const arabicScript = /\p{Script=Arabic}/u;

/**
 * A first guess at a person's language, to greet them in before they choose: the platform's tag when it is one of
 * ours (`fa` is read as Dari: it is what phones set to Dari report), else the script of what they wrote, else English.
 */
export function guessLanguage(hint: string | undefined, text: string, languages: readonly Language[]): Language {
  const tag = hint?.toLowerCase() ?? "";
  const primary = tag.split("-")[0] === "prs" ? "fa" : (tag.split("-")[0] ?? "");
  const known = languages.find((language) => language.toLowerCase() === tag) ?? languages.find((language) => language.split("-")[0] === primary);
  if (known !== undefined && !(known === "en" && arabicScript.test(text))) return known;
  const byScript = pashtoOnly.test(text) ? "ps" : arabicScript.test(text) ? "fa-AF" : "en";
  return languages.includes(byScript) ? byScript : "en";
}
