import type { ContactRow } from "../../app/ports-store.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import { numberIn, type Row } from "../schema/columns.ts";
import { contactFrom } from "../schema/rows.ts";
import type { Query, Statement } from "./connection.ts";

const columns = `id, channel, language, state, version, last_seen, last_inbound, open_keyboard_id, wrapped_key, address,
  session`;

/** Contacts as they are, without a lock. */
export const contactsById: Statement = {
  name: "contacts-by-id",
  text: `SELECT ${columns} FROM contacts WHERE id = ANY($1::bigint[])`,
};

/** The next contacts by id, without a lock. */
export const contactsAfter: Statement = {
  name: "contacts-after",
  text: `SELECT ${columns} FROM contacts WHERE id > $1 ORDER BY id LIMIT $2`,
};

/** The ids of those whom look-ups ($1) lead to, and of others ($2): what is asked by it need not wait until they are known. */
export const whoever = "ARRAY(SELECT contact_id FROM lookups WHERE blind = ANY($1::bytea[])) || $2::bigint[]";

/**
 * Locks people until the end of the transaction, in the order of their ids, so that two batches can't wait for one another.
 * Whoever writes anything that concerns a person holds this lock.
 */
export const lockContacts: Statement = {
  name: "lock-contacts",
  text: `SELECT ${columns} FROM contacts WHERE id = ANY(${whoever}) ORDER BY id FOR UPDATE`,
};

/** The same where the row itself is not needed. */
export const lockContactIds: Statement = {
  name: "lock-contact-ids",
  text: "SELECT id FROM contacts WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",
};

/** The contacts of a result, by id. */
export function byId(rows: readonly Row[]): ReadonlyMap<ContactId, ContactRow> {
  return new Map(rows.map((row) => [numberIn(row, "id"), contactFrom(row)]));
}

const insertNew: Statement = {
  name: "contacts-insert",
  text: `INSERT INTO contacts (${columns}) SELECT id, channel, language, state, 1, last_seen, last_inbound, open_keyboard_id,
      wrapped_key, address, session
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[],
      $9::bytea[], $10::bytea[], $11::bytea[]) AS t (id, channel, language, state, version, last_seen, last_inbound,
      open_keyboard_id, wrapped_key, address, session) ORDER BY id`,
};
// Fails as a whole where a version is not the one that was read: a division by zero is the shortest way to say so.
const updateKnown: Statement = {
  name: "contacts-update",
  text: `WITH changed AS (UPDATE contacts c SET channel = t.channel, language = t.language, state = t.state,
      version = t.version + 1, last_seen = t.last_seen, last_inbound = t.last_inbound,
      open_keyboard_id = t.open_keyboard_id, wrapped_key = t.wrapped_key, address = t.address, session = t.session
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[],
      $9::bytea[], $10::bytea[], $11::bytea[]) AS t (id, channel, language, state, version, last_seen, last_inbound,
      open_keyboard_id, wrapped_key, address, session)
    WHERE c.id = t.id AND c.version = t.version RETURNING c.id)
    SELECT 1 / (count(*) = cardinality($1))::integer FROM changed`,
};

/** Writes contacts as they shall be; the caller holds the locks of those that are known. */
export function saveContacts(query: Query, contacts: readonly ContactRow[]): readonly Promise<unknown>[] {
  const fresh = contacts.filter(({ version }) => version === 0);
  const known = contacts.filter(({ version }) => version !== 0);
  return [
    ...(fresh.length === 0 ? [] : [query(insertNew, arraysOf(fresh))]),
    ...(known.length === 0 ? [] : [query(updateKnown, arraysOf(known))]),
  ];
}

function arraysOf(rows: readonly ContactRow[]): readonly (readonly unknown[])[] {
  return [
    rows.map((row) => row.id),
    rows.map((row) => row.channel),
    rows.map((row) => row.language),
    rows.map((row) => row.state),
    rows.map((row) => row.version),
    rows.map((row) => row.lastSeen),
    rows.map((row) => row.lastInbound),
    rows.map((row) => row.openKeyboard),
    rows.map((row) => row.wrappedKey),
    rows.map((row) => row.address),
    rows.map((row) => row.session),
  ];
}

/** Makes look-ups lead to contacts. */
export const pointLookups: Statement = {
  name: "lookups-point",
  text: `INSERT INTO lookups (blind, contact_id) SELECT blind, contact_id FROM unnest($1::bytea[], $2::bigint[])
      AS t (blind, contact_id) ORDER BY blind
    ON CONFLICT (blind) DO UPDATE SET contact_id = excluded.contact_id WHERE lookups.contact_id <> excluded.contact_id`,
};
