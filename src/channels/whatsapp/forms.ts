import type { Button, Message } from "../../core/nouns/message.ts";
import { isolateLatin, isRightToLeft } from "../../core/render/bidi.ts";
import { splitText } from "../../core/render/split.ts";
import {
  maxBodyUnits,
  maxIdUnits,
  maxListLabelUnits,
  maxQuickReplies,
  maxQuickReplyUnits,
  maxRecordBodyUnits,
  maxRows,
  maxRowUnits,
  maxSpacesOnEnd,
} from "./capabilities.ts";
import { listName, quickReplyName } from "./generic-records.ts";
import { clean, isVisible, literal, textOf } from "./text.ts";

/** One message of WhatsApp's: a text, or a content record with its variables. */
export type Step =
  | { readonly kind: "text"; readonly body: string }
  | {
      readonly kind: "record";
      readonly record: string;
      readonly sid: string;
      readonly variables: Readonly<Record<string, string>>;
    };

/** The SID of a generic record; undefined while there is none. */
export type SidOf = (record: string) => string | undefined;

type Tappable = {
  readonly record: string;
  readonly head: readonly string[];
  readonly rows: readonly Button[];
};

/**
 * The messages that one message becomes: its text, in as few pieces as there have to be, and its buttons as quick
 * replies, else as a list, else as a numbered menu at the text's end. Gives none when there is nothing to say.
 */
export function stepsOf(message: Message, sidOf: SidOf): readonly Step[] {
  const text = textOf(message.parts);
  const tappable = tappableOf(message);
  const sid = tappable === undefined ? undefined : sidOf(tappable.record);
  if (tappable !== undefined && sid !== undefined) {
    const steps = tappableSteps(text, clean(message.listLabel).trim(), tappable, sid);
    if (steps !== undefined) return steps;
  }
  const whole = [text, numberedMenu(message)].filter((piece) => piece !== "").join("\n\n");
  return texts(whole);
}

function texts(text: string): readonly Step[] {
  return splitText(text, maxBodyUnits)
    .filter(isVisible)
    .map((body) => ({ kind: "text", body }));
}

/**
 * A variable holds no line breaks: of a text that does, the last line (the question) goes with the buttons and the rest
 * leaves first; a line that is too long leaves whole, and the list's label goes with the buttons.
 */
function tappableSteps(
  text: string,
  label: string,
  { record, head, rows }: Tappable,
  sid: string,
): readonly Step[] | undefined {
  const end = text.lastIndexOf("\n") + 1;
  const last = text.slice(end);
  const fits = fitsVariable(last, maxRecordBodyUnits);
  const line = fits ? last : literal(label);
  if (!fitsVariable(line, maxRecordBodyUnits)) return undefined;
  const before = (fits ? text.slice(0, end) : text).trimEnd();
  const values = [line, ...head, ...rows.flatMap(({ id, label: title }) => [title, id])];
  const variables = Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
  return [...(before === "" ? [] : texts(before)), { kind: "record", record, sid, variables }];
}

/** Quick replies where everything fits into them, else a list; ways out that it has no row for are typed as words. */
function tappableOf({ buttons, nav, listLabel }: Message): Tappable | undefined {
  const all = [...buttons, ...nav].map(({ id, label }) => ({ id, label: oneLine(label) }));
  if (all.length > 0 && all.length <= maxQuickReplies && areTappable(all, maxQuickReplyUnits)) {
    return { record: quickReplyName(all.length), head: [], rows: all };
  }
  const rows = all.slice(0, Math.max(buttons.length, maxRows));
  const label = oneLine(listLabel);
  const fits = rows.length > 0 && rows.length <= maxRows && fitsVariable(label, maxListLabelUnits);
  return fits && areTappable(rows, maxRowUnits)
    ? { record: listName(rows.length), head: [label], rows }
    : undefined;
}

/** Titles and ids as WhatsApp takes them: something to see, not too long, no two alike. */
function areTappable(rows: readonly Button[], maxUnits: number): boolean {
  return (
    rows.every(({ id, label }) => fitsVariable(label, maxUnits) && fitsVariable(id, maxIdUnits)) &&
    new Set(rows.map(({ label }) => label)).size === rows.length &&
    new Set(rows.map(({ id }) => id)).size === rows.length
  );
}

const againstPolicy = new RegExp(`[\\n\\r\\t]|\\s{${maxSpacesOnEnd + 1}}|\\{\\{|\\}\\}`);

/**
 * Whether Twilio takes a value for a variable: not empty, well-formed, no line breaks, tabs or runs of spaces (error 63013), no
 * braces that could be read as a placeholder (error 21656).
 */
export function fitsVariable(value: string, maxUnits: number): boolean {
  return isVisible(value) && value.isWellFormed() && value.length <= maxUnits && !againstPolicy.test(value);
}

/** A text as one line, its runs of white space made one space. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, " ").trim();
}

const rightToLeftMark = "\u200f";

/**
 * Everything there is to tap as numbered lines, buttons before ways out, from 1: the conversation reads a number that
 * is typed as the position in that order. In right-to-left languages each line begins as one and isolates its number.
 */
function numberedMenu({ buttons, nav, language }: Message): string {
  const turned = isRightToLeft(language);
  return [...buttons, ...nav]
    .map(({ label }, index) => {
      const words = literal(isolateLatin(oneLine(label), language));
      return turned ? `${rightToLeftMark}\u2068${index + 1}.\u2069 ${words}` : `${index + 1}. ${words}`;
    })
    .join("\n");
}
