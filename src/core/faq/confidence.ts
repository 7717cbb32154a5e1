/** What to do with what was found. */
export type FaqDecision = "answer" | "suggest" | "abstain";

/**
 * What is known of a search: the two best scores, what an entry would have scored that has every term once, and how
 * close a phrasing of the best entry comes to the message, and one of any other candidate (both from 0 to 1).
 */
export type Evidence = {
  readonly best: number;
  readonly next: number;
  readonly possible: number;
  readonly close: number;
  readonly otherClose: number;
};

/** What the regression sees. Coverage is the share of the possible score, margin the lead over the next entry. */
export type Features = {
  readonly coverage: number;
  readonly margin: number;
  readonly strength: number;
  readonly close: number;
  readonly closeMargin: number;
};
/** `base` stands alone; each of the others is multiplied by its feature. */
export type Weights = Features & { readonly base: number };

/**
 * A logistic regression: is the best entry right? Fitted on the development messages, further messages that lie
 * outside, and phrasings each searched in an index without it; `npm run bench:faq` fits it again in each fold of a
 * cross-validation, prints what that comes to, and with `--fit` the weights over all. Fit again when phrasings or
 * fields change much.
 */
const fittedWeights: Weights = {
  base: -6.78,
  coverage: 0.62,
  margin: 3.3,
  strength: 1.45,
  close: 1.81,
  closeMargin: 0.94,
};
/**
 * In cross-validation 95 % of the development messages that are answered from here on are answered rightly, 91 % of the
 * held-out phrasings, and 4 % of what lies outside is answered (of the development messages none).
 */
const answerFrom = 0.77;
/** Half of what lies outside is below, and 3 % of the right ones. */
const suggestFrom = 0.2;
/** A term that an entry repeats counts more than once; beyond this, coverage says nothing more. */
const mostCoverage = 1.5;
/** A message that is word for word a phrasing of one entry only. */
export const sureOfExact = 0.99;

/** What the regression sees of a search. */
export function featuresOf({ best, next, possible, close, otherClose }: Evidence): Features {
  return {
    coverage: Math.min(best / Math.max(possible, Number.EPSILON), mostCoverage),
    margin: (best - next) / Math.max(best, Number.EPSILON),
    strength: Math.log1p(best),
    close,
    closeMargin: close - otherClose,
  };
}

/** How likely the best entry is the right one, from 0 to 1. */
export function confidence(features: Features, weights: Weights = fittedWeights): number {
  const odds =
    weights.base +
    weights.coverage * features.coverage +
    weights.margin * features.margin +
    weights.strength * features.strength +
    weights.close * features.close +
    weights.closeMargin * features.closeMargin;
  return 1 / (1 + Math.exp(-odds));
}

/** Answer when sure, offer a choice when it may be among them, otherwise say honestly that there is none. */
export function decide(score: number): FaqDecision {
  if (score >= answerFrom) return "answer";
  return score >= suggestFrom ? "suggest" : "abstain";
}
