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

/** A cry of so few words belongs to what follows it: "Help!!! Taliban". */
const longestCry = 2;

/** The words of each sentence; those of a cry stand before those of the sentence after it. */
function sentencesOf(text: string): string[][] {
  if (!sentenceEnd.test(text)) return [tokens(text)];
  const sentences: string[][] = [];
  let cry: string[] = [];
  for (const sentence of text.split(sentenceEnd)) {
    const words = [...cry, ...tokens(sentence)];
    cry = words.length <= longestCry ? words : [];
    if (cry.length === 0) sentences.push(words);
  }
  if (cry.length > 0) sentences.push(cry);
  return sentences;
}

/**
 * The sentences of a message, each in the ways it can be read: as written and, where a Dari verb prefix stands
 * alone, joined to its verb. Both are kept, because the same letters are the Pashto word for "my".
 */
export function readingsOf(text: string): (readonly Reading[])[] {
  const readings: (readonly Reading[])[] = [];
  for (const words of sentencesOf(text)) {
    const apart = words.some((word) => verbPrefixes.has(word));
    readings.push(apart ? [words, joinVerbPrefixes(words)] : [words]);
  }
  return readings;
}
