import type { DateWords } from "../dates/date-words.ts";
import type { Language } from "../nouns/language.ts";
import { normalise } from "../text/normalise.ts";
import { dateWordsSchema } from "./date-words-schema.ts";
import type { Program } from "./program.ts";
import { type Reading, readFile, textsIn, textsInAll, wordsAt } from "./reading.ts";

/** Word by meaning, normalised; the first meaning of a word wins. */
function index(pairs: readonly (readonly [word: string, meaning: string])[]): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>();
  for (const [word, meaning] of pairs) {
    const normal = normalise(word);
    if (normal !== "" && !meanings.has(normal)) meanings.set(normal, meaning);
  }
  return meanings;
}

/** Labels in `conversation.json` of buttons that stand below reminders and answers, with how the ids of these begin and end. */
const namedButtons = [
  ...["done", "later", "change", "stop", "what"].map(
    (action) => [`nudge.${action}`, "r:", `:${action}`] as const,
  ),
  ...["more", "where"].map((view) => [`faq.${view}`, "q:", `:${view}`] as const),
];

/** The engine's own buttons by what is written on them in any language. */
export function buttonNames(reading: Reading): Program["buttonNames"] {
  return new Map(
    namedButtons.flatMap(([key, begin, end]) =>
      textsInAll(reading, `conversation:${key}`).map((label) => [normalise(label), { begin, end }] as const),
    ),
  );
}

/** Regions that ICU names but that are no countries. */
const noCountries = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"]);

/** Not a code that was given up for another (DD, BU, YD …): ICU still names those, by the name of their successor. */
function isCurrent(code: string): boolean {
  return Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
}

/** Countries by their names in the given languages (ICU's own), as ISO 3166-1 alpha-2 codes. */
export function countryWords(languages: readonly Language[]): ReadonlyMap<string, string> {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const codes = letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !noCountries.has(code) && isCurrent(code));
  return index(
    [...languages].flatMap((language) => {
      const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
      return codes.flatMap((code) => {
        const name = names.of(code);
        return name === undefined ? [] : [[name, code] as const];
      });
    }),
  );
}

/** What each language calls itself, from `profile.json`. */
export function languageNames(reading: Reading): Readonly<Record<Language, string>> {
  return Object.fromEntries(
    reading.languages.map((language) => {
      const name = wordsAt(reading, language, "profile:language");
      return [language, typeof name === "string" ? name : language];
    }),
  );
}

/** Languages by their names in every language, and by what else people call them (`names` in `profile.json`). */
export function languageWords(
  reading: Reading,
  names: Readonly<Record<Language, string>>,
): ReadonlyMap<string, Language> {
  const inOthers = reading.languages.flatMap((language) => {
    const display = new Intl.DisplayNames([language], { type: "language" });
    return reading.languages.flatMap((named) => [
      [display.of(named) ?? named, named] as const,
      [display.of(named.split("-")[0] ?? named) ?? named, named] as const,
    ]);
  });
  return index([
    ...Object.entries(names).map(([language, name]) => [name, language] as const),
    ...Object.keys(names).map((language) => [language, language] as const),
    ...reading.languages.flatMap((language) =>
      textsIn(reading, language, "profile:names").map((name) => [name, language] as const),
    ),
    ...inOthers,
  ]);
}

/** Month and weekday words of every language that has its `dates.json`. */
export function dateWords(reading: Reading): Readonly<Record<Language, DateWords>> {
  const words: Record<Language, DateWords> = {};
  for (const language of reading.languages) {
    const file = reading.source.locales.get(language)?.get("dates");
    const read = file === undefined ? undefined : readFile(reading, file, dateWordsSchema);
    if (read !== undefined) words[language] = read;
    else if (file === undefined)
      reading.issues.push({
        level: "error",
        file: `locales/${language}/dates.json`,
        line: 1,
        what: "the file is missing",
        mend: "copy another language's and translate it",
      });
  }
  return words;
}
