import type { Language } from "../nouns/language.ts";

/** First strong isolate and its end (Unicode Standard Annex 9): what stands between them is laid out by itself. */
const firstStrongIsolate = "\u2068";
const popIsolate = "\u2069";

/** The text set apart from what stands around it, whichever way that is written. */
export function isolate(text: string): string {
  return `${firstStrongIsolate}${text}${popIsolate}`;
}

/** Languages of the bot's reach that are written from right to left. */
const rightToLeft: ReadonlySet<string> = new Set(["ar", "ckb", "fa", "he", "ps", "ur"]);

/** Whether a language is written from right to left. */
export function isRightToLeft(language: Language): boolean {
  return rightToLeft.has(language.split("-")[0] ?? language);
}

/**
 * A run that reads from left to right: a link, or what begins and ends with a Latin letter or digit and holds no
 * right-to-left letter. Brackets stay outside, so that both of a pair are drawn by the text around them.
 */
const latinRun =
  /https?:\/\/[^\s\u2068\u2069()]+|[\p{Script=Latin}0-9$€£+#][\p{Script=Latin}0-9$€£+#.,:;/@&%_?='’ -]*[\p{Script=Latin}0-9%]|[\p{Script=Latin}0-9]/gu;

/** What already stands between isolates stays as it is. */
const isolated = /\u2068[^\u2069]*\u2069/g;

/**
 * Sets Latin codes, numbers, dates and links in a right-to-left text apart (U+2068 … U+2069), so that they don't
 * print back to front. A line that is nothing but a link is left alone: it stands by itself, and stays tappable.
 */
export function isolateLatin(text: string, language: Language): string {
  if (!isRightToLeft(language)) return text;
  return text
    .split("\n")
    .map((line) => (/^https?:\/\/\S+$/.test(line) ? line : isolateLine(line)))
    .join("\n");
}

function isolateLine(line: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const match of line.matchAll(isolated)) {
    parts.push(isolateRuns(line.slice(from, match.index)), match[0]);
    from = match.index + match[0].length;
  }
  parts.push(isolateRuns(line.slice(from)));
  return parts.join("");
}

function isolateRuns(text: string): string {
  return text.replaceAll(latinRun, isolate);
}

/** Removes every bidi control from a text that comes from outside, so that it can't turn what stands around it. */
export function withoutBidiControls(text: string): string {
  return text.replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
}
