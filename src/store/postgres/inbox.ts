import type { Ms } from "../../core/nouns/time.ts";
import { type Row, textIn } from "../schema/columns.ts";
import { type Failed, type InboxKey, type InboxState, inboxStateFrom } from "../schema/inbox.ts";
import type { Query, Statement } from "./connection.ts";

/** A delivery as text, to be found by. */
export function inboxText({ channel, externalId }: Omit<InboxKey, "retry">): string {
  return `${channel} ${externalId}`;
}

const enter: Statement = {
  name: "inbox-enter",
  text: `INSERT INTO inbox (channel, external_id, state, received_at)
    SELECT channel, external_id, 0, received_at FROM unnest($1::text[], $2::text[], $3::bigint[])
      AS t (channel, external_id, received_at) ORDER BY channel, external_id
    ON CONFLICT DO NOTHING RETURNING channel, external_id`,
};
const look: Statement = {
  name: "inbox-look",
  text: `SELECT i.channel, i.external_id, i.state, i.attempts, i.id FROM inbox i
    JOIN unnest($1::text[], $2::text[]) AS t (channel, external_id)
      ON i.channel = t.channel AND i.external_id = t.external_id
    ORDER BY i.channel, i.external_id FOR UPDATE OF i`,
};

const keysOf = (keys: readonly InboxKey[]): readonly (readonly string[])[] => [
  keys.map(({ channel }) => channel),
  keys.map(({ externalId }) => externalId),
];

/**
 * Enters deliveries: whoever enters one first has it, and whoever comes at the same moment waits for the end of the first
 * one's transaction. Gives those that are ours.
 */
export async function enterInbox(
  query: Query,
  keys: readonly (InboxKey & { readonly now: Ms })[],
): Promise<ReadonlySet<string>> {
  const entered = await query(enter, [...keysOf(keys), keys.map(({ now }) => now)]);
  return new Set(entered.rows.map(textFrom));
}

/** What is known of deliveries that were there before; they are locked until the end of the transaction. */
export async function lookInbox(
  query: Query,
  keys: readonly InboxKey[],
): Promise<ReadonlyMap<string, InboxState>> {
  const { rows } = await query(look, keysOf(keys));
  return new Map(rows.map((row) => [textFrom(row), inboxStateFrom(row)]));
}

function textFrom(row: Row): string {
  return `${textIn(row, "channel")} ${textIn(row, "external_id")}`;
}

const undo: Statement = {
  name: "inbox-undo",
  text: `DELETE FROM inbox i USING unnest($1::text[], $2::text[]) AS t (channel, external_id)
    WHERE i.channel = t.channel AND i.external_id = t.external_id`,
};

/** Takes back deliveries that were entered by this transaction. */
export function undoInbox(query: Query, keys: readonly InboxKey[]): Promise<unknown> {
  return query(undo, keysOf(keys));
}

const finish: Statement = {
  name: "inbox-finish",
  text: `UPDATE inbox i SET state = 0, received_at = t.now, id = NULL, contact_id = NULL, attempts = NULL, try_at = NULL,
      reason = NULL, input = NULL FROM unnest($1::text[], $2::text[], $3::bigint[]) AS t (channel, external_id, now)
    WHERE i.channel = t.channel AND i.external_id = t.external_id`,
};

/** Ends deliveries that were kept, or whose attempt was written before. */
export function finishInbox(
  query: Query,
  keys: readonly (InboxKey & { readonly now: Ms })[],
): Promise<unknown> {
  return query(finish, [...keysOf(keys), keys.map(({ now }) => now)]);
}

const keep: Statement = {
  name: "inbox-keep",
  text: `INSERT INTO inbox (channel, external_id, state, received_at, id, contact_id, attempts, try_at, reason, input)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (channel, external_id) DO UPDATE SET state = excluded.state, id = excluded.id,
      contact_id = excluded.contact_id, attempts = excluded.attempts, try_at = excluded.try_at,
      reason = excluded.reason, input = excluded.input`,
};

/** Keeps an input whose handling failed. */
export function keepInput(query: Query, failed: Failed): Promise<unknown> {
  const { channel, externalId, now, id, contact, attempts, tryAt, reason, input } = failed;
  const state = tryAt === undefined ? 3 : 2;
  return query(keep, [channel, externalId, state, now, id, contact, attempts, tryAt, reason, input]);
}

const begin: Statement = {
  name: "inbox-begin",
  text: `INSERT INTO inbox (channel, external_id, state, received_at, attempts)
    SELECT $1::text, $2::text, 1, $3::bigint, 1
    WHERE NOT $4::boolean OR EXISTS (SELECT 1 FROM inbox WHERE channel = $1 AND external_id = $2)
    ON CONFLICT (channel, external_id) DO UPDATE SET attempts = inbox.attempts + 1
    WHERE inbox.state = 1 OR (inbox.state = 2 AND $4::boolean)`,
};

/** Writes that an attempt begins, before it does. What is over stays so. */
export function beginInbox(
  query: Query,
  { channel, externalId, retry }: InboxKey,
  now: Ms,
): Promise<unknown> {
  return query(begin, [channel, externalId, now, retry === true]);
}
