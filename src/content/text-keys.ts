import { isForLookUp } from "../core/flow/compile-phrasings.ts";
import { isJsonObject, type Json, type SourceFile, sourceLanguage } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";

type Files = ReadonlyMap<string, SourceFile>;

/** The texts of a words file by their path (`ask.options.yes`). Lists, numbers and the like are not texts; an empty text is none. */
export function textsIn(data: Json): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [path, value] of leavesOf(data, "")) {
    if (typeof value === "string" && value !== "") texts.set(path, value);
  }
  return texts;
}

/**
 * What a translator has to translate in English files: each text and each list that holds texts, by `<file>:<path>`.
 * Phrasings and concepts are none of it: each language writes its own.
 */
export function translatable(locales: ReadonlyMap<Language, Files>): ReadonlyMap<string, Json> {
  const files = [...(locales.get(sourceLanguage) ?? [])].filter(([name]) => !isForLookUp(name));
  return new Map(
    files.flatMap(([name, { data }]) =>
      leavesOf(data, "")
        .filter(([, value]) => holdsText(value))
        .map(([path, value]) => [`${name}:${path}`, value] as const),
    ),
  );
}

function leavesOf(data: Json, path: string): readonly (readonly [path: string, value: Json])[] {
  if (!isJsonObject(data)) return [[path, data]];
  return Object.entries(data).flatMap(([key, value]) =>
    leavesOf(value, path === "" ? key : `${path}.${key}`),
  );
}

function holdsText(value: Json): boolean {
  if (typeof value === "string") return value !== "";
  if (Array.isArray(value)) return value.some(holdsText);
  return isJsonObject(value) && Object.values(value).some(holdsText);
}
