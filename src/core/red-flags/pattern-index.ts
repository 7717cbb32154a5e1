/**
 * Every message goes through all patterns, and most messages have next to none of their words. So each pattern is
 * filed under the words of its most telling place, and only patterns with such a word in the sentence are tried.
 */
import { matchesPattern, type Pattern, type Place } from "./pattern.ts";

/** A pattern and the place of its rule in the list of rules. */
export type RulePattern = { readonly rule: number; readonly pattern: Pattern };

export type PatternIndex = {
  readonly byWord: ReadonlyMap<string, readonly RulePattern[]>;
  readonly byBeginning: ReadonlyMap<string, readonly RulePattern[]>;
  /** The lengths, in UTF-16 units, that the beginnings have. */
  readonly lengths: readonly number[];
};

/** Long words are rare ones: a place tells more, the longer its shortest alternative is. */
function tellingOf({ words, beginnings }: Place): number {
  return Math.min(
    ...Array.from(words, (word) => word.length),
    ...beginnings.map((beginning) => beginning.length),
  );
}

function anchorOf(pattern: Pattern): Place | undefined {
  return pattern.toSorted((a, b) => tellingOf(b) - tellingOf(a))[0];
}

function file(drawer: Map<string, RulePattern[]>, name: string, pattern: RulePattern): void {
  const filed = drawer.get(name);
  if (filed === undefined) drawer.set(name, [pattern]);
  else filed.push(pattern);
}

/** Files patterns for {@link raisedRules}. */
export function indexPatterns(patterns: readonly RulePattern[]): PatternIndex {
  const byWord = new Map<string, RulePattern[]>();
  const byBeginning = new Map<string, RulePattern[]>();
  for (const one of patterns) {
    const anchor = anchorOf(one.pattern);
    for (const word of anchor?.words ?? []) file(byWord, word, one);
    for (const beginning of anchor?.beginnings ?? []) file(byBeginning, beginning, one);
  }
  const lengths = Array.from(new Set(Array.from(byBeginning.keys(), (beginning) => beginning.length)));
  return { byWord, byBeginning, lengths };
}

function candidatesFor(index: PatternIndex, sentence: readonly string[]): Set<RulePattern> {
  const candidates = new Set<RulePattern>();
  for (const word of sentence) {
    for (const one of index.byWord.get(word) ?? []) candidates.add(one);
    for (const length of index.lengths) {
      for (const one of index.byBeginning.get(word.slice(0, length)) ?? []) candidates.add(one);
    }
  }
  return candidates;
}

/** The rules, by their place in the list, that have a pattern which the sentence matches. */
export function raisedRules(index: PatternIndex, sentence: readonly string[]): Set<number> {
  const raised = new Set<number>();
  for (const { rule, pattern } of candidatesFor(index, sentence)) {
    if (!raised.has(rule) && matchesPattern(pattern, sentence)) raised.add(rule);
  }
  return raised;
}
