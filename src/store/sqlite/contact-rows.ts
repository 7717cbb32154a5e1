import type { DatabaseSync } from "node:sqlite";
import { Problem } from "../../app/errors.ts";
import type { ContactRow, TurnRequest } from "../../app/ports-store.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import type { Ms } from "../../core/nouns/time.ts";
import type { Row } from "../schema/columns.ts";
import { contactFrom } from "../schema/rows.ts";
import type { ContactCache } from "./contact-cache.ts";

/** The table of contacts, read through the cache. Everything here runs inside the current transaction. */
export type ContactRows = {
  readonly find: (who: TurnRequest["who"]) => ContactRow | undefined;
  /** The next contacts by id; they are not kept in memory. */
  readonly after: (id: ContactId, limit: number) => readonly ContactRow[];
  /**
   * Writes the contact as it shall be and makes the look-ups lead to it. Throws Problem `busy` when the stored
   * version is not the one that was read, so that a row kept in memory too long overwrites nothing.
   */
  readonly save: (contact: ContactRow, blinds: readonly Uint8Array[]) => void;
  readonly setKeyboard: (id: ContactId, messageId: string) => void;
  /** The reply window is closed, unless the person has written since this moment. */
  readonly closeWindow: (id: ContactId, since: Ms) => void;
  /** The contact's row was deleted. */
  readonly erased: (id: ContactId) => void;
};

const columns = `c.id, c.channel, c.language, c.state, c.version, c.last_seen, c.last_inbound, c.open_keyboard_id,
  c.wrapped_key, c.address, c.session`;

/** Opens the table; `cache` must be this database's own. */
export function contactRows(db: DatabaseSync, cache: ContactCache): ContactRows {
  const setKeyboard = db.prepare("UPDATE contacts SET open_keyboard_id = ? WHERE id = ?");
  const closeWindow = db.prepare(
    "UPDATE contacts SET last_inbound = NULL WHERE id = ? AND last_inbound <= ?",
  );
  const save = saver(db);
  const after = db.prepare(`SELECT ${columns} FROM contacts c WHERE c.id > ? ORDER BY c.id LIMIT ?`);
  return {
    after: (id, limit) => after.all(id, limit).map(contactFrom),
    find: finder(db, cache),
    save: (contact, blinds) => {
      save(contact, blinds);
      cache.put({ ...contact, version: contact.version + 1 });
      for (const blind of blinds) cache.point(blind, contact.id);
    },
    setKeyboard: (id, messageId) => {
      setKeyboard.run(messageId, id);
      const known = cache.byId(id);
      if (known !== undefined) cache.put({ ...known, openKeyboard: messageId });
    },
    closeWindow: (id, since) => {
      if (closeWindow.run(id, since).changes === 0) return;
      const known = cache.byId(id);
      if (known !== undefined) cache.put({ ...known, lastInbound: undefined });
    },
    erased: cache.remove,
  };
}

function finder(db: DatabaseSync, cache: ContactCache): ContactRows["find"] {
  const byBlind = db.prepare(
    `SELECT ${columns} FROM lookups l JOIN contacts c ON c.id = l.contact_id WHERE l.blind = ?`,
  );
  const byId = db.prepare(`SELECT ${columns} FROM contacts c WHERE c.id = ?`);
  const read = (row: Row | undefined): ContactRow | undefined => {
    if (row === undefined) return undefined;
    const contact = contactFrom(row);
    cache.put(contact);
    return contact;
  };
  const lookUp = (blind: Uint8Array): ContactRow | undefined => {
    const known = cache.byBlind(blind);
    if (known !== undefined) return known;
    const found = read(byBlind.get(blind));
    if (found !== undefined) cache.point(blind, found.id);
    return found;
  };
  return (who) => {
    if (who.kind === "contact") return cache.byId(who.id) ?? read(byId.get(who.id));
    for (const blind of who.blinds) {
      const found = lookUp(blind);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function saver(db: DatabaseSync): ContactRows["save"] {
  const insert = db.prepare(
    `INSERT INTO contacts (channel, language, state, last_seen, last_inbound, open_keyboard_id, wrapped_key, address,
      session, id, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? + 1)`,
  );
  const update = db.prepare(
    `UPDATE contacts SET channel = ?, language = ?, state = ?, last_seen = ?, last_inbound = ?, open_keyboard_id = ?,
      wrapped_key = ?, address = ?, session = ?, version = version + 1 WHERE id = ? AND version = ?`,
  );
  const point = db.prepare(
    "INSERT INTO lookups (blind, contact_id) VALUES (?, ?) ON CONFLICT (blind) DO UPDATE SET contact_id = excluded.contact_id WHERE contact_id <> excluded.contact_id",
  );
  return (contact, blinds) => {
    const written = (contact.version === 0 ? insert : update).run(
      contact.channel,
      contact.language,
      contact.state,
      contact.lastSeen,
      contact.lastInbound ?? null,
      contact.openKeyboard ?? null,
      contact.wrappedKey,
      contact.address,
      contact.session,
      contact.id,
      contact.version,
    );
    if (written.changes !== 1) {
      throw new Problem("busy", "the contact was changed meanwhile: read it again and repeat");
    }
    for (const blind of blinds) point.run(blind, contact.id);
  };
}
