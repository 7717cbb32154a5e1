import { matchesPattern, type Pattern, type PatternProblem, parsePattern } from "./pattern.ts";
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

type CompiledRule = {
  readonly id: string;
  readonly patterns: readonly Pattern[];
  readonly unless: readonly Pattern[];
};

/** Compiled rules, the most urgent flag first; immutable. Check `problems` before using it for real. */
export type RedFlagMatcher = {
  readonly rules: readonly CompiledRule[];
  readonly problems: readonly RedFlagProblem[];
};

function compileRule(rule: RedFlagRule): { readonly rule: CompiledRule; readonly problems: RedFlagProblem[] } {
  const { id, language } = rule;
  const problems: RedFlagProblem[] = [];
  const compile = (pattern: string): Pattern[] => {
    const parsed = parsePattern(pattern);
    if (parsed.kind === "pattern") return [parsed.places];
    problems.push({ problem: parsed.problem, pattern, id, language });
    return [];
  };
  const patterns = rule.patterns.flatMap(compile);
  const unless = rule.unless.flatMap(compile);
  return { rule: { id, patterns, unless }, problems };
}

/**
 * Compiles the rules of all languages. A flag's priority is the place of its first rule in the list, so give the
 * flags most urgent first; a flag may have a rule for each language. Bad patterns are reported, never thrown.
 */
export function compileRedFlags(rules: readonly RedFlagRule[]): RedFlagMatcher {
  const byFlag = Array.from(Map.groupBy(rules, ({ id }) => id).values()).flat();
  const compiled = byFlag.map(compileRule);
  return { rules: compiled.map(({ rule }) => rule), problems: compiled.flatMap(({ problems }) => problems) };
}

const anyMatches = (patterns: readonly Pattern[], readings: readonly Reading[]): boolean =>
  readings.some((reading) => patterns.some((pattern) => matchesPattern(pattern, reading)));

/**
 * The id of the most urgent flag that a message raises, in any language; undefined where it raises none.
 * Each sentence is judged alone: "last year he was detained. Now they are at my door." is still urgent.
 */
export function matchRedFlag(matcher: RedFlagMatcher, text: string): string | undefined {
  const sentences = readingsOf(text);
  const raised = matcher.rules.find((rule) =>
    sentences.some((readings) => anyMatches(rule.patterns, readings) && !anyMatches(rule.unless, readings)),
  );
  return raised?.id;
}
