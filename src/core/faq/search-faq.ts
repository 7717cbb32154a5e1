import { normalise } from "../text/normalise.ts";
import { addScores, possibleIn, termIds } from "./bm25.ts";
import { closest, markTerms } from "./closeness.ts";
import {
  confidence,
  decide,
  type Evidence,
  type FaqDecision,
  type Features,
  featuresOf,
  sureOfExact,
} from "./confidence.ts";
import type { FaqIndex } from "./faq-index.ts";
import { messageTerms, type Terms } from "./terms.ts";

/**
 * What was found: the decision, the best entries (best first, at most three, distinct; to be shown only when the
 * decision is not to abstain) and how likely the first of them is right, from 0 to 1.
 */
export type FaqFound = {
  readonly decision: FaqDecision;
  readonly entries: readonly string[];
  readonly score: number;
};

/** How much each field counts beside the words; flat near these values on the development messages. */
const fieldWeights: Readonly<Record<keyof Terms, number>> = {
  words: 1,
  grams: 0.4,
  sounds: 0.7,
  concepts: 1,
};
const fieldNames = ["words", "grams", "sounds", "concepts"] as const satisfies readonly (keyof Terms)[];
/** Sounds are a second chance for words already counted, so they do not raise what was possible. */
const countedNames = ["words", "grams", "concepts"] as const satisfies readonly (keyof Terms)[];
/** A person mostly writes in the language they chose, but may not: everything is searched, theirs counts more. */
const ownLanguageBonus = 1.3;
/** What an entry scores in its other languages counts so much beside its best: Dari and Pashto share many words. */
const otherLanguagesShare = 0.2;
const mostEntries = 3;
/** So many of the best are looked at more closely. */
const mostCandidates = 5;

type Message = Readonly<Record<keyof Terms, readonly number[]>>;
/** An entry by its place in the index, its score, and its document that fits best. */
type Ranked = { readonly entry: number; readonly score: number; readonly document: number };

function readMessage(index: FaqIndex, normal: string, language: number): Message {
  const terms = messageTerms(normal, index.conceptsOf, index.languages[language]?.heard ?? false);
  return {
    words: termIds(index.fields.words, terms.words),
    grams: termIds(index.fields.grams, terms.grams),
    sounds: termIds(index.fields.sounds, terms.sounds),
    concepts: termIds(index.fields.concepts, terms.concepts),
  };
}

/** By entry: the score of its best document, the sum of all its documents' scores, and which is the best. */
type Tally = { readonly best: Float64Array; readonly sums: Float64Array; readonly bestAt: Uint16Array };

function tally(index: FaqIndex, scores: Float64Array, language: number): Tally {
  const best = new Float64Array(index.ids.length);
  const sums = new Float64Array(index.ids.length);
  const bestAt = new Uint16Array(index.ids.length);
  for (const [document, entry] of index.entryOf.entries()) {
    const bonus = index.languageOf[document] === language ? ownLanguageBonus : 1;
    const score = (scores[document] ?? 0) * bonus;
    sums[entry] = (sums[entry] ?? 0) + score;
    if (score <= (best[entry] ?? 0)) continue;
    best[entry] = score;
    bestAt[entry] = document;
  }
  return { best, sums, bestAt };
}

/** Every entry that has anything of the message, in the order of the index. */
function scoreEntries({ best, sums, bestAt }: Tally): Ranked[] {
  const ranked: Ranked[] = [];
  for (const [entry, most] of best.entries()) {
    const score = most + otherLanguagesShare * ((sums[entry] ?? 0) - most);
    if (score > 0) ranked.push({ entry, score, document: bestAt[entry] ?? 0 });
  }
  return ranked;
}

/** The best candidates, best first. Equal scores keep the order of the index: a search always gives the same answer. */
function rank(index: FaqIndex, message: Message, language: number): Ranked[] {
  const scores = new Float64Array(index.entryOf.length);
  for (const name of fieldNames) addScores(index.fields[name], message[name], fieldWeights[name], scores);
  const best: Ranked[] = [];
  for (const one of scoreEntries(tally(index, scores, language))) {
    const place = best.findLastIndex(({ score }) => score >= one.score) + 1;
    if (place >= mostCandidates) continue;
    best.splice(place, 0, one);
    best.length = Math.min(best.length, mostCandidates);
  }
  return best;
}

function evidenceOf(
  index: FaqIndex,
  message: Message,
  language: number,
  ranked: readonly Ranked[],
): Evidence {
  const [first, second] = ranked;
  const marked = markTerms(index.fields.grams, message.grams);
  const [close = 0, ...others] = ranked.map(({ entry, document }) => {
    const own = language === -1 ? -1 : (index.documentOf[entry * index.languages.length + language] ?? -1);
    const looked = own === -1 || own === document ? [document] : [own, document];
    return Math.max(
      ...looked.map((at) => {
        const phrasings = index.phrasings[at];
        return phrasings === undefined ? 0 : closest(marked, phrasings);
      }),
    );
  });
  const bestIn = index.languageOf[first?.document ?? 0] ?? 0;
  let possible = 0;
  for (const name of countedNames) {
    possible += fieldWeights[name] * possibleIn(index.fields[name], message[name], bestIn);
  }
  return {
    best: first?.score ?? 0,
    next: second?.score ?? 0,
    possible,
    close,
    otherClose: Math.max(0, ...others),
  };
}

/** What a search found before anything is made of it; `exact`: the message is a phrasing of the first and only of it. */
export type FaqSearch = {
  readonly entries: readonly string[];
  readonly features: Features;
  readonly exact: boolean;
};

/** Finds candidates and what speaks for the first of them; undefined when no entry has anything of the message. */
export function lookThrough(index: FaqIndex, text: string, language: string): FaqSearch | undefined {
  const normal = normalise(text);
  const own = index.languages.findIndex((one) => one.language === language);
  const message = readMessage(index, normal, own);
  const ranked = rank(index, message, own);
  const [first] = ranked;
  if (first === undefined) return undefined;
  const exact = index.exact.get(normal) ?? -1;
  const places = ranked.map(({ entry }) => entry);
  const inOrder = exact === -1 ? places : [exact, ...places.filter((entry) => entry !== exact)];
  return {
    entries: inOrder.slice(0, mostEntries).map((entry) => index.ids[entry] ?? ""),
    features: featuresOf(evidenceOf(index, message, own, ranked)),
    exact: exact !== -1,
  };
}

/**
 * Finds the entries that a message asks for, in all languages at once. Takes any text and any language code
 * (an unknown one gets no bonus); never throws.
 */
export function searchFaq(index: FaqIndex, text: string, language: string): FaqFound {
  const found = lookThrough(index, text, language);
  if (found === undefined) return { decision: "abstain", entries: [], score: 0 };
  const score = found.exact ? sureOfExact : confidence(found.features);
  return { decision: decide(score), entries: found.entries, score };
}
