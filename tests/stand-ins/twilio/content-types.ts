import { isObject, type Payload, unknownKey } from "../wire/shapes.ts";

export interface QuickReplyAction {
  readonly title: string;
  readonly id: string;
}

export interface ListRow {
  readonly id: string;
  readonly item: string;
  readonly description: string | undefined;
}

/** What a Content record shows on WhatsApp. */
export type Content =
  | { readonly kind: "text"; readonly body: string }
  | { readonly kind: "quick-reply"; readonly body: string; readonly actions: readonly QuickReplyAction[] }
  | {
      readonly kind: "list-picker";
      readonly body: string;
      readonly button: string;
      readonly items: readonly ListRow[];
    };

export type Read<Value> =
  | { readonly kind: "read"; readonly value: Value }
  | { readonly kind: "wrong"; readonly reason: string };

/** UTF-16 units; Content API as documented by Twilio. */
const LIMITS = { text: 1600, body: 1024, title: 20, id: 200, button: 20, item: 24, description: 72 } as const;
const MOST_ACTIONS = 3;
const MOST_ITEMS = 10;

class Wrong extends Error {}

function fail(reason: string): never {
  throw new Wrong(reason);
}

/** Reads the `types` of a Content record; every key has to be one that the API knows. */
export function readTypes(types: unknown): Read<Content> {
  try {
    if (!isObject(types) || Object.keys(types).length === 0)
      fail("types must have at least one content type");
    const contents = Object.entries(types).map(([type, value]) => readType(type, value));
    const richest = contents.find(({ kind }) => kind !== "text") ?? contents[0];
    return richest === undefined ? fail("no content type") : { kind: "read", value: richest };
  } catch (error) {
    if (error instanceof Wrong) return { kind: "wrong", reason: error.message };
    throw error;
  }
}

/** Measures a content once its variables are filled in: why WhatsApp would not take it, or undefined. */
export function misfit(content: Content): string | undefined {
  const read = readTypes({ [`twilio/${content.kind}`]: plain(content) });
  return read.kind === "wrong" ? read.reason : repeated(read.value);
}

function plain(content: Content): Payload {
  const { kind: _kind, ...fields } = content;
  return JSON.parse(JSON.stringify(fields));
}

function readType(type: string, value: unknown): Content {
  const fields = isObject(value) ? value : fail(`${type} must be an object`);
  switch (type) {
    case "twilio/text":
      allow(fields, ["body"], type);
      return { kind: "text", body: text(fields, "body", LIMITS.text) };
    case "twilio/quick-reply":
      allow(fields, ["body", "actions"], type);
      return {
        kind: "quick-reply",
        body: text(fields, "body", LIMITS.body),
        actions: readActions(fields["actions"]),
      };
    case "twilio/list-picker":
      allow(fields, ["body", "button", "items"], type);
      return {
        kind: "list-picker",
        body: text(fields, "body", LIMITS.body),
        button: text(fields, "button", LIMITS.button),
        items: list(fields["items"], MOST_ITEMS, "items").map(readItem),
      };
    default:
      return fail(`unknown content type "${type}"`);
  }
}

function readActions(value: unknown): readonly QuickReplyAction[] {
  return list(value, MOST_ACTIONS, "actions").map((action) => {
    allow(action, ["type", "title", "id"], "an action");
    if (action["type"] !== undefined && action["type"] !== "QUICK_REPLY")
      fail("an action's type must be QUICK_REPLY");
    const title = text(action, "title", LIMITS.title);
    return { title, id: action["id"] === undefined ? title : text(action, "id", LIMITS.id) };
  });
}

function readItem(item: Payload): ListRow {
  allow(item, ["id", "item", "description"], "an item");
  return {
    id: text(item, "id", LIMITS.id),
    item: text(item, "item", LIMITS.item),
    description:
      item["description"] === undefined ? undefined : text(item, "description", LIMITS.description),
  };
}

function allow(fields: Payload, known: readonly string[], what: string): void {
  const stranger = unknownKey(fields, new Set(known));
  if (stranger !== undefined) fail(`${what} has an unknown field "${stranger}"`);
}

function text(fields: Payload, name: string, atMost: number): string {
  const value = fields[name];
  if (typeof value !== "string" || value.trim() === "") return fail(`${name} must be a non-empty string`);
  if (value.length > atMost) return fail(`${name} is longer than ${atMost} characters`);
  return value;
}

function list(value: unknown, atMost: number, what: string): readonly Payload[] {
  const items = Array.isArray(value) ? value.filter(isObject) : [];
  if (!Array.isArray(value) || items.length !== value.length) fail(`${what} must be a list of objects`);
  if (items.length < 1 || items.length > atMost)
    fail(`${what} must be 1 to ${atMost}, found ${items.length}`);
  return items;
}

/** WhatsApp refuses two buttons, or two rows, of the same id, and two buttons of the same title. */
function repeated(content: Content): string | undefined {
  if (content.kind === "text") return undefined;
  const ids = content.kind === "quick-reply" ? content.actions : content.items;
  if (new Set(ids.map(({ id }) => id)).size < ids.length) return "two choices have the same id";
  const titles = content.kind === "quick-reply" ? content.actions.map(({ title }) => title) : [];
  return new Set(titles).size < titles.length ? "two buttons have the same title" : undefined;
}
