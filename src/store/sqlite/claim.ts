import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ClaimedRow } from "../../app/ports-store.ts";
import type { ContactId, OutboxId } from "../../core/nouns/ids.ts";
import type { Lane } from "../../core/nouns/message.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { channels, leaving } from "../schema/codes.ts";
import {
  numberIn,
  oneOfIn,
  optionalBytesIn,
  optionalNumberIn,
  optionalTextIn,
  textIn,
} from "../schema/columns.ts";
import { madeAt } from "../schema/retention.ts";
import { loneFrom } from "../schema/rows.ts";
import type { ContactRows } from "./contact-rows.ts";

/** Rows in the sender's hands. They are held in memory only: after a restart they are free again. */
export type Claims = {
  /**
   * Rows of this lane that may go now, each the first of its contact and lane. Passes over a contact that has a row in
   * someone's hands or something waiting in an earlier lane. `late`: contacts whose first row is past its time. `lost`: rows
   * that were about to leave when an earlier process ended.
   */
  readonly take: (now: Ms, lane: Lane, limit: number) => Taken;
  readonly inHand: (contact: ContactId, row: OutboxId) => boolean;
  /** The row is settled. */
  readonly free: (contact: ContactId, row: OutboxId) => void;
};

export type Taken =
  | { readonly kind: "taken"; readonly rows: readonly ClaimedRow[] }
  | { readonly kind: "late"; readonly contacts: readonly ContactId[] }
  | { readonly kind: "lost"; readonly rows: readonly ClaimedRow[] };

/** Claims on the rows of this database; there is to be one such set for it, as it alone knows what is in hand. */
export function claims(db: DatabaseSync, contacts: Pick<ContactRows, "find">): Claims {
  const held = new Map<ContactId, OutboxId>();
  const heads = headReader(db);
  const load = loader(db, contacts);
  return {
    take: (now, lane, limit) => {
      // Contacts in someone's hands may stand first in the index, so look that much further.
      const seen = heads(now, lane, limit + held.size).filter(({ contact }) => !held.has(contact));
      const late = seen.filter(({ notAfter }) => notAfter < now).map(({ contact }) => contact);
      if (late.length > 0) return { kind: "late", contacts: [...new Set(late)] };
      const loaded = firstOfEach(seen, limit).map((head) => load(head.id, lane));
      const lost = loaded.filter(({ reason }) => reason === leaving).map(({ row }) => row);
      if (lost.length > 0) return { kind: "lost", rows: lost };
      const rows = loaded.map(({ row }) => row);
      for (const row of rows) held.set(row.contact, row.id);
      return { kind: "taken", rows };
    },
    inHand: (contact, row) => held.get(contact) === row,
    free: (contact, row) => {
      if (held.get(contact) === row) held.delete(contact);
    },
  };
}

type Head = { readonly id: OutboxId; readonly contact: ContactId; readonly notAfter: Ms };

/** A contact has two heads where a row was put back in front of one that is already on its way. */
function firstOfEach(heads: readonly Head[], limit: number): readonly Head[] {
  const first = new Map<ContactId, Head>();
  for (const head of heads) {
    if (first.size === limit) break;
    if (!first.has(head.contact)) first.set(head.contact, head);
  }
  return [...first.values()];
}

function headReader(db: DatabaseSync): (now: Ms, lane: Lane, limit: number) => Head[] {
  const heads = { reply: headsOf(db, 0), nudge: headsOf(db, 1), bulk: headsOf(db, 2) };
  return (now, lane, limit) =>
    heads[lane].all(now, limit).map((row) => ({
      id: numberIn(row, "id"),
      contact: numberIn(row, "contact_id"),
      notAfter: numberIn(row, "not_after"),
    }));
}

/** The rows of one lane that are next in line and due, where nothing is next in an earlier lane of the same contact. */
function headsOf(db: DatabaseSync, lane: number): StatementSync {
  const overtaken = Array.from(
    { length: lane },
    (_, earlier) => `AND NOT EXISTS (SELECT 1 FROM outbox e INDEXED BY outbox_line
      WHERE e.lane = ${earlier} AND e.contact_id = o.contact_id AND e.state = 0 AND e.state <= 2)`,
  );
  return db.prepare(
    `SELECT o.id, o.contact_id, o.not_after FROM outbox o INDEXED BY outbox_waiting
    WHERE o.state = 0 AND o.state <= 2 AND o.lane = ${lane} AND o.not_before <= ? ${overtaken.join(" ")}
    ORDER BY o.not_before, o.id LIMIT ?`,
  );
}

function loader(
  db: DatabaseSync,
  contacts: Pick<ContactRows, "find">,
): (id: OutboxId, lane: Lane) => { readonly row: ClaimedRow; readonly reason: string | undefined } {
  const find = db.prepare(
    `SELECT id, contact_id, channel, language, attempts, not_after, broadcast_id, reason, body, lone_key, lone_address
    FROM outbox WHERE id = ?`,
  );
  return (id, lane) => {
    const found = find.get(id);
    if (found === undefined) throw new TypeError("an outbox row is in the index but not in the table");
    const lone = loneFrom(found);
    const contact = numberIn(found, "contact_id");
    const row: ClaimedRow = {
      id,
      queuedAt: madeAt(id),
      contact,
      channel: oneOfIn(found, "channel", channels),
      lane,
      language: textIn(found, "language"),
      attempts: numberIn(found, "attempts"),
      notAfter: numberIn(found, "not_after"),
      body: optionalBytesIn(found, "body"),
      broadcast: optionalNumberIn(found, "broadcast_id"),
      to: lone === undefined ? contacts.find({ kind: "contact", id: contact }) : undefined,
      lone,
    };
    return { row, reason: optionalTextIn(found, "reason") };
  };
}
