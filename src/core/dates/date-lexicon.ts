import type { Language } from "../nouns/language.ts";
import { normalise } from "../text/normalise.ts";
import type { Calendar, DateWords } from "./date-words.ts";

/** What a word may mean in a date. */
export type DateMeaning =
  | { readonly kind: "month"; readonly calendar: Calendar; readonly month: number }
  | { readonly kind: "weekday"; readonly weekday: number }
  | { readonly kind: "relative"; readonly days: number }
  | { readonly kind: "calendar"; readonly calendar: Calendar }
  | { readonly kind: "first" }
  | { readonly kind: "ignore" };

export type DateLexicon = {
  /** By {@link wordKey}. */
  readonly words: ReadonlyMap<string, DateMeaning>;
  /** Endings of ordinals, by {@link wordKey}. */
  readonly ordinals: ReadonlySet<string>;
};

export type WordsByLanguage = Readonly<Record<Language, DateWords>>;

/** How words are compared: in normal form, and without spaces, because "سه شنبه" and "سه‌شنبه" are the same word. */
export function wordKey(text: string): string {
  return normalise(text.replaceAll(".", "")).replaceAll(" ", "");
}

function numbered(
  names: readonly string[],
  spellings: readonly (readonly string[])[],
  meaning: (index: number) => DateMeaning,
): [string, DateMeaning][] {
  return names.flatMap((name, index) =>
    [name, ...(spellings[index] ?? [])].map((word): [string, DateMeaning] => [word, meaning(index)]),
  );
}

function all(words: readonly string[], meaning: DateMeaning): [string, DateMeaning][] {
  return words.map((word): [string, DateMeaning] => [word, meaning]);
}

function entriesOf({ weekdays, months, accept }: DateWords): [string, DateMeaning][] {
  return [
    ...numbered(months.gregorian, accept.gregorian, (index) => ({
      kind: "month",
      calendar: "gregorian",
      month: index + 1,
    })),
    ...numbered(months.solarHijri, accept.solarHijri, (index) => ({
      kind: "month",
      calendar: "solar-hijri",
      month: index + 1,
    })),
    ...numbered(weekdays, accept.weekdays, (index) => ({ kind: "weekday", weekday: index })),
    ...all(accept.today, { kind: "relative", days: 0 }),
    ...all(accept.tomorrow, { kind: "relative", days: 1 }),
    ...all(accept.calendars.gregorian, { kind: "calendar", calendar: "gregorian" }),
    ...all(accept.calendars.solarHijri, { kind: "calendar", calendar: "solar-hijri" }),
    ...all(accept.first, { kind: "first" }),
    ...all(accept.ignore, { kind: "ignore" }),
  ];
}

function build(words: WordsByLanguage, language: Language): DateLexicon {
  // Where two languages give a word two meanings, the person's own language has the say: its entries come last.
  const others = Object.keys(words).filter((other) => other !== language);
  const ordered = [...others, language].flatMap((name) => words[name] ?? []);
  const entries = ordered
    .flatMap(entriesOf)
    .map(([word, meaning]): [string, DateMeaning] => [wordKey(word), meaning]);
  return {
    words: new Map(entries.filter(([key]) => key !== "")),
    ordinals: new Set(ordered.flatMap(({ accept }) => accept.ordinals.map(wordKey))),
  };
}

const built = new WeakMap<WordsByLanguage, Map<Language, DateLexicon>>();

/** The words of all languages at once, as a person of that language means them; built once for each set of words. */
export function lexiconFor(words: WordsByLanguage, language: Language): DateLexicon {
  const byLanguage = built.get(words) ?? new Map<Language, DateLexicon>();
  built.set(words, byLanguage);
  const lexicon = byLanguage.get(language) ?? build(words, language);
  byLanguage.set(language, lexicon);
  return lexicon;
}
