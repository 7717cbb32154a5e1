import type { FlowId } from "../core/nouns/ids.ts";
import type { Language } from "../core/nouns/language.ts";
import { colours, unreachableColour } from "./colours.ts";
import { escaped } from "./escape.ts";
import { bandRoom, type LaidRow, type Line, markRoom, padding } from "./lines.ts";
import { widthOf } from "./measure.ts";
import type { Picture } from "./picture.ts";
import { type Placed, type PlacedArrow, type PlacedBox, type Point, place } from "./place.ts";

export type SvgOptions = {
  /** Where the drawing of another flow is, for links; absent: no links. */
  readonly hrefOf?: (flow: FlowId) => string | undefined;
};

const fonts = "Vazirmatn, 'Noto Sans', 'Noto Naskh Arabic', 'Segoe UI', Tahoma, Arial, sans-serif";
const ink = "#1f2933";
const quiet = "#52606d";
const legendHeight = 46;

/** A flow as an SVG picture, a whole file. Nothing in it depends on the machine that draws or the day it is drawn. */
export function svgOf(picture: Picture, options: SvgOptions = {}): string {
  const placed = place(picture);
  const legend = legendOf(picture);
  const width = Math.max(placed.width, legend.width + 2 * padding);
  const height = placed.height + legendHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${fonts}" fill="${ink}">`,
    `<title>${escaped(picture.flow)} (${escaped(picture.language)})</title>`,
    markers,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...legend.lines,
    `<g transform="translate(0 ${legendHeight})">`,
    ...placed.arrows.map(arrowPath),
    ...placed.boxes.map((box) => boxGroup(box, picture.language, options)),
    ...placed.arrows.map((arrow) => arrowLabels(arrow, picture.language)),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

const markers = [
  "<defs>",
  ...[
    ["way", quiet],
    ["lost", unreachableColour],
  ].map(
    ([id, colour]) =>
      `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="${colour}"/></marker>`,
  ),
  "</defs>",
].join("");

// ---------------------------------------------------------------- legend

function legendOf({ levels, boxes, language }: Picture): {
  readonly width: number;
  readonly lines: readonly string[];
} {
  const has = (test: (box: Placed["boxes"][number]["box"]) => boolean) => boxes.some(test);
  const items = [
    { tone: "ask", words: "question", own: false } as const,
    ...(has(({ tone }) => tone === "decide")
      ? [{ tone: "decide", words: "decision table", own: false } as const]
      : []),
    ...(has(({ tone }) => tone === "flow")
      ? [{ tone: "flow", words: "another flow", own: false } as const]
      : []),
    ...levels.map(({ level, words }) => ({ tone: level, words, own: true })),
    ...(has(({ reachable }) => !reachable)
      ? [{ tone: "missing", words: "unreachable", own: false } as const]
      : []),
  ];
  let x = padding * 2;
  const lines = items.map(({ tone, words, own }) => {
    const { fill, line } = colours[tone];
    const at = x;
    x += 22 + widthOf(words, 11) + 18;
    const swatch = `<rect x="${at}" y="18" width="14" height="14" rx="3" fill="${fill}" stroke="${line}" stroke-width="1.5"/>`;
    const lang = own ? ` xml:lang="${escaped(language)}"` : "";
    return `${swatch}<text x="${at + 20}" y="29" font-size="11"${lang}>${escaped(words)}</text>`;
  });
  return { width: x, lines };
}

// ---------------------------------------------------------------- boxes

function boxGroup(placed: PlacedBox, language: Language, { hrefOf }: SvgOptions): string {
  const { box, laid, x, y } = placed;
  const href = box.opens === undefined ? undefined : hrefOf?.(box.opens);
  const group = [
    `<g transform="translate(${x} ${y})">`,
    ...frame(placed),
    ...laid.rows.flatMap((row) => rowBack(row, laid.width)),
    ...laid.rows.flatMap(({ lines }) => lines.map((line) => lineText(line, placed, language))),
    "</g>",
  ].join("\n");
  return href === undefined ? group : `<a href="${escaped(href)}">${group}</a>`;
}

function frame({ box, laid: { width, height, rows } }: PlacedBox): readonly string[] {
  const { fill, line } = colours[box.reachable ? box.tone : "missing"];
  const stroke = box.reachable ? `stroke="${line}" stroke-width="1.5"` : `stroke="${line}" stroke-width="3"`;
  const round = box.shape === "pill" ? Math.floor(height / 2) : 8;
  const outer = `<rect width="${width}" height="${height}" rx="${round}" fill="${fill}" ${stroke}/>`;
  const band = rows.find(({ lines }) => lines[0]?.kind === "band");
  const inner =
    box.shape === "flow"
      ? [
          `<rect x="4" y="4" width="${width - 8}" height="${height - 8}" rx="5" fill="none" stroke="${line}" stroke-width="1"/>`,
        ]
      : [];
  const under =
    band === undefined
      ? []
      : [`<path d="M0 ${band.to + bandRoom / 2 + 1}H${width}" stroke="${line}" stroke-width="1"/>`];
  return [outer, ...inner, ...under];
}

/** What lies behind a row: a line above a table's row, the colour of an added outcome's level. */
function rowBack({ row, from, to }: LaidRow, width: number): readonly string[] {
  if (row?.kind === "rule")
    return [`<path d="M0 ${from + 3}H${width}" stroke="${colours.decide.line}" stroke-opacity="0.4"/>`];
  if (row?.kind !== "adds") return [];
  const { fill, line } = colours[row.level ?? "missing"];
  return [
    `<rect x="${padding - 4}" y="${from + 4}" width="${width - 2 * padding + 8}" height="${to - from - 2}" rx="4" fill="${fill}" stroke="${line}" stroke-width="0.75"/>`,
  ];
}

const weights: Readonly<Partial<Record<Line["kind"], string>>> = {
  heading: ' font-weight="bold"',
  band: ' font-weight="bold"',
  note: ' font-style="italic"',
};

/** The room before a line, on the side where it begins. */
const indents: Readonly<Partial<Record<Line["kind"], number>>> = { rule: markRoom, adds: 4 };

function lineText(line: Line, { box, laid: { width } }: PlacedBox, language: Language): string {
  const centred = box.shape === "pill";
  const indent = padding + (indents[line.kind] ?? 0);
  const edge = line.rightToLeft ? width - indent : indent;
  const mark =
    line.mark === undefined
      ? ""
      : `<text x="${padding}" y="${line.y}" font-size="${line.size}" font-weight="bold">${escaped(line.mark)}</text>`;
  const anchor = centred ? ' text-anchor="middle"' : "";
  const fill = line.kind === "caption" ? ` fill="${captionColour(box)}"` : "";
  const more = `${anchor}${fill}${weights[line.kind] ?? ""}`;
  return `${mark}${textElement(line, centred ? width / 2 : edge, line.y, more, language)}`;
}

function captionColour({ reachable, tone }: PlacedBox["box"]): string {
  if (!reachable) return unreachableColour;
  return tone === "turn" ? "#ffffff" : quiet;
}

/** With `direction="rtl"` a line starts at its right end: `text-anchor` `start` is the right edge there. */
function textElement(line: Line, x: number, y: number, more: string, language: Language): string {
  const turned = line.rightToLeft
    ? ` direction="rtl" unicode-bidi="isolate" xml:lang="${escaped(language)}"${more.includes("text-anchor") ? "" : ' text-anchor="start"'}`
    : "";
  return `<text x="${x}" y="${y}" font-size="${line.size}"${turned}${more}>${escaped(line.text)}</text>`;
}

// ---------------------------------------------------------------- arrows

function arrowPath({ arrow, points }: PlacedArrow): string {
  const colour = arrow.reachable ? quiet : unreachableColour;
  const dashes = arrow.kind === "late" ? ' stroke-dasharray="6 4"' : "";
  return `<path d="${curve(points)}" fill="none" stroke="${colour}" stroke-width="1.5"${dashes} ${heads(arrow)}/>`;
}

function heads({ kind, reachable }: PlacedArrow["arrow"]): string {
  const head = `url(#${reachable ? "way" : "lost"})`;
  return `${kind === "both" ? `marker-start="${head}" ` : ""}marker-end="${head}"`;
}

/** Straight lines with rounded corners: the curve turns from the middle of one to the middle of the next. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return "";
  const turns = rest.slice(0, -1).map((point, at) => {
    const next = rest[at + 1] ?? last;
    return `Q${point.x} ${point.y} ${Math.round((point.x + next.x) / 2)} ${Math.round((point.y + next.y) / 2)}`;
  });
  return [`M${first.x} ${first.y}`, ...turns, `L${last.x} ${last.y}`].join("");
}

function arrowLabels({ labels }: PlacedArrow, language: Language): string {
  if (labels === undefined) return "";
  const { x, y, laid } = labels;
  const left = Math.round(x - laid.width / 2);
  const top = Math.round(y - laid.height / 2);
  const back = `<rect x="${left}" y="${top}" width="${laid.width}" height="${laid.height}" rx="4" fill="#ffffff" fill-opacity="0.92"/>`;
  const lines = laid.rows.flatMap(({ lines: some }) =>
    some.map((line) => textElement(line, x, top + line.y, ' text-anchor="middle"', language)),
  );
  return [back, ...lines].join("");
}
