import { normalise, writeNormal } from "../text/normalise.ts";
import type { FaqIndexOptions, FaqPhrasings } from "./phrasings.ts";
import { endRow, type OpenRows, openRows, type Rows } from "./rows.ts";
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
/** Longer texts are rare; they take the slow way. */
const longestQuick = 400;

/** Reads texts: gives every word a number, and notes which phrasings are the same. */
class Reader {
  readonly #words = new SequenceTable();
  readonly #room = new Uint16Array(longestQuick);
  readonly counts: number[] = [];
  readonly exact = { table: new SequenceTable(), entries: [] as number[] };
  readonly asked = openRows();
  readonly answers = openRows();

  /** The words by their numbers. */
  get words(): string[] {
    const { starts, items } = this.#words.rows;
    const units = Uint16Array.from(items);
    return this.counts.map((_, number) => {
      const own = units.subarray(starts[number], starts[number + 1]);
      return Reflect.apply(String.fromCharCode, undefined, own);
    });
  }

  read({ entry, language, texts, answer }: Unread): Document {
    const first = this.asked.starts.length - 1;
    const own = new Set<number>();
    for (const text of texts) {
      const from = this.asked.items.length;
      this.#addWords(text, this.asked);
      const phrasing = this.exact.table.numberOf(this.asked.items, from, this.asked.items.length);
      if (own.has(phrasing)) {
        this.asked.items.length = from;
        continue;
      }
      own.add(phrasing);
      const before = this.exact.entries[phrasing] ?? entry;
      this.exact.entries[phrasing] = before === entry ? entry : -1;
      endRow(this.asked);
    }
    // Short texts have a quicker way to their normal form. Placeholders stay: facts have telling names.
    for (const line of answer.split("\n")) this.#addWords(line, this.answers);
    endRow(this.answers);
    return { entry, language, first, end: this.asked.starts.length - 1 };
  }

  #addWords(text: string, rows: OpenRows): void {
    const length = text.length <= longestQuick ? writeNormal(text, this.#room) : -1;
    if (length !== -1) return this.#addUnits(this.#room, length, rows);
    const normal = normalise(text);
    const units = Uint16Array.from({ length: normal.length }, (_, at) => normal.charCodeAt(at));
    this.#addUnits(units, units.length, rows);
  }

  #addUnits(units: Uint16Array, length: number, rows: OpenRows): void {
    let from = 0;
    for (let at = 0; at <= length; at += 1) {
      if (at < length && units[at] !== space) continue;
      if (at > from) this.#addWord(this.#words.numberOf(units, from, at), rows);
      from = at + 1;
    }
  }

  #addWord(number: number, rows: OpenRows): void {
    if (number === this.counts.length) this.counts.push(0);
    this.counts[number] = (this.counts[number] ?? 0) + 1;
    rows.items.push(number);
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
  const { counts, exact, asked, answers, words } = reader;
  const latin = latinWords(arabicLanguages(unread), documents, asked, words.length);
  return { documents, asked, answers, words, counts, exact, isLatin: (word) => latin[word] === 1 };
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
