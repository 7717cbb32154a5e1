/**
 * Light stems: they only take off endings that are frequent and safe, so that "applied" meets "apply" and
 * "درخواست‌هایم" meets "درخواست". A wrong stem hurts little (both sides get it); character n-grams catch the rest.
 */

type Endings = {
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  readonly keep: number;
};

/**
 * By script, not by language: the normal form of a word does not say whether it is Dari or Pashto, people mix
 * English into Spanish, and their frequent endings agree. All endings are written in normal form.
 */
const english = ["ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "ly", "al"];
const spanish = [
  ...["aciones", "acion", "ando", "iendo", "ados", "adas", "idos", "idas", "ado", "ada", "ido", "ida"],
  ...["arse", "erse", "irse", "ar", "er", "ir", "os", "as", "o", "a", "e"],
];
const dari = [
  ...["هایم", "هایش", "هایی", "های", "ها", "ترین", "تر", "مان", "شان", "تان"],
  ...["ام", "ات", "اش", "یم", "ید", "ند", "م", "ش", "ت", "ی", "ان"],
];
const pashto = ["ونو", "ونه", "انو", "یو", "وی", "و", "ه", "ل"];

const longestFirst = (suffixes: readonly string[]): string[] =>
  Array.from(new Set(suffixes)).sort((a, b) => b.length - a.length);

const latin: Endings = { prefixes: [], suffixes: longestFirst([...english, ...spanish]), keep: 4 };
const arabic: Endings = { prefixes: ["نمی", "می"], suffixes: longestFirst([...dari, ...pashto]), keep: 3 };

const arabicLetter = /[\u0621-\u06d5]/;
const hasDigit = /\d/;

/** Whether a word is written in Arabic script (Dari, Pashto). */
export function isArabicScript(word: string): boolean {
  return arabicLetter.test(word);
}

/** The stem of a word in normal form. Codes with digits ("i131") and short words stay whole. */
export function stem(word: string): string {
  if (hasDigit.test(word)) return word;
  const { prefixes, suffixes, keep } = isArabicScript(word) ? arabic : latin;
  const prefix = prefixes.find((p) => word.startsWith(p) && word.length - p.length >= 3) ?? "";
  const rest = word.slice(prefix.length);
  // A longer ending is surer, so it may leave one letter less.
  const sure = isArabicScript(word) ? 2 : 3;
  const suffix =
    suffixes.find(
      (s) => rest.endsWith(s) && rest.length - s.length >= (s.length >= sure ? keep - 1 : keep),
    ) ?? "";
  return rest.slice(0, rest.length - suffix.length);
}
