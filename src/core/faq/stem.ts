/**
 * Light stems: they only take off beginnings and endings that are frequent and safe, so that "applications" meets
 * "application" and "می‌خواهند" meets "خواهم". A wrong stem hurts little (both sides get it); trigrams catch the rest.
 */

/** `sure`: an ending of so many letters is surer, and may leave one letter less than `keep`. */
type Endings = {
  readonly prefixes: readonly string[];
  /** By the last letter of them, longest first. */
  readonly suffixes: ReadonlyMap<string, readonly string[]>;
  readonly keep: number;
  readonly sure: number;
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

const endings = (
  prefixes: readonly string[],
  suffixes: readonly string[],
  keep: number,
  sure: number,
): Endings => ({
  prefixes,
  suffixes: Map.groupBy(
    [...suffixes].sort((a, b) => b.length - a.length),
    (suffix) => suffix.slice(-1),
  ),
  keep,
  sure,
});

const latin = endings([], [...english, ...spanish], 4, 3);
const arabic = endings(["نمی", "می"], [...dari, ...pashto], 3, 2);

const arabicLetter = /[\u0621-\u06d5]/;
const hasDigit = /\d/;

/** Whether a word is written in Arabic script (Dari, Pashto). */
export function isArabicScript(word: string): boolean {
  return arabicLetter.test(word);
}

const none: readonly string[] = [];

/** How many letters the longest ending has that may be taken off; 0 when none. */
function endingOf(word: string, { suffixes, keep, sure }: Endings): number {
  for (const suffix of suffixes.get(word.charAt(word.length - 1)) ?? none) {
    const letters = suffix.length;
    if (word.length - letters >= (letters >= sure ? keep - 1 : keep) && word.endsWith(suffix)) return letters;
  }
  return 0;
}

/** The stem of a word in normal form. Codes with digits ("i131") and short words stay whole. */
export function stem(word: string): string {
  if (word.length < 3 || hasDigit.test(word)) return word;
  const own = isArabicScript(word) ? arabic : latin;
  const prefix = own.prefixes.find((one) => word.startsWith(one) && word.length - one.length >= 3) ?? "";
  const rest = word.slice(prefix.length);
  return rest.slice(0, rest.length - endingOf(rest, own));
}
