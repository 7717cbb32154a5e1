import { isolateLatin, isRightToLeft, withoutBidiControls } from "../core/render/bidi.ts";
import { colours, unreachableColour } from "./colours.ts";
import type { Arrow, Box, Picture, Row, Tone } from "./picture.ts";
import { isolatedQuotes } from "./quotes.ts";

/** A flow as a Mermaid flowchart, a whole file. */
export function mermaidOf(picture: Picture): string {
  const names = new Map(picture.boxes.map(({ id }, at) => [id, `n${at}`]));
  const nameOf = (id: string) => names.get(id) ?? "n0";
  const say = sayIn(picture);
  const lost = picture.boxes.filter(({ reachable }) => !reachable).map(({ id }) => nameOf(id));
  const tones = [...new Set(picture.boxes.map(({ tone }) => tone))];
  return [
    "flowchart TD",
    ...picture.boxes.map(
      (box) => `  ${nameOf(box.id)}${shaped(box, boxText(box, say))}:::${classOf(box.tone)}`,
    ),
    ...picture.arrows.map((arrow) => `  ${nameOf(arrow.from)} ${line(arrow, say)} ${nameOf(arrow.to)}`),
    ...tones.map(classLine),
    ...(lost.length === 0
      ? []
      : [
          `  classDef unreachable fill:${colours.missing.fill},stroke:${unreachableColour},stroke-width:3px,color:${unreachableColour}`,
          `  class ${lost.join(",")} unreachable`,
        ]),
    "",
  ].join("\n");
}

type SayText = (text: string, spoken: boolean) => string;

/** Texts as labels take them: escaped, one `<br/>` a line, right-to-left lines as such. */
function sayIn({ language }: Picture): SayText {
  return (text, spoken) => {
    const turned = spoken && isRightToLeft(language);
    return withoutBidiControls(text)
      .split("\n")
      .map((one) => (turned ? `\u2067${isolateLatin(one, language)}\u2069` : isolatedQuotes([one]).join("")))
      .map(escapedLabel)
      .join("<br/>");
  };
}

const codes: Readonly<Record<string, string>> = {
  '"': "#quot;",
  "#": "#35;",
  "&": "#amp;",
  "<": "#lt;",
  ">": "#gt;",
  "`": "#96;",
};

function escapedLabel(text: string): string {
  return text
    .replaceAll(/["#&<>`]/g, (character) => codes[character] ?? character)
    .replaceAll(/\p{Cc}/gu, " ");
}

function boxText(box: Box, say: SayText): string {
  const band = box.band === undefined ? [] : [`<b>${say(box.band, true)}</b>`];
  const rows = box.rows.map((row) => rowText(row, box.opens === undefined, say));
  return [say(box.caption, false), ...band, ...rows].join("<br/>");
}

function rowText(row: Row, spoken: boolean, say: SayText): string {
  switch (row.kind) {
    case "heading":
      return `<b>${say(row.text, spoken)}</b>`;
    case "text":
      return say(row.text, true);
    case "note":
      return `<i>${say(row.text, true)}</i>`;
    case "tech":
      return say(row.text, false);
    case "rule":
      return say(`${row.mark}: ${row.text}`, false);
    case "adds":
      return `+ ${say(`${row.mark}: ${row.text}`, true)}`;
  }
}

const shapes: Readonly<Record<Box["shape"], readonly [string, string]>> = {
  box: ["[", "]"],
  pill: ["([", "])"],
  flow: ["[[", "]]"],
};

function shaped({ shape, tone }: Box, text: string): string {
  const [open, close] = tone === "decide" ? ["{{", "}}"] : shapes[shape];
  return `${open}"${text}"${close}`;
}

const lines: Readonly<Record<Arrow["kind"], string>> = { way: "-->", late: "-.->", both: "<-->" };

function line({ kind, labels, spoken }: Arrow, say: SayText): string {
  if (labels.length === 0) return lines[kind];
  return `${lines[kind]}|"${labels.map((label) => say(label, spoken)).join(spoken ? "<br/>" : ", ")}"|`;
}

function classOf(tone: Tone): string {
  return `tone-${tone}`;
}

function classLine(tone: Tone): string {
  const { fill, line: stroke } = colours[tone];
  return `  classDef ${classOf(tone)} fill:${fill},stroke:${stroke},color:${tone === "turn" ? "#ffffff" : "#1f2933"}`;
}
