/** The tables of the store. */
export type ListedTable =
  | "inbox"
  | "contacts"
  | "lookups"
  | "tombstones"
  | "erasures"
  | "outbox"
  | "fires"
  | "subscriptions"
  | "cases"
  | "topics"
  | "orgs"
  | "broadcasts"
  | "broadcast_counts"
  | "counters"
  | "meta";

/**
 * The published list: every column that is stored as it is. It is what a copy of the database shows to someone without the
 * master key. About a person only opaque ids, channel, language, topic, lane, state, times and counts may be here; besides
 * them, what an organisation says publicly, and values of the installation.
 * A column that is not here holds a sealed value, a wrapped key, or a keyed hash; a contract test compares this with the schema.
 */
export const plaintextColumns: Readonly<Record<ListedTable, readonly string[]>> = {
  inbox: [
    "channel",
    "external_id",
    "state",
    "received_at",
    "id",
    "contact_id",
    "attempts",
    "try_at",
    "reason",
  ],
  contacts: [
    "id",
    "channel",
    "language",
    "state",
    "version",
    "last_seen",
    "last_inbound",
    "open_keyboard_id",
  ],
  lookups: ["contact_id"],
  tombstones: [],
  erasures: ["contact_id"],
  outbox: [
    "id",
    "contact_id",
    "channel",
    "lane",
    "language",
    "state",
    "not_before",
    "not_after",
    "attempts",
    "report",
    "broadcast_id",
    "provider_id",
    "announced_id",
    "reason",
  ],
  fires: ["contact_id", "ref", "fire_at", "try_at", "attempts"],
  subscriptions: ["topic_id", "contact_id"],
  cases: ["id", "contact_id", "opened_at", "state"],
  topics: ["id", "org_id", "titles", "created_at"],
  orgs: ["id", "name", "created_at"],
  broadcasts: ["id", "topic_id", "org_id", "texts", "state", "created_at", "queued_to_id"],
  broadcast_counts: ["broadcast_id", "name", "count"],
  counters: ["name", "count"],
  // Values of the installation; those that are secret are wrapped by the vault.
  meta: ["key", "value"],
};
