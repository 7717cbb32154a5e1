import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  parseDocument,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Json } from "../core/flow/source.ts";
import { checkKey, Gauge, type Mark, maxNodes, Refusal, type Understood } from "./refusal.ts";

/** Doubled keys are refused below: the parser would compare each key with every other one. */
const options = {
  version: "1.2",
  schema: "core",
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
} as const;

/**
 * Reads the YAML that content is written in: version 1.2, one document, text keys; no tabs, anchors, aliases, tags
 * or directives. Throws a Refusal at the first thing that is wrong.
 */
export function readYaml(text: string): Understood {
  refuseTabs(text);
  refuseBulk(text);
  const document = parseDocument(text, options);
  const error = document.errors[0] ?? document.warnings[0];
  if (error !== undefined) throw refusalOf(error, text);
  if (document.directives?.yaml.explicit === true) {
    throw new Refusal(0, "a line with % gives YAML another meaning", "remove it");
  }
  if (document.contents === null)
    throw new Refusal(0, "the file is empty", "write its keys, or remove the file");
  return new Walk().value(document.contents, document.contents.range[0], 0);
}

function refuseTabs(text: string): void {
  const at = text.indexOf("\t");
  if (at >= 0) throw new Refusal(at, "a tab stands here", "use spaces, two for each level");
}

/** Every value stands after a line break, comma or bracket: too many of them are refused before they cost time. */
function refuseBulk(text: string): void {
  let marks = 0;
  for (const { index } of text.matchAll(/[\n,[{]/g)) {
    marks += 1;
    if (marks > maxNodes) {
      throw new Refusal(
        index,
        `the file has more than ${maxNodes} lines and list items`,
        "divide it into several files",
      );
    }
  }
}

/** Errors of the parser in words for people who write content; `$` is the word that stands there. */
const known: Readonly<Partial<Record<YAMLError["code"], readonly [what: string, mend: string]>>> = {
  BAD_INDENT: [
    "this line doesn't begin under the lines it belongs to, or a bracket before it is open",
    "begin it exactly below them, with spaces",
  ],
  MULTIPLE_DOCS: ["a second document begins here", "remove the line `---`, or use another file"],
  MISSING_CHAR: [
    "something is missing here, like a quote, a comma, a colon or a bracket",
    "close what is open in this line or before it",
  ],
  MULTILINE_IMPLICIT_KEY: [
    "a key or a colon is missing here",
    "write `key: value`, and put a text that holds `: ` in quotes",
  ],
  BLOCK_AS_IMPLICIT_KEY: ["a second colon stands in this line", "put a text that holds `: ` in quotes"],
  RESOURCE_EXHAUSTION: ["the file is nested too deeply", "make it flatter"],
  BAD_ALIAS: [
    "`$` refers to another place",
    "write out what it stands for; put a text that begins with * in quotes",
  ],
  TAG_RESOLVE_FAILED: ["`$` is a YAML tag", "remove it; put a text that begins with ! in quotes"],
};

function refusalOf(error: YAMLError, text: string): Refusal {
  const [at] = error.pos;
  const here = /["'][^"'\n]*["']|[^\s:,{}[\]]+/y;
  here.lastIndex = at;
  const [what, mend] = known[error.code] ?? [error.message, "compare it with the files beside it"];
  return new Refusal(
    at,
    what.replace("$", () => here.exec(text)?.[0] ?? "this"),
    mend,
  );
}

/** Turns the parser's nodes into data with places. */
class Walk {
  readonly #gauge = new Gauge();

  value(node: Node, markAt: number, depth: number): Understood {
    const at = node.range?.[0] ?? markAt;
    const level = isMap(node) || isSeq(node) ? depth + 1 : depth;
    this.#gauge.count(at, level);
    if (isAlias(node)) throw new Refusal(at, "this refers to another place", "write out what it stands for");
    refuseExtras(node, at);
    if (isMap<ParsedNode, ParsedNode | null>(node)) return this.#map(node, markAt, level);
    if (isSeq<ParsedNode>(node)) return this.#list(node, markAt, level);
    return { data: scalar(node, at), mark: { at: markAt } };
  }

  #map(node: YAMLMap<ParsedNode, ParsedNode | null>, markAt: number, depth: number): Understood {
    const inside = new Map<string, Mark>();
    const data: Record<string, Json> = {};
    for (const { key, value } of node.items) {
      const at = key.range[0];
      const name = keyName(key, at);
      checkKey(name, at, inside);
      if (value === null && /^[\w-]+:\S|^[\w-]+:\u00a0/.test(name))
        throw new Refusal(at, `a space is missing after the colon in \`${name}\``, "write `key: value`");
      const read = value === null ? { data: null, mark: { at } } : this.value(value, at, depth);
      inside.set(name, read.mark);
      data[name] = read.data;
    }
    return { data, mark: { at: markAt, inside } };
  }

  #list(node: YAMLSeq<ParsedNode>, markAt: number, depth: number): Understood {
    const read = node.items.map((item) => this.value(item, item.range[0], depth));
    const inside = new Map(read.map(({ mark }, index) => [String(index), mark]));
    return { data: read.map(({ data }) => data), mark: { at: markAt, inside } };
  }
}

function refuseExtras(node: Exclude<Node, { type: "ALIAS" }>, at: number): void {
  if ("anchor" in node && node.anchor !== undefined) {
    throw new Refusal(
      at,
      "this gives its value a name with &",
      "remove it; write values out where they are used",
    );
  }
  if (node.tag !== undefined)
    throw new Refusal(at, "this has a YAML tag", "remove the word that begins with !");
}

function keyName(key: ParsedNode, at: number): string {
  refuseExtras(key, at);
  if (isScalar(key) && typeof key.value === "string") return key.value;
  if (isScalar(key) && typeof key.value === "number") return String(key.value);
  throw new Refusal(at, "a key has to be a text", "put it in quotes");
}

function scalar(node: Node, at: number): Json {
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new Refusal(
    at,
    "there is no value here that content can hold",
    "write a text, a number, true or false",
  );
}
