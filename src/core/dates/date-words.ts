/** The two calendars people's papers are dated in. */
export type Calendar = "gregorian" | "solar-hijri";

/** Spellings, in any case and with or without accents; compared in normal form. */
type Spellings = readonly string[];

/** What `locales/<language>/dates.json` holds: how a language writes dates, and which words for them it reads. */
export type DateWords = {
  /** Seven, from Sunday. */
  readonly weekdays: readonly string[];
  /** Twelve each; `short`: Gregorian months as short as they can stand; the Solar Hijri year begins with Hamal. */
  readonly months: {
    readonly gregorian: readonly string[];
    readonly short: readonly string[];
    readonly solarHijri: readonly string[];
  };
  /** What is read besides the names above. */
  readonly accept: {
    readonly weekdays: readonly Spellings[];
    readonly gregorian: readonly Spellings[];
    readonly solarHijri: readonly Spellings[];
    readonly today: Spellings;
    readonly tomorrow: Spellings;
    /** The first of a month as a word ("primero"). */
    readonly first: Spellings;
    /** What makes a number an ordinal, read only where it is joined to one ("3rd"). */
    readonly ordinals: Spellings;
    /** Words that say which calendar is meant. */
    readonly calendars: { readonly gregorian: Spellings; readonly solarHijri: Spellings };
    /** Words that change nothing ("of"). */
    readonly ignore: Spellings;
  };
  /** Placeholders: day, month, year; in `both` weekday, gregorian, solarHijri. `short` is for a row of a list. */
  readonly patterns: {
    readonly gregorian: string;
    readonly short: string;
    readonly solarHijri: string;
    readonly both: string;
  };
};
