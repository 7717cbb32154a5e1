import type { Language } from "../nouns/language.ts";

/** Letters that Pashto has and Dari has not. */
const pashtoOnly = /[ټځڅډړږښګڼېۍئ]/u;
const arabicScript = /\p{Script=Arabic}/u;

/**
 * A first guess at a person's language, to greet them in before they choose: the platform's tag when it is one of
 * ours (`fa` is read as Dari: it is what phones set to Dari report), else the script of what they wrote, else English.
 */
export function guessLanguage(
  hint: string | undefined,
  text: string,
  languages: readonly Language[],
): Language {
  const told = chosenLanguage(hint, languages);
  if (told !== undefined && !(told === "en" && arabicScript.test(text))) return told;
  const written = byScript(text);
  return languages.includes(written) ? written : "en";
}

/** Our language that a tag means (`fa`, `prs` and `FA-af` are `fa-AF`); undefined for one that is none of ours. */
export function chosenLanguage(
  tag: string | undefined,
  languages: readonly Language[],
): Language | undefined {
  const small = tag?.toLowerCase() ?? "";
  const [primary = ""] = small.split("-");
  const known = primary === "prs" ? "fa" : primary;
  return (
    languages.find((language) => language.toLowerCase() === small) ??
    languages.find((language) => language.split("-")[0] === known)
  );
}

function byScript(text: string): Language {
  if (pashtoOnly.test(text)) return "ps";
  return arabicScript.test(text) ? "fa-AF" : "en";
}
