import { buildField, type Field, type FieldShape } from "./bm25.ts";
import { isArabicScript } from "./stem.ts";
import { type ConceptsOf, documentReader, type Terms } from "./terms.ts";

/** An entry's words in one language: its title, how people ask for it, and its answer or gist. */
export type FaqPhrasings = {
  readonly id: string;
  readonly language: string;
  readonly title: string;
  readonly phrasings: readonly string[];
  readonly text: string;
};

/** `conceptsOf`: shared concepts across languages; without it that field is empty and costs nothing. */
export type FaqIndexOptions = { readonly conceptsOf?: ConceptsOf };

/** The fields of one language; `entries` gives each document's place in the index's ids. */
export type LanguageIndex = {
  readonly language: string;
  readonly entries: readonly number[];
  readonly fields: Readonly<Record<keyof Terms, Field>>;
  /** Its speakers also type it in Latin letters, so messages are compared with it by sound. */
  readonly heard: boolean;
};

/** Everything that a search reads; immutable, shared by all searches. */
export type FaqIndex = {
  readonly ids: readonly string[];
  readonly languages: readonly LanguageIndex[];
  readonly conceptsOf: ConceptsOf;
};

const noConcepts: ConceptsOf = () => [];
/** Title and phrasings of one entry differ much in number, so length counts less than in running text. */
const shape: FieldShape = { saturation: 1.2, lengthPenalty: 0.4 };

function indexLanguage(
  language: string,
  entries: readonly FaqPhrasings[],
  placeOf: ReadonlyMap<string, number>,
  conceptsOf: ConceptsOf,
): LanguageIndex {
  const heard = entries.filter(({ title }) => isArabicScript(title)).length * 2 > entries.length;
  const read = documentReader(conceptsOf, heard);
  const documents = entries.map(({ title, phrasings, text }) => read([title, ...phrasings, text]));
  const field = (name: keyof Terms): Field =>
    buildField(
      documents.map((terms) => terms[name]),
      shape,
    );
  return {
    language,
    entries: entries.map(({ id }) => placeOf.get(id) ?? -1),
    fields: {
      words: field("words"),
      grams: field("grams"),
      sounds: field("sounds"),
      concepts: field("concepts"),
    },
    heard,
  };
}

/**
 * Builds the index over all entries and languages. Weights are worked out within each language, so that its
 * everyday words count for little there whatever the other languages hold. An entry may lack a language.
 */
export function buildFaqIndex(entries: readonly FaqPhrasings[], options: FaqIndexOptions = {}): FaqIndex {
  const conceptsOf = options.conceptsOf ?? noConcepts;
  const ids = Array.from(new Set(entries.map(({ id }) => id)));
  const placeOf = new Map(ids.map((id, place): [string, number] => [id, place]));
  const languages = Array.from(
    Map.groupBy(entries, ({ language }) => language),
    ([language, own]) => indexLanguage(language, own, placeOf, conceptsOf),
  );
  return { ids, languages, conceptsOf };
}
