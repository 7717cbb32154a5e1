import { createInstance } from "i18next";
import { Problem } from "../app/errors.ts";
import { nativeDigits } from "../core/dates/digits.ts";
import { type Source, sourceLanguage } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import type { Translator } from "../core/render/translator.ts";
import { textsIn } from "./text-keys.ts";

type Values = Readonly<Record<string, string | number>>;
type Facts = Readonly<Record<string, string>>;
/** Texts by path, by file, by language: i18next's resources. */
type Resources = Readonly<Record<Language, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

/** What a translator is made of: plain data. */
export type Texts = {
  readonly resources: Resources;
  /** Keys whose text depends on a count in some language. */
  readonly counted: ReadonlySet<string>;
  /** The facts that a key's text states. */
  readonly facts: ReadonlyMap<string, readonly string[]>;
};

/** The texts of a source, ready to be looked up. */
export function textsOf(source: Source): Texts {
  const resources = resourcesOf(source);
  return { resources, counted: countedKeys(resources), facts: factsByKey(resources) };
}

/** A text and the language it was found in: English where a translation is missing. */
type Found = { readonly text: string; readonly language: Language };
type LookUp = (language: Language, key: string, count: number | undefined) => Found;

/** A text ready to be filled: what stands around the placeholders (one piece more than there are names), and their names. */
type Template = {
  readonly language: Language;
  readonly pieces: readonly string[];
  readonly names: readonly string[];
};

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/;
const pluralEnding = /_(?:zero|one|two|few|many|other)$/;
const factPrefix = "fact.";
/** Stands for a key that no language has; no text is this. */
const missing = "\u0000";

/** The translator of a source: see {@link translatorOf}. */
export function makeTranslator(source: Source): Translator {
  return translatorOf(textsOf(source));
}

/**
 * Looks words up in the texts of a source. i18next chooses the plural form and falls back to English; the values are
 * put in here, in one pass over the text, so that nothing in a value can be read as a placeholder or a reference.
 * Numbers are written in the language's own digits; a placeholder without a value stays as it stands.
 * `text` throws a Problem ("content") for a key that even English lacks.
 */
export function translatorOf({ resources, counted, facts }: Texts): Translator {
  const lookUp = makeLookUp(resources);
  const templates = new Map<Language, Map<string, Template>>();

  /** Templates are kept by key where the count can't matter, else by their text. */
  const templateOf = (language: Language, key: string, count: number | undefined): Template => {
    const ofLanguage = templates.get(language) ?? new Map<string, Template>();
    templates.set(language, ofLanguage);
    const byCount = count !== undefined && counted.has(key) ? lookUp(language, key, count) : undefined;
    const id = byCount === undefined ? key : `${byCount.language} ${byCount.text}`;
    const known = ofLanguage.get(id);
    if (known !== undefined) return known;
    const made = template(byCount ?? lookUp(language, key, undefined));
    ofLanguage.set(id, made);
    return made;
  };

  return {
    text: (language, key, params, sentences) => {
      const count = params["count"];
      return fill(
        templateOf(language, key, typeof count === "number" ? count : undefined),
        params,
        sentences,
      );
    },
    factsIn: (key) => facts.get(key) ?? [],
  };
}

function resourcesOf(source: Source): Resources {
  return Object.fromEntries(
    [...source.locales].map(([language, files]) => [
      language,
      Object.fromEntries([...files].map(([name, { data }]) => [name, Object.fromEntries(textsIn(data))])),
    ]),
  );
}

function makeLookUp(resources: Resources): LookUp {
  const instance = createInstance({
    resources,
    lng: sourceLanguage,
    fallbackLng: sourceLanguage,
    load: "currentOnly",
    initAsync: false,
    // Paths and names are resolved here already: `menu:ask.text` is the key `ask.text` of the namespace `menu`.
    nsSeparator: false,
    keySeparator: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
  });
  // The resources are in memory: this is done when it returns.
  void instance.init();
  return (language, key, count) => {
    const colon = key.indexOf(":");
    const asked = {
      lng: language,
      ns: key.slice(0, colon),
      defaultValue: missing,
      returnDetails: true,
      skipInterpolation: true,
    } as const;
    const found = instance.t(key.slice(colon + 1), count === undefined ? asked : { ...asked, count });
    if (found.res === missing) throw new Problem("content", `the text \`${key}\` is in no language's files`);
    return { text: found.res, language: found.usedLng };
  };
}

function eachText(resources: Resources): readonly (readonly [key: string, text: string])[] {
  return Object.values(resources).flatMap((files) =>
    Object.entries(files).flatMap(([name, texts]) =>
      Object.entries(texts).map(([path, text]) => [`${name}:${path}`, text] as const),
    ),
  );
}

function countedKeys(resources: Resources): ReadonlySet<string> {
  const keys = eachText(resources).map(([key]) => key);
  return new Set(keys.filter((key) => pluralEnding.test(key)).map((key) => key.replace(pluralEnding, "")));
}

/** The facts that a key's text states in any language and any plural form, in the order English names them. */
function factsByKey(resources: Resources): ReadonlyMap<string, readonly string[]> {
  const { [sourceLanguage]: english = {}, ...others } = resources;
  const facts = new Map<string, readonly string[]>();
  for (const [key, text] of [...eachText({ english }), ...eachText(others)]) {
    const ids = template({ language: sourceLanguage, text }).names.flatMap(factId);
    for (const name of ids.length === 0 ? [] : new Set([key, key.replace(pluralEnding, "")])) {
      facts.set(name, [...new Set([...(facts.get(name) ?? []), ...ids])]);
    }
  }
  return facts;
}

function factId(name: string): readonly string[] {
  return name.startsWith(factPrefix) ? [name.slice(factPrefix.length)] : [];
}

function template({ language, text }: Found): Template {
  const parts = text.split(placeholder);
  return {
    language,
    pieces: parts.filter((_, index) => index % 2 === 0),
    names: parts.filter((_, index) => index % 2 === 1),
  };
}

function fill({ language, pieces, names }: Template, params: Values, facts: Facts): string {
  let filled = pieces[0] ?? "";
  for (const [index, name] of names.entries()) {
    filled += filling(name, language, params, facts) + (pieces[index + 1] ?? "");
  }
  return filled;
}

function filling(name: string, language: Language, params: Values, facts: Facts): string {
  const [id] = factId(name);
  const value = id === undefined ? own(params, name) : own(facts, id);
  if (value === undefined) return `{{${name}}}`;
  return typeof value === "number" ? nativeDigits(String(value), language) : value;
}

function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
