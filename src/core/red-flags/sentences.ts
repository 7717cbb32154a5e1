import { tokens } from "../text/normalise.ts";

/** The words of a sentence in one of the ways they can be read. */
export type Reading = readonly string[];

/** A full stop ends a sentence only before a space ("U.S.A", "1.000"); the other signs always do. */
const sentenceEnd = /[!?؟;؛۔…\n]+|\.+(?=\s|$)/u;

/** The Dari verb prefixes that many write apart from the verb: "می کشند" for "می‌کشند". */
const verbPrefixes: ReadonlySet<string> = new Set(["می", "نمی"]);

function joinVerbPrefixes(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const [at, word] of words.entries()) {
    const before = words[at - 1];
    if (before !== undefined && verbPrefixes.has(before)) joined.push(`${joined.pop() ?? ""}${word}`);
    else joined.push(word);
  }
  return joined;
}

/**
 * The sentences of a message, each in the ways it can be read: as written and, where a Dari verb prefix stands
 * alone, joined to its verb. Both are kept, because the same letters are the Pashto word for "my".
 */
export function readingsOf(text: string): (readonly Reading[])[] {
  const readings: (readonly Reading[])[] = [];
  for (const sentence of sentenceEnd.test(text) ? text.split(sentenceEnd) : [text]) {
    const words = tokens(sentence);
    if (words.length === 0) continue;
    const apart = words.some((word) => verbPrefixes.has(word));
    readings.push(apart ? [words, joinVerbPrefixes(words)] : [words]);
  }
  return readings;
}
