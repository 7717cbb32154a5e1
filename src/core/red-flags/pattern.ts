/**
 * The pattern language of red-flag rules: words with a space between; `a|b` one of several; `x*` any word that
 * begins so; `..` up to four words in between. A pattern matches anywhere in a sentence, in time linear in its
 * words. Nothing written in a rule becomes a regular expression.
 */
import { tokens } from "../text/normalise.ts";

/** One place of a pattern: the words and beginnings that fit, and how many words may stand before it. */
export type Place = {
  readonly words: ReadonlySet<string>;
  readonly beginnings: readonly string[];
  readonly skip: number;
};
export type Pattern = readonly Place[];

/** Why a pattern cannot be used. */
export type PatternProblem =
  | "has no words"
  | "begins or ends with a gap, or has two gaps in a row"
  | "has an alternative that is not exactly one word"
  | "has a beginning of fewer than two letters before its star";

export type ParsedPattern =
  | { readonly kind: "pattern"; readonly places: Pattern }
  | { readonly kind: "problem"; readonly problem: PatternProblem };

const gapMark = "..";
const longestGap = 4;
const shortestBeginning = 2;

type Alternative = { readonly word: string; readonly open: boolean };

const problem = (reason: PatternProblem): ParsedPattern => ({ kind: "problem", problem: reason });

/** What brings a written word to the words of its normal form. */
export type WordReader = (written: string) => readonly string[];

function alternativeOf(written: string, read: WordReader): Alternative | PatternProblem {
  const open = written.endsWith("*");
  const [word, ...more] = read(open ? written.slice(0, -1) : written);
  if (word === undefined || more.length > 0) return "has an alternative that is not exactly one word";
  if (open && word.length < shortestBeginning)
    return "has a beginning of fewer than two letters before its star";
  return { word, open };
}

function placeOf(written: string, skip: number, read: WordReader): Place | PatternProblem {
  const words = new Set<string>();
  const beginnings: string[] = [];
  for (const one of written.split("|")) {
    const alternative = alternativeOf(one, read);
    if (typeof alternative === "string") return alternative;
    if (alternative.open) beginnings.push(alternative.word);
    else words.add(alternative.word);
  }
  return { words, beginnings, skip };
}

const misplacedGap = (parts: readonly string[]): boolean =>
  parts.some((part, at) => part === gapMark && (parts[at + 1] ?? gapMark) === gapMark) ||
  parts[0] === gapMark;

/** Reads a pattern as written in a rule; its words are brought to normal form (by `read`, which may remember them). */
export function parsePattern(written: string, read: WordReader = tokens): ParsedPattern {
  const parts = written.split(/\s+/u).filter((part) => part !== "");
  if (parts.length === 0) return problem("has no words");
  if (misplacedGap(parts)) return problem("begins or ends with a gap, or has two gaps in a row");
  const places: Place[] = [];
  for (const [at, part] of parts.entries()) {
    if (part === gapMark) continue;
    const place = placeOf(part, parts[at - 1] === gapMark ? longestGap : 0, read);
    if (typeof place === "string") return problem(place);
    places.push(place);
  }
  return { kind: "pattern", places };
}

const fits = ({ words, beginnings }: Place, word: string): boolean =>
  words.has(word) || beginnings.some((beginning) => word.startsWith(beginning));

/** The positions after those before it at which a word can stand for a place; both lists ascend. */
function onward(place: Place, sentence: readonly string[], before: readonly number[]): number[] {
  const reached: number[] = [];
  let tried = -1;
  for (const from of before) {
    const last = Math.min(from + 1 + place.skip, sentence.length - 1);
    for (let at = Math.max(from, tried) + 1; at <= last; at += 1) {
      if (fits(place, sentence[at] ?? "")) reached.push(at);
    }
    tried = Math.max(tried, last);
  }
  return reached;
}

/** The same towards the beginning: both lists descend. `skip` is that of the place that stood last. */
function backward(
  place: Place,
  skip: number,
  sentence: readonly string[],
  after: readonly number[],
): number[] {
  const reached: number[] = [];
  let tried = sentence.length;
  for (const from of after) {
    const first = Math.max(from - 1 - skip, 0);
    for (let at = Math.min(from, tried) - 1; at >= first; at -= 1) {
      if (fits(place, sentence[at] ?? "")) reached.push(at);
    }
    tried = Math.min(tried, first);
  }
  return reached;
}

/**
 * Whether the words of a sentence (in normal form) match a pattern whose place number `anchor` is taken by the
 * word at `at` (which the caller has seen to fit). Looks outwards from there, so most tries end at the first word.
 */
export function matchesAround(
  pattern: Pattern,
  anchor: number,
  sentence: readonly string[],
  at: number,
): boolean {
  if (sentence.length < pattern.length) return false;
  return reachesEnd(pattern, anchor, sentence, at) && reachesBeginning(pattern, anchor, sentence, at);
}

function reachesEnd(pattern: Pattern, anchor: number, sentence: readonly string[], at: number): boolean {
  let reached: readonly number[] = [at];
  for (let place = anchor + 1; place < pattern.length && reached.length > 0; place += 1) {
    const next = pattern[place];
    if (next !== undefined) reached = onward(next, sentence, reached);
  }
  return reached.length > 0;
}

function reachesBeginning(
  pattern: Pattern,
  anchor: number,
  sentence: readonly string[],
  at: number,
): boolean {
  let reached: readonly number[] = [at];
  for (let place = anchor - 1; place >= 0 && reached.length > 0; place -= 1) {
    const next = pattern[place];
    if (next !== undefined) reached = backward(next, pattern[place + 1]?.skip ?? 0, sentence, reached);
  }
  return reached.length > 0;
}

/** Whether the words of a sentence (in normal form) match a pattern anywhere. */
export function matchesPattern(pattern: Pattern, sentence: readonly string[]): boolean {
  const [first] = pattern;
  if (first === undefined) return false;
  return sentence.some((word, at) => fits(first, word) && matchesAround(pattern, 0, sentence, at));
}
