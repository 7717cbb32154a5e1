import type { Language } from "../nouns/language.ts";

/** Letters that Pashto has and Dari has not; at the end of a word also the one that Dari has within words. */
const pashtoLetter = /[ټځڅډړږښګڼېۍ]|ئ(?!\p{L})/u;
const arabicScript = /\p{Script=Arabic}/u;

/** Whether a text holds a letter that settles it as Pashto: no other of our languages has it. */
export function hasPashtoLetter(text: string): boolean {
  return pashtoLetter.test(text);
}

/**
 * A guess at a person's language, to greet them in before they choose: the platform's tag when it is one of ours
 * (`fa` is read as Dari: it is what phones set to Dari report) and fits the letters they wrote, else the one that these
 * letters speak for, else English.
 */
export function guessLanguage(
  hint: string | undefined,
  text: string,
  languages: readonly Language[],
): Language {
  const told = chosenLanguage(hint, languages);
  if (told !== undefined && canBe(told, text)) return told;
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

/** Whether the letters of a text leave it possible that it is in a language; any may be written in Latin ones. */
function canBe(language: Language, text: string): boolean {
  if (!arabicScript.test(text)) return true;
  if (hasPashtoLetter(text)) return language === "ps";
  return new Intl.Locale(language).maximize().script === "Arab";
}

function byScript(text: string): Language {
  if (hasPashtoLetter(text)) return "ps";
  return arabicScript.test(text) ? "fa-AF" : "en";
}
