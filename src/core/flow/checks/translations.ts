import type { Language } from "../../nouns/language.ts";
import { isForLookUp } from "../compile-phrasings.ts";
import { leavesOf } from "../leaves.ts";
import { type Issue, issueAt, type Json, type SourceFile, sourceLanguage } from "../source.ts";
import type { Check } from "./check.ts";

type Path = readonly (string | number)[];

/** Files that are each language's own matter, not translations of the English ones. */
const isOwn = (name: string): boolean => name === "dates" || isForLookUp(name);
/** What i18next puts behind a key for each plural form. */
const pluralEnding = /_(zero|one|two|few|many|other)$/;

/**
 * Every text of the source language is there in every other, and no more; with the same placeholders; and each
 * language has exactly its own plural forms (CLDR's, as Intl knows them).
 */
export const translations: Check = ({ source }) => {
  const english = source.locales.get(sourceLanguage) ?? new Map<string, SourceFile>();
  return [...source.locales].flatMap(([language, files]) => {
    if (language === sourceLanguage) return [...english].flatMap(([, file]) => pluralForms(language, file));
    return [
      ...missingFiles(language, english, files),
      ...[...files].flatMap(([name, file]) => compare(language, name, english.get(name), file)),
    ];
  });
};

function missingFiles(
  language: Language,
  english: ReadonlyMap<string, SourceFile>,
  files: ReadonlyMap<string, SourceFile>,
): readonly Issue[] {
  return [...english.keys()]
    .filter((name) => !files.has(name) && !isForLookUp(name))
    .map((name) => ({
      level: "error",
      file: `locales/${language}/${name}.json`,
      line: 1,
      what: "the file is missing",
      mend: `translate locales/${sourceLanguage}/${name}.json`,
    }));
}

function compare(
  language: Language,
  name: string,
  english: SourceFile | undefined,
  file: SourceFile,
): readonly Issue[] {
  if (isOwn(name)) return [];
  if (english === undefined)
    return [issueAt(file, [], "there is no such file in English", "write it in English first, or remove it")];
  const wanted = textsOf(english.data);
  const found = textsOf(file.data);
  const missing = [...wanted]
    .filter(([key]) => !found.has(key))
    .map(([key, { path }]) => issueAt(file, path, `the text \`${key}\` is missing`, "translate it"));
  const extra = [...found]
    .filter(([key]) => !wanted.has(key))
    .map(([key, { path }]) =>
      issueAt(file, path, `the text \`${key}\` is not in English`, "remove it, or write it in English first"),
    );
  const different = [...found].flatMap(([key, text]) => [
    ...placeholdersDiffer(file, key, wanted.get(key), text),
    ...formDiffers(file, key, wanted.get(key), text),
  ]);
  return [...missing, ...extra, ...different, ...pluralForms(language, file)];
}

type Text = {
  readonly path: Path;
  /** All forms of a plural together; undefined for lists. */
  readonly text: string | undefined;
  readonly form: "text" | "list" | "something else";
};

/** Texts by key; the plural forms of one text are one key, a list is one key. */
function textsOf(data: Json): ReadonlyMap<string, Text> {
  const texts = new Map<string, Text>();
  for (const [path, value] of leavesOf(data)) {
    const key = path.join(".").replace(pluralEnding, "");
    const before = texts.get(key);
    const text = typeof value === "string" ? value : undefined;
    texts.set(key, {
      path: before?.path ?? path,
      text: before?.text === undefined ? text : `${before.text}\n${text ?? ""}`,
      form: formOf(value),
    });
  }
  return texts;
}

function formOf(value: Json): Text["form"] {
  if (typeof value === "string") return "text";
  return Array.isArray(value) ? "list" : "something else";
}

/** A text is a text and a list a list: what is neither would be passed over, and people would read English. */
function formDiffers(
  file: SourceFile,
  key: string,
  english: Text | undefined,
  { path, form }: Text,
): readonly Issue[] {
  if (english === undefined || english.form === form) return [];
  const what = `\`${key}\` is a ${english.form} in English, and ${form === "something else" ? form : `a ${form}`} here`;
  return [issueAt(file, path, what, `write a ${english.form}, as in English`)];
}

function placeholdersDiffer(
  file: SourceFile,
  key: string,
  english: Text | undefined,
  { path, text }: Text,
): readonly Issue[] {
  if (english?.text === undefined || text === undefined) return [];
  const wanted = placeholders(english.text);
  const found = placeholders(text);
  const missing = wanted.filter((one) => !found.includes(one));
  const extra = found.filter((one) => !wanted.includes(one));
  if (missing.length === 0 && extra.length === 0) return [];
  const what = [
    ...missing.map((one) => `lacks ${one}`),
    ...extra.map((one) => `has ${one}, which English has not`),
  ].join(", ");
  return [issueAt(file, path, `the text \`${key}\` ${what}`, "use the placeholders of the English text")];
}

function placeholders(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{\{[^}]*\}\}/g)].map(([one]) => one))].sort();
}

function pluralForms(language: Language, file: SourceFile): readonly Issue[] {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const forms = new Map<string, { readonly path: Path; readonly has: string[] }>();
  for (const [path] of leavesOf(file.data)) {
    const key = path.join(".");
    const category = pluralEnding.exec(key)?.[1];
    if (category === undefined) continue;
    const base = key.replace(pluralEnding, "");
    const entry = forms.get(base) ?? { path, has: [] };
    entry.has.push(category);
    forms.set(base, entry);
  }
  return [...forms].flatMap(([base, { path, has }]) => {
    const wrong = [
      ...categories.filter((one) => !has.includes(one)).map((one) => `lacks _${one}`),
      ...has.filter((one) => !categories.some((known) => known === one)).map((one) => `has _${one}`),
    ];
    return wrong.length === 0
      ? []
      : [
          issueAt(
            file,
            path,
            `the plural \`${base}\` ${wrong.join(" and ")}`,
            `${language} has exactly ${categories.map((one) => `_${one}`).join(", ")}`,
          ),
        ];
  });
}
