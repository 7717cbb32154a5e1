import type { Part } from "../../core/nouns/message.ts";
import { maxTextUnits } from "./capabilities.ts";

/** What one sendMessage call shows: its parts in order, a blank line between them. */
export type Piece = readonly Part[];

const between = "\n\n";
/** Telegram trims whitespace and refuses a text with nothing to see in it; format characters alone are nothing. */
const somethingToSee = /[^\s\p{Cf}]/u;

/**
 * Divides a message's parts into as few pieces as there have to be, none longer than Telegram shows (4096 UTF-16
 * units). Parts stay whole where they fit into a piece; a longer one is cut after a paragraph, else after a line,
 * a sentence, a word, a grapheme. Gives none when there is nothing to see.
 */
export function piecesOf(parts: readonly Part[]): readonly Piece[] {
  const shown = parts.filter(({ text }) => somethingToSee.test(text)).map(wellFormed);
  if (shown.length === 0) return [];
  const units = shown.reduce((sum, { text }) => sum + between.length + text.length, -between.length);
  return units <= maxTextUnits ? [shown] : packed(shown.flatMap((part) => fitting(part)));
}

/** JSON in UTF-8 cannot carry half a surrogate pair. */
function wellFormed(part: Part): Part {
  return part.text.isWellFormed() ? part : { ...part, text: part.text.toWellFormed() };
}

function packed(parts: readonly Part[]): readonly Piece[] {
  const pieces: Part[][] = [];
  let room = 0;
  for (const part of parts) {
    const open = pieces.at(-1);
    const needed = between.length + part.text.length;
    if (open !== undefined && needed <= room) {
      open.push(part);
      room -= needed;
    } else {
      pieces.push([part]);
      room = maxTextUnits - part.text.length;
    }
  }
  return pieces;
}

function fitting(part: Part): readonly Part[] {
  const cut: Part[] = [];
  let rest = part.text;
  while (rest.length > maxTextUnits) {
    const at = cutAt(rest);
    cut.push({ style: part.style, text: rest.slice(0, at).trimEnd() });
    rest = rest.slice(at).trimStart();
  }
  return [...cut, { style: part.style, text: rest }].filter(({ text }) => somethingToSee.test(text));
}

/** Where to end the first piece of a text that is too long: the best kind of boundary that does not leave it half empty. */
function cutAt(text: string): number {
  const candidates = [
    () => text.lastIndexOf("\n\n", maxTextUnits),
    () => text.lastIndexOf("\n", maxTextUnits),
    () => boundary(text, segmenters.sentence),
    () => boundary(text, segmenters.word),
  ];
  for (const candidate of candidates) {
    const at = candidate();
    if (at >= maxTextUnits / 2) return at;
  }
  const grapheme = boundary(text, segmenters.grapheme);
  return grapheme > 0 ? grapheme : codePointBoundary(text);
}

/** The rules are Unicode's own, the same for every language here; the language decides nothing but dictionaries. */
const segmenters = {
  sentence: new Intl.Segmenter("en", { granularity: "sentence" }),
  word: new Intl.Segmenter("en", { granularity: "word" }),
  grapheme: new Intl.Segmenter("en", { granularity: "grapheme" }),
};

function boundary(text: string, segmenter: Intl.Segmenter): number {
  return segmenter.segment(text).containing(maxTextUnits)?.index ?? 0;
}

/** For a grapheme longer than a message (a letter under thousands of marks): only its surrogate pairs stay whole. */
function codePointBoundary(text: string): number {
  const unit = text.charCodeAt(maxTextUnits);
  return unit >= 0xdc00 && unit <= 0xdfff ? maxTextUnits - 1 : maxTextUnits;
}

const tags: Readonly<Record<Part["style"], readonly [string, string]>> = {
  heading: ["<b>", "</b>"],
  text: ["", ""],
  note: ["<i>", "</i>"],
};

/**
 * A piece as Telegram's HTML. Escaped here and nowhere else. A unit takes at most five bytes (`&amp;`) and a part of
 * one unit nine more for its tags and blank line, so that a piece never comes near `maxRawBytes`.
 */
export function htmlOf(piece: Piece): string {
  return piece.map(({ style, text }) => `${tags[style][0]}${escaped(text)}${tags[style][1]}`).join(between);
}

/** The same piece without any markup. */
export function plainOf(piece: Piece): string {
  return piece.map(({ text }) => text).join(between);
}

const special = /[<>&]/;
const specials = /[<>&]/g;
const entities: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };

function escaped(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => entities[character] ?? character) : text;
}
