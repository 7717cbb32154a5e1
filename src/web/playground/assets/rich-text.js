import { directionOf, languageOf } from "./direction.js";

/** What a text is drawn with: nodes are built, a payload's text never becomes HTML. */

const elements = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
  text_link: "a",
};

const link = /https?:\/\/[^\s\u2066-\u2069<>"«»]+[^\s\u2066-\u2069<>"«».,;:!?،؛؟)\]]/g;

/** Draws a text with entities (offsets in UTF-16 units), one paragraph a line. */
export function drawEntities(text, entities) {
  let start = 0;
  return text.split("\n").map((line) => {
    const from = start;
    const to = from + line.length;
    start = to + 1;
    const inLine = entities
      .filter(({ offset, length }) => offset < to && offset + length > from)
      .map((entity) => clip(entity, from, to));
    return paragraph(line, nest(line, 0, line.length, inLine));
  });
}

function clip(entity, from, to) {
  const offset = Math.max(entity.offset, from);
  const length = Math.min(entity.offset + entity.length, to) - offset;
  return { ...entity, offset: offset - from, length };
}

/** Builds the nodes of one stretch; entities that lie within another become its children. */
function nest(text, from, to, entities) {
  const nodes = [];
  let at = from;
  const rest = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  while (rest.length > 0) {
    const outer = rest.shift();
    const end = Math.min(outer.offset + outer.length, to);
    if (outer.offset < at) continue;
    nodes.push(...withLinks(text.slice(at, outer.offset)));
    const inner = rest.filter(({ offset }) => offset < end);
    rest.splice(0, inner.length);
    nodes.push(element(outer, nest(text, outer.offset, end, inner)));
    at = end;
  }
  return [...nodes, ...withLinks(text.slice(at, to))];
}

function element({ type, url }, children) {
  if (type === "text_link") return anchor(url, children);
  const node = document.createElement(elements[type] ?? "span");
  node.append(...children);
  return node;
}

/** WhatsApp's own marks; the wrapped words touch them, and they touch no other word. */
const marks = [
  ["```", "code"],
  ["*", "b"],
  ["_", "i"],
  ["~", "s"],
].map(([mark, name]) => {
  const escaped = mark.replaceAll("*", "\\*");
  return [
    new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?=\\S)(.+?)(?<=\\S)${escaped}(?![\\p{L}\\p{N}])`, "u"),
    name,
  ];
});

/** Draws a text of WhatsApp's, one paragraph a line. */
export function drawMarks(text) {
  return text.split("\n").map((line) => paragraph(line, marked(line)));
}

function marked(text) {
  const found = marks
    .map(([pattern, name]) => ({ match: pattern.exec(text), name }))
    .filter(({ match }) => match !== null)
    .sort((a, b) => a.match.index - b.match.index)[0];
  if (found === undefined) return withLinks(text);
  const { match, name } = found;
  const node = document.createElement(name);
  node.append(...(name === "code" ? [match[1]] : marked(match[1])));
  return [
    ...withLinks(text.slice(0, match.index)),
    node,
    ...marked(text.slice(match.index + match[0].length)),
  ];
}

function withLinks(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(link)) {
    nodes.push(text.slice(at, match.index), anchor(match[0], [match[0]]));
    at = match.index + match[0].length;
  }
  return [...nodes, text.slice(at)].filter((node) => node !== "");
}

function anchor(url, children) {
  const isWeb = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  const node = document.createElement(isWeb ? "a" : "span");
  if (isWeb) Object.assign(node, { href: url, target: "_blank", rel: "noopener noreferrer" });
  node.append(...children);
  return node;
}

function paragraph(line, nodes) {
  const node = document.createElement("p");
  node.dir = directionOf(line);
  const language = languageOf(line);
  if (language !== undefined) node.lang = language;
  node.append(...nodes);
  return node;
}
