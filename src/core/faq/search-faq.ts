import { addScores } from "./bm25.ts";
import { confidence, decide, type FaqDecision } from "./confidence.ts";
import type { FaqIndex, LanguageIndex } from "./faq-index.ts";
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
/** A person mostly writes in the language they chose, but may not: everything is searched, theirs counts more. */
const ownLanguageBonus = 1.3;
const mostEntries = 3;

type Ranked = { readonly id: string; readonly score: number; readonly possible: number };

type Comparison = { readonly scores: Float64Array; readonly possible: number };

function compare(index: LanguageIndex, terms: Terms, listen: boolean): Comparison {
  const scores = new Float64Array(index.entries.length);
  const add = (name: keyof Terms): number =>
    addScores(index.fields[name], terms[name], fieldWeights[name], scores);
  const possible = add("words") + add("grams") + add("concepts");
  // Sounds are a second chance for words already counted, so they do not raise what was possible.
  if (index.heard && listen) add("sounds");
  return { scores, possible };
}

/** The entries of one language with their scores; those without a common term are left out. */
function rankIn(own: LanguageIndex, ids: readonly string[], comparison: Comparison, bonus: number): Ranked[] {
  const { scores, possible } = comparison;
  return own.entries
    .map((entry, document) => ({ id: ids[entry] ?? "", score: (scores[document] ?? 0) * bonus, possible }))
    .filter(({ score }) => score > 0);
}

/** Every entry with its best score in any language, best first. */
function rank(index: FaqIndex, terms: Terms, language: string): Ranked[] {
  const listen = index.languages.some((own) => own.language === language && own.heard);
  const all = index.languages.flatMap((own) =>
    rankIn(own, index.ids, compare(own, terms, listen), own.language === language ? ownLanguageBonus : 1),
  );
  const best = new Map<string, Ranked>();
  for (const one of all) {
    if (one.score > (best.get(one.id)?.score ?? 0)) best.set(one.id, one);
  }
  // Equal scores keep the order of the index, so that a search always gives the same answer.
  return Array.from(best.values()).sort((a, b) => b.score - a.score);
}

/**
 * Finds the entries that a message asks for, in all languages at once. Takes any text and any language code
 * (an unknown one gets no bonus); never throws.
 */
export function searchFaq(index: FaqIndex, text: string, language: string): FaqFound {
  const ranked = rank(index, messageTerms(text, index.conceptsOf), language);
  const [first, second] = ranked;
  if (first === undefined) return { decision: "abstain", entries: [], score: 0 };
  const score = confidence({ best: first.score, next: second?.score ?? 0, possible: first.possible });
  return { decision: decide(score), entries: ranked.slice(0, mostEntries).map(({ id }) => id), score };
}
