import type { DatabaseSync } from "node:sqlite";
import { Problem } from "../../app/errors.ts";
import type { Language } from "../../core/nouns/language.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { laneNumber } from "../schema/codes.ts";
import { numberIn, optionalNumberIn, textIn } from "../schema/columns.ts";
import type { Ids } from "./ids.ts";

/**
 * Rows of a chunk at most: about two milliseconds. Planning takes seconds whatever a chunk holds, and people who write
 * meanwhile wait for several of them.
 */
const mostAtOnce = 200;

/** Queues a broadcast's next rows inside the current transaction; see the port. Throws Problem `not-found`. */
export type QueueChunk = (
  id: number,
  chunk: number,
  languages: readonly Language[],
  now: Ms,
  notAfter: Ms,
) => { readonly queued: number; readonly more: boolean };

export type BroadcastQueue = {
  readonly queueChunk: QueueChunk;
  /** Marks the broadcasts that are all queued and have nothing left to send as done. */
  readonly end: () => void;
};

/** Queueing goes through a topic's subscribers by id, so that a restart goes on where the last chunk was committed. */
export function broadcastQueue(db: DatabaseSync, ids: Ids): BroadcastQueue {
  const find = db.prepare("SELECT topic_id, queued_to_id, state FROM broadcasts WHERE id = ?");
  const spanOf = spanFinder(db);
  const advance = db.prepare("UPDATE broadcasts SET queued_to_id = ?, state = ? WHERE id = ?");
  const insert = inserter(db);
  const end = ender(db);
  const queueChunk: QueueChunk = (id, wanted, languages, now, notAfter) => {
    const chunk = Math.min(wanted, mostAtOnce);
    const row = find.get(id);
    if (row === undefined) throw new Problem("not-found", `there is no broadcast ${id}`);
    if (textIn(row, "state") !== "planning") return { queued: 0, more: false };
    const topic = textIn(row, "topic_id");
    const from = numberIn(row, "queued_to_id");
    const { to, size } = spanOf(topic, from, chunk);
    const queued = insert({ id, topic, from, to, languages, now, notAfter, before: ids.block(size) });
    const more = size === chunk;
    advance.run(to, more ? "planning" : "sending", id);
    if (!more) end();
    return { queued, more };
  };
  return { queueChunk, end };
}

/** Where the next `chunk` subscribers after a contact end, and how many they are. */
function spanFinder(
  db: DatabaseSync,
): (topic: string, from: number, chunk: number) => { readonly to: number; readonly size: number } {
  const span = db.prepare(
    `SELECT max(contact_id) AS last, count(*) AS size FROM
      (SELECT contact_id FROM subscriptions WHERE topic_id = ? AND contact_id > ? ORDER BY contact_id LIMIT ?)`,
  );
  return (topic, from, chunk) => {
    const row = span.get(topic, from, chunk);
    if (row === undefined) return { to: from, size: 0 };
    return { to: optionalNumberIn(row, "last") ?? from, size: numberIn(row, "size") };
  };
}

type Span = {
  readonly id: number;
  readonly topic: string;
  readonly from: number;
  readonly to: number;
  readonly languages: readonly Language[];
  readonly now: Ms;
  readonly notAfter: Ms;
  readonly before: number;
};

function inserter(db: DatabaseSync): (span: Span) => number {
  const insert = db.prepare(
    `INSERT INTO outbox (id, contact_id, channel, lane, language, not_before, not_after, broadcast_id, state)
    SELECT ?1 + row_number() OVER (ORDER BY s.contact_id), c.id, c.channel, ${laneNumber.bulk}, c.language, ?2, ?3, ?4,
      EXISTS (SELECT 1 FROM outbox o INDEXED BY outbox_line
        WHERE o.lane = ${laneNumber.bulk} AND o.contact_id = c.id AND o.state <= 1 AND o.state <= 2)
    FROM subscriptions s CROSS JOIN contacts c ON c.id = s.contact_id
    WHERE s.topic_id = ?5 AND s.contact_id > ?6 AND s.contact_id <= ?7
      AND c.state = 'active' AND c.language IN (SELECT value FROM json_each(?8))
    ON CONFLICT (broadcast_id, contact_id) WHERE broadcast_id IS NOT NULL DO NOTHING`,
  );
  return ({ id, topic, from, to, languages, now, notAfter, before }) =>
    Number(insert.run(before, now, notAfter, id, topic, from, to, JSON.stringify(languages)).changes);
}

function ender(db: DatabaseSync): () => void {
  const end = db.prepare(
    `UPDATE broadcasts SET state = 'done' WHERE state = 'sending' AND NOT EXISTS
      (SELECT 1 FROM outbox INDEXED BY outbox_unsent WHERE broadcast_id = broadcasts.id AND broadcast_id IS NOT NULL AND state <= 1)`,
  );
  return () => {
    end.run();
  };
}
