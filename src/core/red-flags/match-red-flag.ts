import { tokens } from "../text/normalise.ts";
import {
  matchesPattern,
  type Pattern,
  type PatternProblem,
  parsePattern,
  type WordReader,
} from "./pattern.ts";
import { indexPatterns, type PatternIndex, raisedRules } from "./pattern-index.ts";
import { type Reading, readingsOf } from "./sentences.ts";

/** How one flag is recognised in one language. `unless`: told of the past, asked about rules, negated. */
export type RedFlagRule = {
  readonly id: string;
  readonly language: string;
  readonly patterns: readonly string[];
  readonly unless: readonly string[];
};

/** A pattern that could not be read, with the rule it stands in. It is left out; the rest of the rule holds. */
export type RedFlagProblem = {
  readonly problem: PatternProblem;
  readonly pattern: string;
  readonly id: string;
  readonly language: string;
};

/** A flag that a message raises, and the language of the rule that recognised it. */
export type RedFlag = { readonly id: string; readonly language: string };

type CompiledRule = RedFlag & { readonly unless: readonly Pattern[] };

/** Compiled rules, the most urgent flag first; immutable. Look at `problems` before relying on it. */
export type RedFlagMatcher = {
  readonly rules: readonly CompiledRule[];
  readonly index: PatternIndex;
  readonly problems: readonly RedFlagProblem[];
};

type Reader = (rule: RedFlagRule, written: readonly string[]) => Pattern[];

/** Brings words to normal form, each once: rules say the same words again and again. */
function rememberingReader(): WordReader {
  const known = new Map<string, readonly string[]>();
  return (written) => {
    const before = known.get(written);
    if (before !== undefined) return before;
    const words = tokens(written);
    known.set(written, words);
    return words;
  };
}

/** Reads patterns and puts what is wrong with them on the list. */
const readerInto =
  (problems: RedFlagProblem[], words: WordReader): Reader =>
  ({ id, language }, written) =>
    written.flatMap((pattern) => {
      const parsed = parsePattern(pattern, words);
      if (parsed.kind === "pattern") return [parsed.places];
      problems.push({ problem: parsed.problem, pattern, id, language });
      return [];
    });

/**
 * Compiles the rules of all languages. A flag's priority is the place of its first rule in the list, so give the
 * flags most urgent first; a flag may have a rule for each language. Bad patterns are reported, never thrown.
 */
export function compileRedFlags(rules: readonly RedFlagRule[]): RedFlagMatcher {
  const problems: RedFlagProblem[] = [];
  const read = readerInto(problems, rememberingReader());
  const byFlag = Array.from(Map.groupBy(rules, ({ id }) => id).values()).flat();
  const index = indexPatterns(
    byFlag.flatMap((rule, place) => read(rule, rule.patterns).map((pattern) => ({ rule: place, pattern }))),
  );
  const compiled = byFlag.map((rule) => ({
    id: rule.id,
    language: rule.language,
    unless: read(rule, rule.unless),
  }));
  return { rules: compiled, index, problems };
}

/** The places of the rules that a sentence raises in one of its readings and excuses in none. */
function raisedBy({ rules, index }: RedFlagMatcher, readings: readonly Reading[]): number[] {
  const excused = (place: number): boolean =>
    readings.some((reading) => rules[place]?.unless.some((pattern) => matchesPattern(pattern, reading)));
  const raised: number[] = [];
  for (const reading of readings) {
    for (const place of raisedRules(index, reading) ?? []) if (!excused(place)) raised.push(place);
  }
  return raised;
}

/**
 * The most urgent flag that a message raises, in any language; undefined where it raises none. Its language is that
 * of the rule, so it tells something of a person who has not chosen theirs yet; where rules of several languages
 * recognise the flag ("NOID"), it is `language` if that is among them.
 * Each sentence is judged alone: "last year he was detained. Now they are at my door." is still urgent.
 */
export function matchRedFlag(matcher: RedFlagMatcher, text: string, language?: string): RedFlag | undefined {
  const places = readingsOf(text).flatMap((readings) => raisedBy(matcher, readings));
  if (places.length === 0) return undefined;
  const first = matcher.rules[Math.min(...places)];
  if (first === undefined) return undefined;
  const own = places.some((place) => {
    const rule = matcher.rules[place];
    return rule?.id === first.id && rule.language === language;
  });
  return { id: first.id, language: own && language !== undefined ? language : first.language };
}
