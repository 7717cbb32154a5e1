import type { DateLexicon, DateMeaning } from "./date-lexicon.ts";
import { wordKey } from "./date-lexicon.ts";
import type { DateToken } from "./date-tokens.ts";
import type { Calendar } from "./date-words.ts";

/** A number with how many digits it was written with; `marks` are the signs between it and what was before it. */
export type DateNumber = { readonly value: number; readonly digits: number; readonly marks: string };

/** What a text says about a date, by kind, each in the order of the text. */
export type DateItems = {
  readonly numbers: readonly DateNumber[];
  readonly months: readonly { readonly calendar: Calendar; readonly month: number }[];
  readonly weekdays: readonly number[];
  /** Days from today. */
  readonly relatives: readonly number[];
  readonly calendars: readonly Calendar[];
};

const separator = /^[-/\\.,:،؍؛۔·•‐‑‒–—−]$/u;
/** "سه شنبه" is two words; no name of a month or weekday has more than three. */
const mostWordsInName = 3;

type DateItem =
  | DateMeaning
  | { readonly kind: "number"; readonly value: number; readonly digits: number }
  | { readonly kind: "mark"; readonly text: string };

/** An item and how many tokens it took. */
type Read = { readonly item: DateItem; readonly used: number };

function readLetters(tokens: readonly DateToken[], at: number, lexicon: DateLexicon): Read | undefined {
  const token = tokens[at];
  if (token?.kind !== "letters") return undefined;
  if (token.joined && lexicon.ordinals.has(wordKey(token.text))) return { item: { kind: "ignore" }, used: 1 };
  for (let used = mostWordsInName; used >= 1; used -= 1) {
    const run = tokens.slice(at, at + used);
    if (run.length < used || run.some(({ kind }) => kind !== "letters")) continue;
    const item = lexicon.words.get(wordKey(run.map(({ text }) => text).join("")));
    if (item !== undefined) return { item, used };
  }
  return undefined;
}

function readAt(tokens: readonly DateToken[], at: number, lexicon: DateLexicon): Read | undefined {
  const token = tokens[at];
  if (token?.kind === "digits") {
    return { item: { kind: "number", value: Number(token.text), digits: token.text.length }, used: 1 };
  }
  if (token?.kind === "mark" && separator.test(token.text)) return { item: token, used: 1 };
  return readLetters(tokens, at, lexicon);
}

type Collected = {
  readonly numbers: DateNumber[];
  readonly months: { readonly calendar: Calendar; readonly month: number }[];
  readonly weekdays: number[];
  readonly relatives: number[];
  readonly calendars: Calendar[];
  /** Signs since the last number. */
  marks: string;
};

function collect(item: DateItem, into: Collected): void {
  switch (item.kind) {
    case "number":
      into.numbers.push({ value: item.value, digits: item.digits, marks: into.marks });
      into.marks = "";
      break;
    case "first":
      collect({ kind: "number", value: 1, digits: 1 }, into);
      break;
    case "mark":
      into.marks += item.text;
      break;
    case "month":
      into.months.push(item);
      break;
    case "weekday":
      into.weekdays.push(item.weekday);
      break;
    case "relative":
      into.relatives.push(item.days);
      break;
    case "calendar":
      into.calendars.push(item.calendar);
      break;
    case "ignore":
      break;
  }
}

/** What the pieces say; undefined as soon as one says nothing about a date: half-understood is not understood. */
export function dateItems(tokens: readonly DateToken[], lexicon: DateLexicon): DateItems | undefined {
  const into: Collected = { numbers: [], months: [], weekdays: [], relatives: [], calendars: [], marks: "" };
  let at = 0;
  while (at < tokens.length) {
    const read = readAt(tokens, at, lexicon);
    if (read === undefined) return undefined;
    collect(read.item, into);
    at += read.used;
  }
  return into;
}
