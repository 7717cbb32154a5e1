import { fitted } from "./fitted-confidence.ts";

/** What to do with what was found. */
export type FaqDecision = "answer" | "suggest" | "abstain";

/** What is known of a search; all but the number of concepts are shares or chances, from 0 to 1 (`coverage` may exceed it). */
export type Evidence = {
  /** That the best entry is meant, the next one, none of all. */
  readonly chance: number;
  readonly next: number;
  readonly outside: number;
  /** How much of the score that its letters could reach the best entry has. */
  readonly coverage: number;
  /** How close a phrasing of the best entry comes to the message, and one of any other candidate. */
  readonly close: number;
  readonly otherClose: number;
  /** The share of words of which something is known. */
  readonly known: number;
  /** How many concepts were found. */
  readonly concepts: number;
};

/** What the regression sees of it. */
export const featureNames = [
  "odds",
  "outside",
  "lead",
  "coverage",
  "close",
  "closeLead",
  "known",
  "concepts",
] as const;
export type Features = Readonly<Record<(typeof featureNames)[number], number>>;
/** `base` stands alone; each of the others is multiplied by its feature. */
export type Weights = Features & { readonly base: number };

/** A message that is word for word a phrasing of one entry only. */
export const sureOfExact = 0.99;

const mostCoverage = 1.5;
const mostConcepts = 6;
const mostLead = 6;
const least = 1e-6;

/** What the regression sees of a search. */
export function featuresOf(evidence: Evidence): Features {
  const chance = Math.min(Math.max(evidence.chance, least), 1 - least);
  return {
    odds: Math.log(chance / (1 - chance)),
    outside: Math.log(Math.max(evidence.outside, least) / chance),
    lead: Math.min(Math.log(chance / Math.max(evidence.next, least)), mostLead),
    coverage: Math.min(evidence.coverage, mostCoverage),
    close: evidence.close,
    closeLead: evidence.close - evidence.otherClose,
    known: evidence.known,
    concepts: Math.min(evidence.concepts, mostConcepts),
  };
}

/** How likely the best entry is the right one, from 0 to 1: a logistic regression of the features. */
export function confidenceBy(features: Features, weights: Weights): number {
  let odds = weights.base;
  for (const name of featureNames) odds += weights[name] * features[name];
  return 1 / (1 + Math.exp(-odds));
}

/** How likely the best entry is the right one, from 0 to 1. */
export function confidence(evidence: Evidence): number {
  return confidenceBy(featuresOf(evidence), fitted.weights);
}

/** Answer when sure, offer a choice when it may be among them, otherwise say honestly that there is none. */
export function decide(score: number): FaqDecision {
  if (score >= fitted.answerFrom) return "answer";
  return score >= fitted.suggestFrom ? "suggest" : "abstain";
}
