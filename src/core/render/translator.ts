import type { Language } from "../nouns/language.ts";

/** Looks words up. The content layer makes it from `locales/`; the core only asks. */
export type Translator = {
  /**
   * The text of a key (`<file>:<path>`) in a language, with the values put in literally (nothing in them is
   * interpreted); a number named `count` chooses the plural form. Falls back to English where a translation is missing.
   * `facts` gives the sentences for `{{fact.<id>}}`.
   */
  readonly text: (
    language: Language,
    key: string,
    params: Readonly<Record<string, string | number>>,
    facts: Readonly<Record<string, string>>,
  ) => string;
  /** Ids of the facts that a key's text states. */
  readonly factsIn: (key: string) => readonly string[];
};
