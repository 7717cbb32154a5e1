/**
 * Every message goes through all patterns, and most messages have next to none of their words. So each pattern is
 * filed under the words of its most telling place, its anchor, and is only tried around such a word.
 */
import { matchesAround, type Pattern, type Place } from "./pattern.ts";

/** A pattern and the place of its rule in the list of rules. */
export type RulePattern = { readonly rule: number; readonly pattern: Pattern };
type Filed = RulePattern & { readonly anchor: number };

export type PatternIndex = {
  readonly byWord: ReadonlyMap<string, readonly Filed[]>;
  readonly byBeginning: ReadonlyMap<string, readonly Filed[]>;
  /** The lengths, in UTF-16 units, that the beginnings have. */
  readonly lengths: readonly number[];
};

/** Each letter more makes a word about this much rarer in what people write. */
const rarerByLetter = 3;
const frequencyOf = (letters: number): number => rarerByLetter ** -letters;

/** How often an ordinary message has a word for the place, as far as the lengths of its words can tell. */
function frequencyAt({ words, beginnings }: Place): number {
  let sum = 0;
  for (const word of words) sum += frequencyOf(word.length);
  for (const beginning of beginnings) sum += frequencyOf(beginning.length - 1);
  return sum;
}

function anchorOf(pattern: Pattern): number {
  const frequencies = pattern.map(frequencyAt);
  return frequencies.indexOf(Math.min(...frequencies));
}

function file(drawer: Map<string, Filed[]>, name: string, one: Filed): void {
  const filed = drawer.get(name);
  if (filed === undefined) drawer.set(name, [one]);
  else filed.push(one);
}

/** Files patterns for {@link raisedRules}. */
export function indexPatterns(patterns: readonly RulePattern[]): PatternIndex {
  const byWord = new Map<string, Filed[]>();
  const byBeginning = new Map<string, Filed[]>();
  for (const one of patterns) {
    const anchor = anchorOf(one.pattern);
    const filed = { ...one, anchor };
    for (const word of one.pattern[anchor]?.words ?? []) file(byWord, word, filed);
    for (const beginning of one.pattern[anchor]?.beginnings ?? []) file(byBeginning, beginning, filed);
  }
  const lengths = Array.from(new Set(Array.from(byBeginning.keys(), (beginning) => beginning.length)));
  return { byWord, byBeginning, lengths };
}

type Raised = Set<number> | undefined;

function tryAll(filed: readonly Filed[], sentence: readonly string[], at: number, before: Raised): Raised {
  let raised = before;
  for (const { rule, pattern, anchor } of filed) {
    if (raised?.has(rule) || !matchesAround(pattern, anchor, sentence, at)) continue;
    raised ??= new Set();
    raised.add(rule);
  }
  return raised;
}

function tryBeginnings(index: PatternIndex, sentence: readonly string[], at: number, before: Raised): Raised {
  let raised = before;
  const word = sentence[at] ?? "";
  for (const length of index.lengths) {
    const filed = length <= word.length ? index.byBeginning.get(word.slice(0, length)) : undefined;
    if (filed !== undefined) raised = tryAll(filed, sentence, at, raised);
  }
  return raised;
}

/** The rules, by their place in the list, that have a pattern which the sentence matches; undefined when none has. */
export function raisedRules(
  index: PatternIndex,
  sentence: readonly string[],
): ReadonlySet<number> | undefined {
  let raised: Raised;
  for (const [at, word] of sentence.entries()) {
    const filed = index.byWord.get(word);
    if (filed !== undefined) raised = tryAll(filed, sentence, at, raised);
    raised = tryBeginnings(index, sentence, at, raised);
  }
  return raised;
}
