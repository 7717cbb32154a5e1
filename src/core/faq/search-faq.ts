import { normalise } from "../text/normalise.ts";
import { addScores, possibleIn, termIds } from "./bm25.ts";
import { addClassScores, toChances } from "./classifier.ts";
import { closest, markTerms, type Phrasings } from "./closeness.ts";
import { confidence, decide, type Evidence, type FaqDecision, sureOfExact } from "./confidence.ts";
import type { FaqIndex } from "./faq-index.ts";
import { vectorOf } from "./features.ts";
import { conceptsOfWord } from "./lexicon.ts";
import { oneRow, rowCount } from "./rows.ts";
import { respell } from "./spelling.ts";
import { stem } from "./stem.ts";
import { trigramsIn } from "./trigrams.ts";
import { conceptsIn } from "./word-book.ts";

/**
 * What was found: the decision, the best entries (best first, at most three, distinct, without parts; to be shown only
 * when the decision is not to abstain), how likely the first of them is right, from 0 to 1, and the part of it that is
 * meant, if one is.
 */
export type FaqFound = {
  readonly decision: FaqDecision;
  readonly entries: readonly string[];
  readonly score: number;
  readonly part: string | undefined;
};

/** How much the letters (BM25) count beside what the classifier says; flat near this value on held-out phrasings. */
const letterWeight = 0.07;
/** A person mostly writes in the language they chose, but may not: everything is searched, theirs counts more. */
const ownLanguageBonus = 1.3;
const mostEntries = 3;
/** So many of the best are looked at more closely. */
const mostCandidates = 5;

/** A message as it is searched for. */
type Message = {
  /** Its words by their numbers, as they are written; -1 for unknown ones. */
  readonly words: readonly number[];
  readonly trigrams: readonly number[];
  readonly stems: readonly number[];
  readonly concepts: readonly number[];
  /** The share of its words of which something is known. */
  readonly known: number;
};

function readWord({ book, lexicon, space }: FaqIndex, word: string) {
  const number = book.numbers.get(word) ?? -1;
  const own = (number === -1 ? book.stems.get(stem(word)) : book.stemOf[number]) ?? -1;
  const concepts = book.concepts[number] ?? conceptsOfWord(lexicon, word, number, own);
  return { stem: own, concepts, isKnown: concepts.length > 0 || (space.stems[own] ?? 0) !== 0 };
}

function readMessage(index: FaqIndex, normal: string): Message {
  const written = normal === "" ? [] : normal.split(" ");
  const read = written.map((word) => readWord(index, respell(index.speller, word)));
  const stems = read.map((word) => word.stem);
  return {
    words: written.map((word) => index.book.numbers.get(word) ?? -1),
    trigrams: termIds(index.letters, trigramsIn(normal)),
    stems: stems.filter((one) => one !== -1),
    concepts: conceptsIn({ stems, concepts: read.map(({ concepts }) => concepts) }, index.lexicon),
    known: read.filter(({ isKnown }) => isKnown).length / Math.max(read.length, 1),
  };
}

/** By entry (what lies outside last): the best score of its documents, and which of them has it. */
type Letters = { readonly best: Float64Array; readonly at: Int32Array };

function scoreLetters(index: FaqIndex, message: Message, language: number): Letters {
  const scores = new Float64Array(index.entryOf.length);
  addScores(index.letters, message.trigrams, 1, scores);
  const best = new Float64Array(index.ids.length + 1);
  const at = new Int32Array(index.ids.length + 1).fill(-1);
  for (const [document, entry] of index.entryOf.entries()) {
    const score = (scores[document] ?? 0) * (index.languageOf[document] === language ? ownLanguageBonus : 1);
    if (score <= (best[entry] ?? 0)) continue;
    best[entry] = score;
    at[entry] = document;
  }
  return { best, at };
}

/** An entry by its place in the index, with its chance, that of its parts included. */
type Ranked = { readonly entry: number; readonly chance: number };

/** The best candidates; equal ones in the order of the index, so that a search always gives the same. */
function rank(index: FaqIndex, chances: Float64Array): Ranked[] {
  const sums = new Float64Array(index.ids.length);
  for (const [place, whole] of index.wholeOf.entries()) {
    sums[whole] = (sums[whole] ?? 0) + (chances[place] ?? 0);
  }
  const best: Ranked[] = [];
  for (const [entry, chance] of sums.entries()) {
    if (index.wholeOf[entry] !== entry) continue;
    const at = best.findLastIndex((other) => other.chance >= chance) + 1;
    if (at >= mostCandidates) continue;
    best.splice(at, 0, { entry, chance });
    best.length = Math.min(best.length, mostCandidates);
  }
  return best;
}

/** An entry and its parts, by their places. */
const membersOf = ({ members }: FaqIndex, entry: number): readonly number[] => members[entry] ?? [];

/** The part that is meant: one that is likelier than the rest of its entry together. */
function partOf(index: FaqIndex, { entry, chance }: Ranked, chances: Float64Array): string | undefined {
  const place = membersOf(index, entry).find((one) => 2 * (chances[one] ?? 0) > chance);
  return place === undefined || place === entry ? undefined : index.ids[place];
}

const noPhrasings: Phrasings = { rows: oneRow([]), first: 0, end: 0 };

/** How close a phrasing of each candidate comes to the message, in the person's language or the one that fits best. */
function closenessOf(
  index: FaqIndex,
  message: Message,
  language: number,
  letters: Letters,
  ranked: readonly Ranked[],
): number[] {
  const { trigrams } = index.book;
  const marked = markTerms(index.letters, message.trigrams, rowCount(trigrams));
  const looked = ({ entry }: Ranked): Set<number> =>
    new Set(
      membersOf(index, entry).flatMap((place) => [
        language === -1 ? -1 : (index.documentOf[place * index.languages.length + language] ?? -1),
        letters.at[place] ?? -1,
      ]),
    );
  return ranked.map((one) => {
    const close = Array.from(looked(one), (document) =>
      closest(marked, index.phrasings[document] ?? noPhrasings, trigrams),
    );
    return Math.max(0, ...close);
  });
}

/**
 * What a search found before anything is made of it. `exact`: the message is a phrasing of the first and only of it;
 * `part`: the part of the first that is meant, if one is.
 */
export type FaqSearch = {
  readonly entries: readonly string[];
  readonly evidence: Evidence;
  readonly exact: boolean;
  readonly part: string | undefined;
};

type Gathered = Pick<FaqSearch, "evidence" | "part"> & { readonly ranked: readonly Ranked[] };

function gather(index: FaqIndex, message: Message, language: number): Gathered {
  const letters = scoreLetters(index, message, language);
  const chances = letters.best.map((score) => letterWeight * score);
  addClassScores(index.classifier, vectorOf(index.space, message), chances);
  toChances(chances);
  const ranked = rank(index, chances);
  const [first = { entry: 0, chance: 0 }, second] = ranked;
  const [close = 0, ...others] = closenessOf(index, message, language, letters, ranked);
  const best = Math.max(...membersOf(index, first.entry).map((place) => letters.best[place] ?? 0));
  const bestIn = index.languageOf[letters.at[first.entry] ?? 0] ?? 0;
  return {
    ranked,
    part: partOf(index, first, chances),
    evidence: {
      chance: first.chance,
      next: second?.chance ?? 0,
      outside: chances[index.ids.length] ?? 0,
      coverage: best / Math.max(possibleIn(index.letters, message.trigrams, bestIn), 1),
      close,
      otherClose: Math.max(0, ...others),
      known: message.known,
      concepts: message.concepts.length,
    },
  };
}

/**
 * Finds candidates and what speaks for the first of them; undefined when no entry has anything of the message, or it is
 * word for word one of those that lie outside.
 */
export function lookThrough(index: FaqIndex, text: string, language: string): FaqSearch | undefined {
  const normal = normalise(text);
  const message = readMessage(index, normal);
  const nothing = message.concepts.length === 0 && message.trigrams.every((trigram) => trigram === -1);
  const exact = exactOf(index.exact, message.words);
  if (nothing || index.ids.length === 0 || exact === index.ids.length) return undefined;
  const { ranked, evidence, part } = gather(index, message, index.languages.indexOf(language));
  const places = ranked.map(({ entry }) => entry);
  if (exact === -1) return { entries: namesOf(index, places), evidence, exact: false, part };
  const whole = index.wholeOf[exact] ?? exact;
  return {
    entries: namesOf(index, [whole, ...places.filter((entry) => entry !== whole)]),
    evidence,
    exact: true,
    part: whole === exact ? undefined : index.ids[exact],
  };
}

/** The only entry that has a phrasing of just these words, by its place; -1 where none has, or several. */
function exactOf({ table, entries }: FaqIndex["exact"], words: readonly number[]): number {
  const phrasing = words.includes(-1) ? -1 : table.find(words);
  return phrasing === -1 ? -1 : (entries[phrasing] ?? -1);
}

const namesOf = ({ ids }: FaqIndex, places: readonly number[]): string[] =>
  places.slice(0, mostEntries).map((entry) => ids[entry] ?? "");

/**
 * Finds the entries that a message asks for, in all languages at once. Takes any text and any language code
 * (an unknown one gets no bonus); never throws.
 */
export function searchFaq(index: FaqIndex, text: string, language: string): FaqFound {
  const found = lookThrough(index, text, language);
  if (found === undefined) return { decision: "abstain", entries: [], score: 0, part: undefined };
  const score = found.exact ? sureOfExact : confidence(found.evidence);
  return { decision: decide(score), entries: found.entries, score, part: found.part };
}
