/** The tables that hold rows about people, organisations, or what is sent to them. */
export type ListedTable =
  | "inbox"
  | "contacts"
  | "outbox"
  | "fires"
  | "subscriptions"
  | "topics"
  | "orgs"
  | "broadcasts"
  | "counters"
  | "meta";

/**
 * The published list: every column that is stored as it is. It is what a copy of the database shows to someone without the
 * master key. Only opaque ids, channel, language, topic, lane, state, fire-at, last-seen, last-inbound and counts may be here.
 * A column that is not here holds a sealed value, a wrapped key, or a keyed hash; a contract test compares this with the schema.
 */
export const plaintextColumns: Readonly<Record<ListedTable, readonly string[]>> = {
  inbox: ["id", "contact_id", "channel", "state", "attempts"],
  contacts: ["id", "channel", "language", "state", "last_seen", "last_inbound"],
  outbox: ["id", "contact_id", "broadcast_id", "channel", "language", "lane", "state", "fire_at", "attempts"],
  fires: ["id", "contact_id", "lane", "state", "fire_at"],
  subscriptions: ["id", "contact_id", "topic_id", "state"],
  topics: ["id", "org_id", "topic", "state"],
  orgs: ["id", "state"],
  broadcasts: [
    "id",
    "org_id",
    "topic_id",
    "state",
    "fire_at",
    "queued",
    "sent",
    "delivered",
    "read",
    "failed",
  ],
  counters: ["id", "count"],
  meta: ["id"],
};
