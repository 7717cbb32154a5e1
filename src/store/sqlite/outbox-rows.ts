import type { DatabaseSync } from "node:sqlite";
import type { NewOutboxRow } from "../../app/ports-store.ts";
import type { ContactId, OutboxId } from "../../core/nouns/ids.ts";
import type { Lane } from "../../core/nouns/message.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { endedOnItsWay, laneNumber, leaving, reportsLater } from "../schema/codes.ts";
import { numberIn } from "../schema/columns.ts";
import type { KnownLines } from "./known-lines.ts";

/**
 * `outbox.state`, written as numbers in the statements, because a partial index is used only where its condition is
 * repeated literally (and `IN` builds a table each time it runs): 0 next in line, 1 behind another, 2 held, 3 sent, 4 failed, 5 dropped. What is above 2 is final.
 */
export type OutboxRows = {
  /** Gives whether others of this contact and lane wait before it. */
  readonly insert: (row: NewOutboxRow) => boolean;
  /** Ends what waits for this contact in these lanes. */
  readonly drop: (contact: ContactId, lanes: readonly Lane[], reason: string) => void;
  /** Ends what waits for this contact and is past its time; gives how many rows. */
  readonly expire: (contact: ContactId, now: Ms) => number;
  /** Notes that a row is about to leave, where it must not leave twice. */
  readonly leaving: (id: OutboxId) => void;
  /** Ends a row that was about to leave when its process ended. */
  readonly lose: (id: OutboxId, contact: ContactId, lane: Lane) => void;
  /** Whether something is held for this contact that is still worth sending. */
  readonly waits: (contact: ContactId, now: Ms) => boolean;
  /** Puts what was held for this contact back, as the first of its answers. Gives whether there was any. */
  readonly release: (contact: ContactId, now: Ms) => boolean;
  /** Where no row of this contact and lane is next any more: makes the first one that waits behind next. */
  readonly promote: (contact: ContactId, lane: number) => void;
};

/** Opens the table; `lines` must be this database's own. */
export function outboxRows(db: DatabaseSync, lines: KnownLines): OutboxRows {
  const drop = db.prepare(
    `UPDATE outbox INDEXED BY outbox_line SET state = 5, reason = ?, body = NULL
    WHERE lane = ? AND contact_id = ? AND state <= 2`,
  );
  const expire = db.prepare(
    `UPDATE outbox INDEXED BY outbox_line SET state = 5, reason = 'expired', body = NULL
    WHERE lane IN (0, 1, 2) AND contact_id = ? AND state <= 2 AND not_after < ?`,
  );
  const leave = db.prepare(`UPDATE outbox SET reason = '${leaving}' WHERE id = ? AND state <= 1`);
  const lose = db.prepare(
    `UPDATE outbox SET state = 4, reason = '${endedOnItsWay}', body = NULL WHERE id = ? AND state <= 1`,
  );
  const next = db.prepare(
    `SELECT state, id FROM outbox INDEXED BY outbox_line
    WHERE lane = ? AND contact_id = ? AND state <= 1 AND state <= 2 ORDER BY state, id LIMIT 1`,
  );
  const promote = db.prepare("UPDATE outbox SET state = 0 WHERE id = ? AND state = 1");
  const promoteOne = (contact: ContactId, lane: number): void => {
    const row = next.get(lane, contact);
    if (row !== undefined) promote.run(numberIn(row, "id"));
  };
  return {
    insert: inserter(db, lines),
    drop: (contact, dropped, reason) => {
      for (const lane of dropped) drop.run(reason, laneNumber[lane], contact);
    },
    expire: (contact, now) => {
      const expired = Number(expire.run(contact, now).changes);
      for (const lane of Object.values(laneNumber)) promoteOne(contact, lane);
      return expired;
    },
    leaving: (id) => {
      leave.run(id);
    },
    lose: (id, contact, lane) => {
      lines.forget(contact);
      lose.run(id);
      promoteOne(contact, laneNumber[lane]);
    },
    waits: waiter(db, lines),
    release: releaser(db, promoteOne, lines),
    promote: promoteOne,
  };
}

function inserter(db: DatabaseSync, lines: KnownLines): OutboxRows["insert"] {
  const queued = db.prepare(
    `SELECT 1 FROM outbox INDEXED BY outbox_line
    WHERE lane = ? AND contact_id = ? AND state <= 1 AND state <= 2 LIMIT 1`,
  );
  const insert = db.prepare(
    `INSERT INTO outbox (id, contact_id, channel, lane, language, state, not_before, not_after, lone_key, lone_address, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const isKnownFirst = ({ contact, id, channel }: NewOutboxRow): boolean => {
    const isFirst = lines.of(contact) === 0 && !reportsLater[channel];
    if (isFirst) lines.set(contact, id);
    else lines.forget(contact);
    return isFirst;
  };
  /** Whether others wait before it, from memory where it is known that none does. */
  const standsBehind = (row: NewOutboxRow): boolean => {
    if (row.lane === "reply" && isKnownFirst(row)) return false;
    return queued.get(laneNumber[row.lane], row.contact) !== undefined;
  };
  return (row) => {
    const lane = laneNumber[row.lane];
    const isBehind = standsBehind(row);
    insert.run(
      row.id,
      row.contact,
      row.channel,
      lane,
      row.language,
      isBehind ? 1 : 0,
      row.notBefore,
      row.notAfter,
      row.lone?.wrappedKey ?? null,
      row.lone?.address ?? null,
      row.body ?? null,
    );
    return isBehind;
  };
}

function waiter(db: DatabaseSync, lines: KnownLines): OutboxRows["waits"] {
  const held = db.prepare(
    "SELECT 1 FROM outbox INDEXED BY outbox_held WHERE contact_id = ? AND state = 2 AND not_after >= ? LIMIT 1",
  );
  return (contact, now) => lines.of(contact) === undefined && held.get(contact, now) !== undefined;
}

function releaser(
  db: DatabaseSync,
  promote: OutboxRows["promote"],
  lines: KnownLines,
): OutboxRows["release"] {
  const answer = db.prepare(
    `SELECT 1 FROM outbox INDEXED BY outbox_line
    WHERE lane = ${laneNumber.reply} AND contact_id = ? AND state <= 2 LIMIT 1`,
  );
  const held = db.prepare(
    "SELECT 1 FROM outbox INDEXED BY outbox_held WHERE contact_id = ? AND state = 2 LIMIT 1",
  );
  const release = db.prepare(
    `UPDATE outbox INDEXED BY outbox_held SET state = 1, lane = ${laneNumber.reply}, not_before = ?, reason = NULL,
      report = 0, provider_id = NULL WHERE contact_id = ? AND state = 2`,
  );
  const stepBack = db.prepare(
    `UPDATE outbox INDEXED BY outbox_line SET state = 1 WHERE lane = ? AND contact_id = ? AND state = 0 AND state <= 2`,
  );
  return (contact, now) => {
    // Asked for with every message a person writes, and nearly always in vain.
    if (lines.of(contact) !== undefined) return false;
    if (held.get(contact) === undefined) {
      if (answer.get(contact) === undefined) lines.set(contact, 0);
      return false;
    }
    release.run(now, contact);
    // The released rows are older than those in line, so that the line has to be formed anew.
    for (const lane of Object.values(laneNumber)) {
      stepBack.run(lane, contact);
      promote(contact, lane);
    }
    return true;
  };
}
