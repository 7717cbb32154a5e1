import { isForLookUp } from "../core/flow/compile-phrasings.ts";
import { leavesOf, namedTexts } from "../core/flow/leaves.ts";
import { isJsonObject, type Json, type SourceFile, sourceLanguage } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";

type Files = ReadonlyMap<string, SourceFile>;

/** The texts of a words file by their path (`ask.options.yes`). Lists, numbers and the like are not texts; an empty text is none. */
export function textsIn(data: Json): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [path, text] of namedTexts(data)) if (text !== "") texts.set(path.join("."), text);
  return texts;
}

/** Which messages raise a flag is a matter of how people of a language speak; the author writes it and tests hold it. */
const raisesFlag = /^red-flags:.*\.(?:patterns|unless)$/;

/** What a language is called, in any language, and how WhatsApp writes it, is its own too. */
const ownNames: ReadonlySet<string> = new Set(["profile:names", "profile:whatsapp-language"]);

/**
 * Whether each language has its own of what stands at a key (`<file>:<path>`), so that there is nothing to translate:
 * words by which things are found, patterns of red flags, what the language is called, and how dates are written.
 */
export function isLanguagesOwn(key: string): boolean {
  const file = key.slice(0, key.indexOf(":"));
  return file === "dates" || isForLookUp(file) || ownNames.has(key) || raisesFlag.test(key);
}

/** What a translator has to translate in English files: each text and each list that holds texts, by `<file>:<path>`. */
export function translatable(locales: ReadonlyMap<Language, Files>): ReadonlyMap<string, Json> {
  return new Map(
    [...(locales.get(sourceLanguage) ?? [])].flatMap(([name, { data }]) =>
      leavesOf(data)
        .map(([path, value]) => [`${name}:${path.join(".")}`, value] as const)
        .filter(([key, value]) => holdsText(value) && !isLanguagesOwn(key)),
    ),
  );
}

/** Whether there is something to translate in a value: it is a text, or holds one. */
export function holdsText(value: Json): boolean {
  if (typeof value === "string") return value !== "";
  if (Array.isArray(value)) return value.some(holdsText);
  return isJsonObject(value) && Object.values(value).some(holdsText);
}
