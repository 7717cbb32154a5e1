import { type Source, sourceLanguage, valueAt } from "../core/flow/source.ts";
import type { TranslationUnit } from "./translation-units.ts";

const limits: readonly (readonly [key: RegExp, note: string])[] = [
  [/^commands:.*\.label$/, "A button: at most 20 characters."],
  [/^answers:.*\.label$/, "A button: at most 20 characters."],
  [/\.options\./, "A button: at most 24 characters, 20 where there are three buttons or fewer."],
  [/^faq\/.*\.label$/, "A row of a list: at most 24 characters."],
  [/^faq\/.*\.short$/, "The short answer: at most 350 characters, facts included."],
  [/^faq\/.*\.more$/, "The detail: at most 1,000 characters, facts included."],
  [/^facts:.*\.statement$/, "A whole sentence that states a fact; it stands on a line of its own."],
  [/^facts:.*\.topic$/, "A noun phrase, after: I can't confirm this today: …"],
  [/\.(?:text|heading|note|help)$/, "A message: at most 700 characters."],
];

/** What a translator should know of a text: how long it may be, and what its placeholders become. */
export function translatorNotes(source: Source, { key, english }: TranslationUnit): readonly string[] {
  if (typeof english !== "string")
    return ["Words that people write, one a line: your language's own, not a translation."];
  const limit = limits.find(([pattern]) => pattern.test(key))?.[1];
  return [...(limit === undefined ? [] : [limit]), ...placeholderNotes(source, english)];
}

function placeholderNotes(source: Source, english: string): readonly string[] {
  const names = [...new Set([...english.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = ""]) => name))];
  if (names.length === 0) return [];
  const facts = source.locales.get(sourceLanguage)?.get("facts")?.data;
  const said = names.flatMap((name) => {
    const statement = name.startsWith("fact.") ? valueAt(facts, [name.slice(5), "statement"]) : undefined;
    return typeof statement === "string" ? [`{{${name}}} becomes: ${statement}`] : [];
  });
  return ["Keep what stands between {{ and }} exactly as it is.", ...said];
}
