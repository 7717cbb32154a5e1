import { leavesOf } from "../core/flow/leaves.ts";
import { type Json, type Source, type SourceFile, sourceLanguage, valueAt } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { holdsText, isLanguagesOwn } from "./text-keys.ts";

/** A text, or a list of words, that a translator works on. */
export type TranslationUnit = {
  /** `<file>:<path>` in the translator's language. */
  readonly key: string;
  /** Its key in English: another one only for plural forms that English has not. */
  readonly englishKey: string;
  /** English file and line. */
  readonly reference: string;
  readonly english: Json;
  /** The translation as it stands; undefined where there is none yet. */
  readonly translated: Json | undefined;
};

const plural = /_(zero|one|two|few|many|other)$/;

/** All that a language's translator has to translate, in the order of the English files. */
export function translationUnits(source: Source, language: Language): readonly TranslationUnit[] {
  const english = [...(source.locales.get(sourceLanguage) ?? [])];
  return english.flatMap(([name, file]) => unitsOf(source, language, name, file));
}

function unitsOf(
  source: Source,
  language: Language,
  name: string,
  file: SourceFile,
): readonly TranslationUnit[] {
  const own = source.locales.get(language)?.get(name)?.data;
  const paths = leavesOf(file.data)
    .filter(([, value]) => holdsText(value))
    .flatMap(([path]) => pathsIn(language, file.data, path));
  return paths
    .map(({ path, from }) => ({
      key: `${name}:${path.join(".")}`,
      englishKey: `${name}:${from.join(".")}`,
      reference: `${file.path}:${file.lineOf(from)}`,
      english: valueAt(file.data, from) ?? "",
      translated: valueAt(own, path),
    }))
    .filter(({ key }) => !isLanguagesOwn(key));
}

type Placed = { readonly path: readonly string[]; readonly from: readonly string[] };

/** A plural form stands once for each category that the language has, made from the English form or from "other". */
function pathsIn(language: Language, data: Json, path: readonly string[]): readonly Placed[] {
  const last = path.at(-1) ?? "";
  const category = plural.exec(last)?.[1];
  if (category === undefined) return [{ path, from: path }];
  const own: readonly string[] = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const before = path.slice(0, -1);
  const named = (one: string) => [...before, last.replace(plural, `_${one}`)];
  const added = category === "other" ? own.filter((one) => valueAt(data, named(one)) === undefined) : [];
  return [
    ...(own.includes(category) ? [{ path, from: path }] : []),
    ...added.map((one) => ({ path: named(one), from: path })),
  ];
}
