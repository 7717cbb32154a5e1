import { normalise, writeNormal } from "../text/normalise.ts";
import type { FaqIndexOptions, FaqPhrasings } from "./phrasings.ts";
import { type Rows, RowWriter } from "./rows.ts";
import { SequenceTable } from "./sequence-table.ts";
import type { Slices } from "./slices.ts";
import { isArabicScript } from "./stem.ts";

/**
 * A document: an entry in one language, or what lies outside in it. Its title and phrasings are the rows of `asked` from
 * `first` to `end`.
 */
export type Document = {
  readonly entry: number;
  readonly language: number;
  readonly first: number;
  readonly end: number;
};

/** All texts that an index is made of, by the numbers of their words. */
export type Texts = {
  readonly documents: readonly Document[];
  /** Titles and phrasings, each once a document. */
  readonly asked: Rows;
  /** By document, its answer. */
  readonly answers: Rows;
  /** By number, each word in normal form. */
  readonly words: readonly string[];
  /** By word, how often it stands there. */
  readonly counts: readonly number[];
  readonly exact: Exact;
  /** Whether a language in Latin letters has a word, by its number, in its phrasings. */
  readonly isLatin: (word: number) => boolean;
};

/** Titles and phrasings by the numbers of their words; the entry of each by its place, -1 where several have it. */
export type Exact = { readonly table: SequenceTable; readonly entries: readonly number[] };

type Unread = Pick<Document, "entry" | "language"> & {
  readonly texts: readonly string[];
  readonly answer: string;
};

function unreadOf(
  entries: readonly FaqPhrasings[],
  outside: FaqIndexOptions["outside"] = [],
  ids: readonly string[],
  languages: readonly string[],
): readonly Unread[] {
  const place = new Map(ids.map((id, at): [string, number] => [id, at]));
  const ofLanguage = new Map(languages.map((language, at): [string, number] => [language, at]));
  return [
    ...entries.map(({ id, language, title, phrasings, text }) => ({
      entry: place.get(id) ?? 0,
      language: ofLanguage.get(language) ?? 0,
      texts: [title, ...phrasings],
      answer: text,
    })),
    ...outside
      .filter(({ language }) => ofLanguage.has(language))
      .map(({ language, phrasings }) => ({
        entry: ids.length,
        language: ofLanguage.get(language) ?? 0,
        texts: phrasings,
        answer: "",
      })),
  ];
}

const space = 32;
/** UTF-16 units; longer texts are rare, and take the slow way. */
const longestQuick = 400;

/** More arguments at once might not fit the stack. */
const chunk = 8192;

/** The text of some UTF-16 units. */
function textOf(units: Uint32Array): string {
  let text = "";
  for (let from = 0; from < units.length; from += chunk) {
    text += String.fromCharCode(...units.subarray(from, from + chunk));
  }
  return text;
}

/** Reads texts: gives every word a number, and notes which phrasings are the same. */
class Reader {
  readonly #words = new SequenceTable();
  readonly #room = new Uint16Array(longestQuick);
  readonly #asked = new RowWriter();
  readonly #answers = new RowWriter();
  /** The words of the text that is being read. */
  readonly #own: number[] = [];
  readonly #counts: number[] = [];
  readonly #exact: { readonly table: SequenceTable; readonly entries: number[] } = {
    table: new SequenceTable(),
    entries: [],
  };

  read({ entry, language, texts, answer }: Unread): Document {
    const first = this.#asked.count;
    const { table, entries } = this.#exact;
    const seen = new Set<number>();
    for (const text of texts) {
      this.#own.length = 0;
      this.#addWords(text);
      const phrasing = table.numberOf(this.#own, 0, this.#own.length);
      if (seen.has(phrasing)) continue;
      seen.add(phrasing);
      entries[phrasing] = (entries[phrasing] ?? entry) === entry ? entry : -1;
      this.#asked.add(this.#own);
    }
    this.#own.length = 0;
    // Short texts have a quicker way to their normal form. Placeholders stay: facts have telling names.
    for (const line of answer.split("\n")) this.#addWords(line);
    this.#answers.add(this.#own);
    return { entry, language, first, end: this.#asked.count };
  }

  /** What has been read. */
  get all(): Omit<Texts, "documents" | "isLatin"> {
    const { starts, items } = this.#words.rows;
    const letters = textOf(items);
    return {
      asked: this.#asked.rows,
      answers: this.#answers.rows,
      words: this.#counts.map((_, number) => letters.slice(starts[number], starts[number + 1])),
      counts: this.#counts,
      exact: this.#exact,
    };
  }

  #addWords(text: string): void {
    const length = writeNormal(text, this.#room);
    if (length !== -1) return this.#addUnits(this.#room, length);
    const normal = normalise(text);
    const units = Uint16Array.from({ length: normal.length }, (_, at) => normal.charCodeAt(at));
    this.#addUnits(units, units.length);
  }

  #addUnits(units: Uint16Array, length: number): void {
    let from = 0;
    for (let at = 0; at <= length; at += 1) {
      if (at < length && units[at] !== space) continue;
      if (at > from) this.#addWord(this.#words.numberOf(units, from, at));
      from = at + 1;
    }
  }

  #addWord(number: number): void {
    if (number === this.#counts.length) this.#counts.push(0);
    this.#counts[number] = (this.#counts[number] ?? 0) + 1;
    this.#own.push(number);
  }
}

/** So many documents are read before others get a turn. */
const stride = 64;

/** Reads all texts. `ids` and `languages`: by whose places entries and languages are known. */
export function* readTexts(
  entries: readonly FaqPhrasings[],
  outside: FaqIndexOptions["outside"],
  ids: readonly string[],
  languages: readonly string[],
): Slices<Texts> {
  const reader = new Reader();
  const unread = unreadOf(entries, outside, ids, languages);
  const documents: Document[] = [];
  for (const one of unread) {
    documents.push(reader.read(one));
    if (documents.length % stride === 0) yield;
  }
  const { all } = reader;
  const latin = latinWords(arabicLanguages(unread), documents, all.asked, all.words.length);
  return { ...all, documents, isLatin: (word) => latin[word] === 1 };
}

/** By word, 1 where a language in Latin letters uses it. */
function latinWords(
  arabic: ReadonlySet<number>,
  documents: readonly Document[],
  { starts, items }: Rows,
  words: number,
): Uint8Array {
  const latin = new Uint8Array(words);
  for (const { language, first, end } of documents) {
    const to = arabic.has(language) ? 0 : (starts[end] ?? 0);
    for (let at = starts[first] ?? 0; at < to; at += 1) latin[items[at] ?? 0] = 1;
  }
  return latin;
}

/** The languages most of whose titles are in Arabic script. */
function arabicLanguages(unread: readonly Unread[]): ReadonlySet<number> {
  const byLanguage = Map.groupBy(unread, ({ language }) => language);
  const isArabic = (own: readonly Unread[]): boolean =>
    own.filter(({ texts: [title = ""] }) => isArabicScript(title)).length * 2 > own.length;
  return new Set([...byLanguage].filter(([, own]) => isArabic(own)).map(([language]) => language));
}
