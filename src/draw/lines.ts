import type { Language } from "../core/nouns/language.ts";
import { isolateLatin, isRightToLeft, withoutBidiControls } from "../core/render/bidi.ts";
import { widthOf, wrapped } from "./measure.ts";
import type { Arrow, Box, Row } from "./picture.ts";
import { isolatedQuotes } from "./quotes.ts";

/** How a kind of line is set: font size, the step to the next line, and the space above the first, in pixels. */
type Setting = { readonly size: number; readonly leading: number; readonly above: number };

export type LineKind = Row["kind"] | "caption" | "band" | "arrow";

const settings: Readonly<Record<LineKind, Setting>> = {
  caption: { size: 10, leading: 14, above: 4 },
  band: { size: 12, leading: 17, above: 6 },
  heading: { size: 13, leading: 18, above: 6 },
  text: { size: 13, leading: 18, above: 6 },
  note: { size: 12, leading: 16, above: 6 },
  tech: { size: 11, leading: 15, above: 5 },
  rule: { size: 12, leading: 17, above: 6 },
  adds: { size: 11, leading: 15, above: 8 },
  arrow: { size: 11, leading: 15, above: 2 },
};

/** One line with its place: `y` is its baseline, below the top of what it stands in. */
export type Line = {
  readonly kind: LineKind;
  readonly text: string;
  readonly y: number;
  readonly size: number;
  readonly rightToLeft: boolean;
  /** What stands before the line: a table row's number. */
  readonly mark?: string;
};

/** A row of a box, laid out: where it begins and ends, and its lines. */
export type LaidRow = {
  readonly row: Row | undefined;
  readonly from: number;
  readonly to: number;
  readonly lines: readonly Line[];
};

/** A text laid out in lines, with the room it takes in pixels. */
export type Laid = { readonly width: number; readonly height: number; readonly rows: readonly LaidRow[] };

export const padding = 12;
/** The room left of the lines of a table's row, for its number. */
export const markRoom = 38;
/** The room below a level's heading, for the line under it. */
export const bandRoom = 8;
const boxWidth = 300;
const smallWidth = 190;
const arrowWidth = 200;

/** Kinds of rows that the bot says, and not the author. */
const spokenKinds: ReadonlySet<LineKind> = new Set(["heading", "text", "note", "adds", "band"]);

/** Bold letters are wider by about this. */
const boldness = 1.15;
const boldKinds: ReadonlySet<LineKind> = new Set(["heading", "band"]);

/** Lays out what stands in a box: the caption, the level's heading, then its rows one below the other. */
export function laidBox(box: Box, language: Language): Laid {
  const isSpoken = box.opens === undefined && box.rows.some(({ kind }) => kind !== "tech");
  const captioned = widthOf(box.caption, settings.caption.size) + 2 * padding;
  const width = isSpoken ? boxWidth : Math.min(boxWidth, Math.max(smallWidth, captioned));
  const column = new Column(width, language);
  column.add(undefined, "caption", box.caption, 0, false);
  if (box.band !== undefined) {
    column.add(undefined, "band", box.band, 0);
    column.skip(bandRoom);
  }
  for (const row of box.rows) column.addRow(row, box.opens === undefined);
  return column.laid();
}

/** Lays out what stands on an arrow; undefined when nothing does. */
export function laidLabels({ labels, spoken }: Arrow, language: Language): Laid | undefined {
  if (labels.length === 0) return undefined;
  const turned = spoken && isRightToLeft(language);
  const text = labels.map((label) => withoutBidiControls(label)).join(spoken ? " / " : ", ");
  const { size, leading, above } = settings.arrow;
  const lines = wrapped(text, arrowWidth, size);
  return {
    width: Math.max(...lines.map((line) => widthOf(line, size))) + 8,
    height: lines.length * leading + above * 2,
    rows: [
      {
        row: undefined,
        from: 0,
        to: lines.length * leading,
        lines: lines.map((line, at) => ({
          kind: "arrow",
          text: isolateLatin(line, turned ? language : "en"),
          y: above + size + at * leading,
          size,
          rightToLeft: turned,
        })),
      },
    ],
  };
}

/** Rows being laid out one below the other. */
class Column {
  readonly #width: number;
  readonly #language: Language;
  readonly #rows: LaidRow[] = [];
  #y = padding / 2;

  constructor(width: number, language: Language) {
    this.#width = width;
    this.#language = language;
  }

  addRow(row: Row, spoken: boolean): void {
    const text = row.kind === "adds" ? `${row.mark}: ${row.text}` : row.text;
    const indent = row.kind === "rule" ? markRoom : row.kind === "adds" ? padding : 0;
    this.add(row, row.kind, text, indent, spoken);
  }

  add(row: Row | undefined, kind: LineKind, text: string, indent: number, spoken = true): void {
    const { size, leading, above } = settings[kind];
    const turned = spoken && spokenKinds.has(kind) && isRightToLeft(this.#language);
    const from = this.#y;
    const room = (this.#width - 2 * padding - indent) / (boldKinds.has(kind) ? boldness : 1);
    const plain = wrapped(withoutBidiControls(text), room, size);
    const lines = turned
      ? plain.map((line) => isolateLatin(line, this.#language))
      : kind === "rule"
        ? isolatedQuotes(plain)
        : plain;
    this.#rows.push({
      row,
      from,
      to: from + above + lines.length * leading,
      lines: lines.map((line, at) => ({
        kind,
        text: line,
        y: from + above + size + at * leading,
        size,
        rightToLeft: turned,
        ...(row?.kind === "rule" && at === 0 ? { mark: row.mark } : {}),
      })),
    });
    this.#y = from + above + lines.length * leading;
  }

  skip(pixels: number): void {
    this.#y += pixels;
  }

  laid(): Laid {
    return { width: this.#width, height: Math.ceil(this.#y + padding / 2 + 2), rows: this.#rows };
  }
}
