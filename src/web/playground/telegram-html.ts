import type { Entity } from "./phone.ts";

export type ParsedHtml =
  | { readonly kind: "text"; readonly text: string; readonly entities: readonly Entity[] }
  | { readonly kind: "wrong"; readonly description: string };

/** API, "HTML style": the tags that are drawn here; all others are refused, as the Bot API does with unknown ones. */
const types: Readonly<Record<string, string>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  s: "strikethrough",
  code: "code",
  pre: "pre",
  a: "text_link",
};
/** API: the only named entities; numeric ones are allowed as well. */
const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

const token = /<(\/?)([a-z]+)(?:\s+href="([^"]*)")?\s*>|&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));|[^<&]+|[<&]/gi;

type Open = { readonly tag: string; readonly offset: number; readonly url: string | undefined };

type Reading = { text: string; readonly open: Open[]; readonly entities: Entity[] };

/** Reads the HTML of a `sendMessage` into the text and the entities that a person's app is given. */
export function parseHtml(html: string): ParsedHtml {
  const reading: Reading = { text: "", open: [], entities: [] };
  for (const match of html.matchAll(token)) {
    const fault = match[2] === undefined ? addText(reading, match) : readTag(reading, match);
    if (fault !== undefined) return wrong(fault);
  }
  const [left] = reading.open;
  if (left !== undefined) return wrong(`Can't find end tag corresponding to start tag "${left.tag}"`);
  const entities = reading.entities.filter(({ length }) => length > 0).sort((a, b) => a.offset - b.offset);
  return { kind: "text", text: reading.text, entities };
}

function addText(reading: Reading, match: RegExpExecArray): undefined {
  reading.text += characters(match);
}

/** Opens or closes one tag; gives what is wrong with it. */
function readTag(reading: Reading, match: RegExpExecArray): string | undefined {
  const [all, slash, name = "", href] = match;
  const tag = name.toLowerCase();
  const { text, open, entities } = reading;
  if (!Object.hasOwn(types, tag)) return `Unsupported start tag "${tag}" at byte offset ${match.index}`;
  if (slash === "") {
    open.push({ tag, offset: text.length, url: href === undefined ? undefined : plain(href) });
    return undefined;
  }
  const opened = open.pop();
  if (opened?.tag !== tag) return `Unmatched end tag at byte offset ${match.index}, found "${all}"`;
  entities.push(entityOf(opened, text.length));
  return undefined;
}

function characters([all, , , , decimal, hexadecimal, name]: RegExpExecArray): string {
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
  if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
  return name !== undefined && Object.hasOwn(named, name) ? (named[name] ?? all) : all;
}

function plain(html: string): string {
  return html.replace(/&(lt|gt|amp|quot);/g, (all, name: string) => named[name] ?? all);
}

function entityOf({ tag, offset, url }: Open, end: number): Entity {
  const entity = { type: types[tag] ?? tag, offset, length: end - offset };
  return url === undefined ? entity : { ...entity, url };
}

function wrong(reason: string): ParsedHtml {
  return { kind: "wrong", description: `Bad Request: can't parse entities: ${reason}` };
}
