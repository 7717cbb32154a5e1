/** A column as both engines have it. */
export type Column = { readonly name: string; readonly type: "integer" | "text" | "bytes" };
export type Table = {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly Column[];
};
/** One row's values, in the order of the table's columns. */
export type Values = readonly (number | string | Uint8Array | null)[];

function table(name: string, key: string, columns: Readonly<Record<string, Column["type"]>>): Table {
  return {
    name,
    key: key.split(" "),
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
  };
}

/**
 * Every table that both engines have, with its columns, so that a store can be moved from one to the other. Those that
 * others point to come first.
 */
export const tables: readonly Table[] = [
  table("meta", "key", { key: "text", value: "bytes" }),
  table("orgs", "id", { id: "text", name: "text", created_at: "integer" }),
  table("topics", "id", { id: "text", org_id: "text", titles: "text", created_at: "integer" }),
  table("broadcasts", "id", {
    id: "integer",
    topic_id: "text",
    org_id: "text",
    texts: "text",
    state: "text",
    created_at: "integer",
    queued_to_id: "integer",
  }),
  table("broadcast_counts", "broadcast_id name", { broadcast_id: "integer", name: "text", count: "integer" }),
  table("contacts", "id", {
    id: "integer",
    channel: "text",
    language: "text",
    state: "text",
    version: "integer",
    last_seen: "integer",
    last_inbound: "integer",
    open_keyboard_id: "text",
    wrapped_key: "bytes",
    address: "bytes",
    session: "bytes",
  }),
  table("lookups", "blind", { blind: "bytes", contact_id: "integer" }),
  table("tombstones", "tombstone", { tombstone: "bytes" }),
  table("erasures", "contact_id", { contact_id: "integer" }),
  table("inbox", "channel external_id", {
    channel: "text",
    external_id: "text",
    state: "integer",
    received_at: "integer",
    id: "integer",
    contact_id: "integer",
    attempts: "integer",
    try_at: "integer",
    reason: "text",
    input: "bytes",
  }),
  table("fires", "contact_id ref", {
    contact_id: "integer",
    ref: "text",
    fire_at: "integer",
    try_at: "integer",
    attempts: "integer",
  }),
  table("outbox", "id", {
    id: "integer",
    contact_id: "integer",
    channel: "text",
    lane: "integer",
    language: "text",
    state: "integer",
    not_before: "integer",
    not_after: "integer",
    attempts: "integer",
    report: "integer",
    broadcast_id: "integer",
    provider_id: "text",
    announced_id: "text",
    reason: "text",
    lone_key: "bytes",
    lone_address: "bytes",
    body: "bytes",
  }),
  table("subscriptions", "topic_id contact_id", { topic_id: "text", contact_id: "integer" }),
  table("cases", "id", {
    id: "integer",
    contact_id: "integer",
    reason: "bytes",
    opened_at: "integer",
    state: "text",
  }),
  table("counters", "name", { name: "text", count: "integer" }),
];

/** What `meta` holds that belongs to one engine's store and not to the installation. */
export const ownKeys: ReadonlySet<string> = new Set(["open", "probe", "unclean-at", "moved", "move"]);

/** A row's values from what a driver gives. */
export function valuesFrom({ columns }: Table, row: Readonly<Record<string, unknown>>): Values {
  return columns.map(({ name }) => {
    const value = row[name];
    if (
      value === null ||
      typeof value === "number" ||
      typeof value === "string" ||
      value instanceof Uint8Array
    )
      return value;
    throw new TypeError(`the column ${name} does not hold what this version of the program stores there`);
  });
}

/** The key of a row, to go on after it. */
export function keyOf({ key, columns }: Table, values: Values): Values {
  return key.map((name) => values[columns.findIndex((column) => column.name === name)] ?? null);
}
