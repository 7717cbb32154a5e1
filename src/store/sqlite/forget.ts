import type { DatabaseSync } from "node:sqlite";
import type { ContactId } from "../../core/nouns/ids.ts";
import { foldBroadcastRows } from "./broadcast-counts.ts";
import type { Ids } from "./ids.ts";

/**
 * Erases a person inside the current transaction; the tombstone lets a restored backup erase them again. What became of
 * their messages (no text, no address) is noted for `erasureWalk`.
 */
export type Forget = (contact: ContactId, tombstone: Uint8Array) => void;

/** Prepares the statements once, and gives what erases with them. */
export function forgetter(db: DatabaseSync, ids: Ids): Forget {
  const bury = db.prepare("INSERT INTO tombstones (tombstone) VALUES (?) ON CONFLICT DO NOTHING");
  const note = db.prepare("INSERT INTO erasures (contact_id) VALUES (?) ON CONFLICT DO NOTHING");
  const waiting = "lane IN (0, 1, 2) AND contact_id = ? AND state <= 2";
  const fold = foldBroadcastRows(db, "outbox INDEXED BY outbox_line", waiting);
  // The deliveries themselves stay known, so that a repeated one stays a duplicate.
  const emptyInbox = db.prepare(
    `UPDATE inbox SET state = 0, id = NULL, contact_id = NULL, attempts = NULL, try_at = NULL, reason = NULL, input = NULL
    WHERE state <> 0 AND contact_id = ?`,
  );
  const deletions = [
    `DELETE FROM outbox INDEXED BY outbox_line WHERE ${waiting}`,
    "DELETE FROM lookups WHERE contact_id = ?",
    "DELETE FROM fires WHERE contact_id = ?",
    "DELETE FROM subscriptions WHERE contact_id = ?",
    "DELETE FROM cases WHERE contact_id = ?",
    "DELETE FROM contacts WHERE id = ?",
  ].map((sql) => db.prepare(sql));
  return (contact, tombstone) => {
    ids.remember();
    bury.run(tombstone);
    note.run(contact);
    fold(contact);
    emptyInbox.run(contact);
    for (const deletion of deletions) deletion.run(contact);
  };
}
