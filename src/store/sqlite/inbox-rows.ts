import type { DatabaseSync } from "node:sqlite";
import type { KeptInput, SetAside } from "../../app/ports-store.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { mostAttempts, takenBackFor } from "../schema/attempts.ts";
import { type Failed, type InboxKey, type InboxState, inboxStateFrom } from "../schema/inbox.ts";
import { asideFrom, keptFrom } from "../schema/rows.ts";

/** The table of deliveries: those handled, those to be tried again, those set aside. Times in ms. */
export type InboxRows = {
  /** Undefined for a new delivery. */
  readonly look: (key: InboxKey) => InboxState | undefined;
  /** Writes a new delivery as done, and gives whether it was new. */
  readonly take: (key: InboxKey, now: Ms) => boolean;
  readonly done: (key: InboxKey, known: boolean, now: Ms) => void;
  /** Writes that an attempt begins, before it does. */
  readonly begin: (key: InboxKey, attempts: number, now: Ms) => void;
  readonly keep: (failed: Failed) => void;
  readonly kept: (now: Ms, limit: number) => readonly KeptInput[];
  readonly setAside: () => readonly SetAside[];
  /** Keeps what was set aside for one more attempt, which is counted. */
  readonly takeBack: (id: number, now: Ms) => KeptInput | undefined;
};

/** Opens the table. */
export function inboxRows(db: DatabaseSync): InboxRows {
  const look = db.prepare("SELECT state, attempts, id FROM inbox WHERE channel = ? AND external_id = ?");
  return {
    look: (key) => {
      const row = look.get(key.channel, key.externalId);
      return row === undefined ? undefined : inboxStateFrom(row);
    },
    ...writers(db),
    ...lists(db),
    takeBack: takerBack(db),
  };
}

function writers(db: DatabaseSync): Pick<InboxRows, "take" | "done" | "begin" | "keep"> {
  const insert = db.prepare(
    `INSERT INTO inbox (channel, external_id, state, received_at) VALUES (?, ?, 0, ?)
    ON CONFLICT (channel, external_id) DO NOTHING`,
  );
  const take = (key: InboxKey, now: Ms): boolean =>
    insert.run(key.channel, key.externalId, now).changes === 1;
  const finish = db.prepare(
    `UPDATE inbox SET state = 0, received_at = ?, id = NULL, contact_id = NULL, attempts = NULL, try_at = NULL,
      reason = NULL, input = NULL WHERE channel = ? AND external_id = ?`,
  );
  const begin = db.prepare(
    `INSERT INTO inbox (channel, external_id, state, received_at, attempts) VALUES (?, ?, 1, ?, ?)
    ON CONFLICT (channel, external_id) DO UPDATE SET attempts = excluded.attempts`,
  );
  const keep = db.prepare(
    `INSERT INTO inbox (channel, external_id, state, received_at, id, contact_id, attempts, try_at, reason, input)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel, external_id) DO UPDATE SET state = excluded.state, id = excluded.id,
      contact_id = excluded.contact_id, attempts = excluded.attempts, try_at = excluded.try_at,
      reason = excluded.reason, input = excluded.input`,
  );
  return {
    take,
    done: (key, known, now) => {
      if (known) finish.run(now, key.channel, key.externalId);
      else take(key, now);
    },
    begin: (key, attempts, now) => {
      begin.run(key.channel, key.externalId, now, attempts);
    },
    keep: (failed) => {
      const { channel, externalId, id, contact, attempts, tryAt, reason, input, now } = failed;
      const state = tryAt === undefined ? 3 : 2;
      keep.run(channel, externalId, state, now, id, contact, attempts, tryAt ?? null, reason, input);
    },
  };
}

function lists(db: DatabaseSync): Pick<InboxRows, "kept" | "setAside"> {
  const kept = db.prepare(
    `SELECT id, channel, external_id, contact_id, attempts, input FROM inbox
    WHERE state = 2 AND state <> 0 AND try_at <= ? ORDER BY try_at LIMIT ?`,
  );
  const aside = db.prepare(
    `SELECT id, channel, contact_id, received_at, attempts, reason FROM inbox
    WHERE state = 3 AND state <> 0 ORDER BY id`,
  );
  return {
    kept: (now, limit) => kept.all(now, limit).map(keptFrom),
    setAside: () => aside.all().map(asideFrom),
  };
}

function takerBack(db: DatabaseSync): InboxRows["takeBack"] {
  const take = db.prepare(
    `UPDATE inbox SET state = 2, attempts = ${mostAttempts}, try_at = ? WHERE state = 3 AND state <> 0 AND id = ?
    RETURNING id, channel, external_id, contact_id, attempts, input`,
  );
  return (id, now) => {
    const row = take.get(now + takenBackFor, id);
    return row === undefined ? undefined : keptFrom(row);
  };
}
