import { confidenceBy, featuresOf, sureOfExact, type Weights } from "../../src/core/faq/confidence.ts";
import type { FaqIndex } from "../../src/core/faq/faq-index.ts";
import { type FaqSearch, lookThrough } from "../../src/core/faq/search-faq.ts";
import type { Sample } from "./fit.ts";
import type { Message } from "./messages.ts";

/** A message that was searched for, and whether what it should find came first, or among three. */
export type Searched = {
  readonly message: Message;
  readonly set: string;
  readonly found: FaqSearch | undefined;
  readonly right: boolean;
  readonly inThree: boolean;
};

/** Searches a message of a set. */
export function search(index: FaqIndex, message: Message, set: string): Searched {
  const found = lookThrough(index, message.text, message.lang);
  const isExpected = (id: string | undefined): boolean => id !== undefined && message.expected.includes(id);
  return {
    message,
    set,
    found,
    right: isExpected(found?.entries[0]),
    inThree: found?.entries.some(isExpected) === true,
  };
}

/** What a search teaches about confidence; nothing where the message is word for word a known phrasing. */
export function sampleOf({ found, right }: Searched, counts: number): readonly Sample[] {
  return found === undefined || found.exact ? [] : [{ features: featuresOf(found.evidence), right, counts }];
}

/** The confidence in what was found, by some weights. */
export function scoreOf({ found }: Searched, weights: Weights): number {
  if (found === undefined) return 0;
  return found.exact ? sureOfExact : confidenceBy(featuresOf(found.evidence), weights);
}

/** Shares of the searches that are wanted of the thresholds. */
const wanted = { precision: 0.95, outside: 0.02, missed: 0.03 } as const;

export type Scored = { readonly searched: Searched; readonly score: number };

export type Thresholds = { readonly answerFrom: number; readonly suggestFrom: number };

/** Whether enough of the direct answers are right, in each language by itself. */
function isPrecise(direct: readonly Scored[]): boolean {
  const byLanguage = Map.groupBy(direct, ({ searched }) => searched.message.lang);
  return [...byLanguage.values()].every(
    (own) => own.filter(({ searched }) => searched.right).length >= wanted.precision * own.length,
  );
}

/**
 * The thresholds by scores that were given without the message: answers from where as many of them are right as wanted
 * and hardly any go to what lies outside; suggests from where no more of the right ones than wanted lie below.
 */
export function thresholdsBy(scored: readonly Scored[]): Thresholds {
  const steps = Array.from({ length: 99 }, (_, step) => (step + 1) / 100);
  const outside = scored.filter(({ searched }) => searched.message.expected.length === 0);
  const isGood = (from: number): boolean => {
    const direct = scored.filter(
      ({ score, searched }) => score >= from && searched.message.expected.length > 0,
    );
    const astray = outside.filter(({ score }) => score >= from);
    return isPrecise(direct) && astray.length <= wanted.outside * outside.length;
  };
  const found = scored
    .filter(({ searched }) => searched.inThree)
    .map(({ score }) => score)
    .sort((a, b) => a - b);
  return {
    answerFrom: steps.find(isGood) ?? 1,
    suggestFrom: Math.round((found[Math.floor(wanted.missed * found.length)] ?? 0) * 100) / 100,
  };
}
