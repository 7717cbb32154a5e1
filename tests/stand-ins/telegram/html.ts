export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
}

export type FormattedText =
  | { readonly kind: "text"; readonly text: string; readonly entities: readonly Entity[] }
  | { readonly kind: "error"; readonly reason: string };

interface Tag {
  readonly type: string;
  /** Reads the attributes: what they add to the entity, or undefined where they are not allowed. */
  readonly attributes: (given: ReadonlyMap<string, string>) => Partial<Entity> | undefined;
}

interface OpenTag {
  readonly name: string;
  readonly tag: Tag;
  readonly offset: number;
  readonly extra: Partial<Entity>;
}

const bare: Tag["attributes"] = (given) => (given.size === 0 ? {} : undefined);

function only(name: string, pattern: RegExp, give: (value: string) => Partial<Entity>): Tag["attributes"] {
  return (given) => {
    const value = given.get(name);
    return given.size === 1 && value !== undefined && pattern.test(value) ? give(value) : undefined;
  };
}

const codeAttributes: Tag["attributes"] = (given) =>
  given.size === 0
    ? {}
    : only("class", /^language-\S+$/, (value) => ({ language: value.slice("language-".length) }))(given);

/** The tags of the "HTML style" section of the Bot API. */
const TAGS: Readonly<Record<string, Tag>> = {
  b: { type: "bold", attributes: bare },
  strong: { type: "bold", attributes: bare },
  i: { type: "italic", attributes: bare },
  em: { type: "italic", attributes: bare },
  u: { type: "underline", attributes: bare },
  ins: { type: "underline", attributes: bare },
  s: { type: "strikethrough", attributes: bare },
  strike: { type: "strikethrough", attributes: bare },
  del: { type: "strikethrough", attributes: bare },
  "tg-spoiler": { type: "spoiler", attributes: bare },
  span: { type: "spoiler", attributes: only("class", /^tg-spoiler$/, () => ({})) },
  a: { type: "text_link", attributes: only("href", /^(https?|tg|mailto|tel):\S+$/, (url) => ({ url })) },
  "tg-emoji": { type: "custom_emoji", attributes: only("emoji-id", /^\d+$/, () => ({})) },
  "tg-time": {
    type: "date_time",
    attributes: (given) => (/^\d+$/.test(given.get("unix") ?? "") ? {} : undefined),
  },
  code: { type: "code", attributes: codeAttributes },
  pre: { type: "pre", attributes: bare },
  blockquote: {
    type: "blockquote",
    attributes: (given) =>
      given.size === 0 || (given.size === 1 && given.has("expandable")) ? {} : undefined,
  },
};

const PIECE =
  /<(?<close>\/?)(?<tag>[a-z][a-z0-9-]*)(?<attributes>(?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*>|&(?:(?<named>lt|gt|amp|quot)|#(?<decimal>\d{1,7})|#x(?<hexadecimal>[0-9a-f]{1,6}));|(?<plain>[^<>&]+)/iy;
const ATTRIBUTE = /([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/giu;
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

interface Reading {
  text: string;
  readonly open: OpenTag[];
  readonly entities: Entity[];
}

/**
 * Reads Telegram's HTML into text and entities (offsets in UTF-16 units). Stricter than the real server, which
 * lets some unescaped characters pass: here `<`, `>`, `&` count only as markup, and only the four named
 * entities and numeric ones exist.
 */
export function parseHtml(source: string): FormattedText {
  const reading: Reading = { text: "", open: [], entities: [] };
  for (let at = 0; at < source.length; ) {
    PIECE.lastIndex = at;
    const found = PIECE.exec(source);
    const reason = found === null ? stray(source, at) : readPiece(reading, found, at);
    if (reason !== undefined) return { kind: "error", reason };
    at = PIECE.lastIndex;
  }
  const left = reading.open.at(-1);
  if (left !== undefined) {
    return { kind: "error", reason: `Can't find end tag corresponding to start tag "${left.name}"` };
  }
  const entities = reading.entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
  return { kind: "text", text: reading.text, entities };
}

function stray(source: string, at: number): string {
  const what = source[at] === "<" ? "start tag" : "unescaped character";
  return `Unsupported ${what} "${source.slice(at, at + 12)}" at offset ${at}`;
}

function readPiece(reading: Reading, found: RegExpExecArray, at: number): string | undefined {
  const groups = found.groups ?? {};
  const tag = groups["tag"]?.toLowerCase();
  if (tag !== undefined) {
    return groups["close"] === "/"
      ? closeTag(reading, tag, at)
      : openTag(reading, tag, groups["attributes"] ?? "", at);
  }
  const character = readCharacter(groups);
  if (character === undefined) return `Unsupported entity at offset ${at}`;
  reading.text += character;
  return undefined;
}

function readCharacter(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const { plain, named, decimal, hexadecimal } = groups;
  if (plain !== undefined) return plain;
  if (named !== undefined) return NAMED[named.toLowerCase()];
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
  const legal = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return legal ? String.fromCodePoint(code) : undefined;
}

function openTag(reading: Reading, name: string, attributes: string, at: number): string | undefined {
  const tag = Object.hasOwn(TAGS, name) ? TAGS[name] : undefined;
  if (tag === undefined) return `Unsupported start tag "${name}" at byte offset ${at}`;
  const extra = tag.attributes(readAttributes(attributes));
  if (extra === undefined) return `Unsupported attributes of tag "${name}" at byte offset ${at}`;
  reading.open.push({ name, tag, offset: reading.text.length, extra });
  return undefined;
}

function closeTag(reading: Reading, name: string, at: number): string | undefined {
  const opened = reading.open.pop();
  if (opened === undefined) return `Unexpected end tag at byte offset ${at}`;
  if (opened.name !== name) {
    return `Unmatched end tag at byte offset ${at}, expected "</${opened.name}>", found "</${name}>"`;
  }
  const length = reading.text.length - opened.offset;
  if (length > 0) {
    reading.entities.push({ type: opened.tag.type, offset: opened.offset, length, ...opened.extra });
  }
  return undefined;
}

function readAttributes(source: string): ReadonlyMap<string, string> {
  return new Map(
    [...source.matchAll(ATTRIBUTE)].map(([, name, double, single]) => [
      (name ?? "").toLowerCase(),
      double ?? single ?? "",
    ]),
  );
}
