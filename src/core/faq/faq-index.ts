import { normalise, tokens } from "../text/normalise.ts";
import { buildField, type Field, type FieldShape } from "./bm25.ts";
import { type PhrasingTerms, packPhrasings } from "./closeness.ts";
import { isArabicScript } from "./stem.ts";
import {
  type ConceptsOf,
  type DocumentReader,
  documentReader,
  joined,
  type NumberedTerms,
  type Terms,
} from "./terms.ts";

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

/** A language of the index; `heard`: its speakers also type it in Latin letters, so it is compared by sound too. */
export type FaqLanguage = { readonly language: string; readonly heard: boolean };

/** Everything that a search reads; immutable, shared by all searches. */
export type FaqIndex = {
  readonly ids: readonly string[];
  readonly languages: readonly FaqLanguage[];
  /** By document (one entry in one language): the entry's place in `ids`, the language's in `languages`. */
  readonly entryOf: Uint16Array;
  readonly languageOf: Uint16Array;
  /** By document, the letters of its phrasings. */
  readonly phrasings: readonly PhrasingTerms[];
  /** The document of an entry in a language, at entry × languages + language; -1 where it lacks that language. */
  readonly documentOf: Int32Array;
  readonly fields: Readonly<Record<keyof Terms, Field>>;
  /** The entry of each title and phrasing in normal form, by its place in `ids`; -1 where several have it. */
  readonly exact: ReadonlyMap<string, number>;
  readonly conceptsOf: ConceptsOf;
};

const noConcepts: ConceptsOf = () => [];
/** Title and phrasings of one entry differ much in number, so length counts less than in running text. */
const shape: FieldShape = { saturation: 1.2, lengthPenalty: 0.4 };

/** An entry in one language, read: its phrasings in normal form, and their terms and those of its text. */
type Read = {
  readonly source: FaqPhrasings;
  readonly normal: readonly string[];
  readonly phrasings: readonly NumberedTerms[];
  readonly text: NumberedTerms;
};

const wordsOf = (normal: string): string[] => (normal === "" ? [] : normal.split(" "));

function readEntry(source: FaqPhrasings, heard: boolean, { read }: DocumentReader): Read {
  const normal = Array.from(new Set([source.title, ...source.phrasings].map(normalise)));
  return {
    source,
    normal,
    phrasings: normal.map((one) => read(wordsOf(one), heard)),
    // Short texts have a quicker way to their normal form. Placeholders stay: facts have telling names.
    text: read(source.text.split("\n").flatMap(tokens), heard),
  };
}

function languagesOf(entries: readonly FaqPhrasings[]): FaqLanguage[] {
  const byLanguage = Map.groupBy(entries, ({ language }) => language);
  return Array.from(byLanguage, ([language, own]) => ({
    language,
    heard: own.filter(({ title }) => isArabicScript(title)).length * 2 > own.length,
  }));
}

function exactOf(read: readonly Read[], placeOf: ReadonlyMap<string, number>): Map<string, number> {
  const exact = new Map<string, number>();
  for (const { source, normal } of read) {
    const entry = placeOf.get(source.id) ?? -1;
    for (const one of normal) exact.set(one, (exact.get(one) ?? entry) === entry ? entry : -1);
  }
  return exact;
}

/** Which entry and language each document is of, by their places. */
function placesOf(
  read: readonly Read[],
  placeOf: ReadonlyMap<string, number>,
  languages: readonly FaqLanguage[],
): Pick<FaqIndex, "entryOf" | "languageOf" | "documentOf"> {
  const placeOfLanguage = new Map(languages.map(({ language }, place) => [language, place]));
  const entryOf = Uint16Array.from(read, ({ source }) => placeOf.get(source.id) ?? 0);
  const languageOf = Uint16Array.from(read, ({ source }) => placeOfLanguage.get(source.language) ?? 0);
  const documentOf = new Int32Array(placeOf.size * languages.length).fill(-1);
  for (const [document, entry] of entryOf.entries()) {
    documentOf[entry * languages.length + (languageOf[document] ?? 0)] = document;
  }
  return { entryOf, languageOf, documentOf };
}

/** Builds the index over all entries and languages. An entry may lack a language. */
export function buildFaqIndex(entries: readonly FaqPhrasings[], options: FaqIndexOptions = {}): FaqIndex {
  const conceptsOf = options.conceptsOf ?? noConcepts;
  const languages = languagesOf(entries);
  const heard = new Map(languages.map((one) => [one.language, one.heard]));
  const reader = documentReader(conceptsOf);
  const read = entries.map((entry) => readEntry(entry, heard.get(entry.language) ?? false, reader));
  const ids = Array.from(new Set(entries.map(({ id }) => id)));
  const placeOf = new Map(ids.map((id, place): [string, number] => [id, place]));
  const places = placesOf(read, placeOf, languages);
  const field = (name: keyof Terms): Field =>
    buildField(
      {
        ids: reader.vocabularies[name],
        documents: read.map(({ phrasings, text }) =>
          joined([...phrasings, text].map((terms) => terms[name])),
        ),
        languageOf: places.languageOf,
        languages: languages.length,
      },
      shape,
    );
  return {
    ids,
    languages,
    ...places,
    phrasings: read.map(({ phrasings }) => packPhrasings(phrasings.map(({ grams }) => grams))),
    fields: {
      words: field("words"),
      grams: field("grams"),
      sounds: field("sounds"),
      concepts: field("concepts"),
    },
    exact: exactOf(read, placeOf),
    conceptsOf,
  };
}
