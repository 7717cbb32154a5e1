import { isObject, type Payload } from "../wire/shapes.ts";
import { type Entity, parseHtml } from "./html.ts";

/** Bot API: 1–4096 characters after entities parsing; counted here in UTF-16 units, the safe upper bound. */
const LONGEST_TEXT = 4096;
/** Official server, get_formatted_text: more bytes than this are refused before parsing. */
const LONGEST_SOURCE_BYTES = 32_768;
const NOTHING_TO_SEE = /[\s\p{Cf}]/gu;

export type ReadText =
  | { readonly kind: "text"; readonly text: string; readonly entities: readonly Entity[] }
  | { readonly kind: "refused"; readonly reason: string };

/** Reads `text` with its `parse_mode` or `entities` as the server would: parsed, trimmed, and measured. */
export function readText(parameters: Payload): ReadText {
  const source = parameters["text"];
  if (typeof source !== "string" || source === "") return refusal("message text is empty");
  if (Buffer.byteLength(source) > LONGEST_SOURCE_BYTES) return refusal("Text is too long");
  if (!source.isWellFormed()) return refusal("strings must be encoded in UTF-8");
  const parsed = parse(source, parameters);
  return parsed.kind === "text" ? measured(parsed.text, parsed.entities) : parsed;
}

function parse(source: string, parameters: Payload): ReadText {
  const mode = parameters["parse_mode"];
  if (mode === undefined || mode === "") {
    return { kind: "text", text: source, entities: givenEntities(parameters["entities"]) };
  }
  if (typeof mode !== "string" || mode.toLowerCase() !== "html") return refusal("unsupported parse_mode");
  const parsed = parseHtml(source);
  return parsed.kind === "text" ? parsed : refusal(`can't parse entities: ${parsed.reason}`);
}

function measured(text: string, entities: readonly Entity[]): ReadText {
  if (text.replaceAll(NOTHING_TO_SEE, "") === "") return refusal("message text is empty");
  const lead = text.length - text.trimStart().length;
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_TEXT) return refusal("message is too long");
  return {
    kind: "text",
    text: trimmed,
    entities: entities.map((entity) => shifted(entity, lead, trimmed.length)),
  };
}

function shifted(entity: Entity, lead: number, end: number): Entity {
  const offset = Math.max(0, entity.offset - lead);
  return { ...entity, offset, length: Math.min(entity.length, end - offset) };
}

function givenEntities(value: unknown): readonly Entity[] {
  return Array.isArray(value) ? value.filter(isEntity) : [];
}

function isEntity(value: unknown): value is Entity {
  return (
    isObject(value) &&
    typeof value["type"] === "string" &&
    Number.isInteger(value["offset"]) &&
    Number.isInteger(value["length"])
  );
}

function refusal(reason: string): ReadText {
  return { kind: "refused", reason };
}
