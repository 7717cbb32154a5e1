import type { DatabaseSync } from "node:sqlite";
import type { Settled } from "../../app/ports-store.ts";
import type { ChannelId, ContactId, OutboxId } from "../../core/nouns/ids.ts";
import { channels, leaving, ranks, reopened, reportsLater } from "../schema/codes.ts";
import { numberIn, oneOfIn, optionalNumberIn, optionalTextIn, type Row } from "../schema/columns.ts";
import type { Ids } from "./ids.ts";
import type { KnownLines } from "./known-lines.ts";
import type { OutboxRows } from "./outbox-rows.ts";

export type SettleNeeds = {
  readonly db: DatabaseSync;
  readonly ids: Ids;
  readonly outbox: OutboxRows;
  readonly lines: KnownLines;
  readonly setKeyboard: (contact: ContactId, messageId: string) => void;
  /** Moves on the broadcasts that have nothing left to send. */
  readonly endBroadcasts: () => void;
};

type Result = Settled["result"];

/** A row as it is when its result comes. */
type Tried = {
  readonly id: OutboxId;
  readonly contact: ContactId;
  readonly channel: ChannelId;
  readonly lane: number;
  readonly state: number;
  readonly report: number;
  /** What the platform said about it before the sender did. */
  readonly reportedAs: string | undefined;
  readonly reason: string | undefined;
  readonly broadcast: boolean;
  readonly lone: boolean;
};

/** Writes what became of the rows that were tried, inside the current transaction. Rows that are gone are passed over. */
export function settler(needs: SettleNeeds): (settled: readonly Settled[]) => void {
  const settleOne = singleSettler(needs);
  return (settled) => {
    const rows = settled.map(settleOne);
    if (rows.some((row) => row?.broadcast)) needs.endBroadcasts();
  };
}

function singleSettler(needs: SettleNeeds): (settled: Settled) => Tried | undefined {
  const find = finder(needs.db);
  const writers = resultWriters(needs.db);
  const wipeLone = needs.db.prepare("DELETE FROM outbox WHERE id = ? AND state > 2");
  const wasOnly = onlySettler(needs);
  const inFull = ({ id, contact, result }: Settled): Tried | undefined => {
    needs.lines.forget(contact);
    const row = find(id);
    if (row === undefined) return undefined;
    write(writers, row, result);
    needs.outbox.promote(row.contact, row.lane);
    if (row.lone && wipeLone.run(id).changes > 0) needs.ids.remember();
    return row;
  };
  return (settled) => {
    const { id, contact, result } = settled;
    if (result.kind !== "sent") return inFull(settled);
    const isDone = wasOnly(id, contact);
    const row = isDone ? undefined : inFull(settled);
    if (result.keyboard !== undefined && (isDone || row !== undefined))
      needs.setKeyboard(contact, result.keyboard);
    return row;
  };
}

/**
 * Writes that the one answer that waited was sent, in the one statement that this takes where nothing else is known of it;
 * false, and nothing written, where it is another matter.
 */
function onlySettler({ db, lines }: SettleNeeds): (id: OutboxId, contact: ContactId) => boolean {
  const sent = db.prepare(
    `UPDATE outbox SET state = 3, body = NULL, attempts = attempts + 1, report = ${ranks.sent}
    WHERE id = ? AND state = 0 AND report = 0 AND reason IS NULL AND provider_id IS NULL`,
  );
  return (id, contact) => {
    if (lines.of(contact) !== id || sent.run(id).changes === 0) return false;
    lines.set(contact, 0);
    return true;
  };
}

// A look and a write: an UPDATE … RETURNING costs more than both.
function finder(db: DatabaseSync): (id: OutboxId) => Tried | undefined {
  const find = db.prepare(
    `SELECT id, contact_id, channel, lane, state, report, provider_id, reason, broadcast_id, lone_key IS NOT NULL AS lone
    FROM outbox WHERE id = ?`,
  );
  return (id) => {
    const row = find.get(id);
    return row === undefined ? undefined : triedFrom(row);
  };
}

function triedFrom(row: Row): Tried {
  return {
    id: numberIn(row, "id"),
    contact: numberIn(row, "contact_id"),
    channel: oneOfIn(row, "channel", channels),
    lane: numberIn(row, "lane"),
    state: numberIn(row, "state"),
    report: numberIn(row, "report"),
    reportedAs: optionalTextIn(row, "provider_id"),
    reason: optionalTextIn(row, "reason"),
    broadcast: optionalNumberIn(row, "broadcast_id") !== undefined,
    lone: numberIn(row, "lone") === 1,
  };
}

type Of<Kind extends Result["kind"]> = Extract<Result, { readonly kind: Kind }>;
type Writers = { readonly [Kind in Result["kind"]]: (row: Tried, result: Of<Kind>) => void };

/**
 * `sent` also counts for a row that was dropped while it was under way: it did go out. The others change only rows that
 * still wait, so that nothing that was stopped comes back.
 */
function write(writers: Writers, row: Tried, result: Result): void {
  if (result.kind === "sent") return writers.sent(row, result);
  if (row.state > 1) return;
  switch (result.kind) {
    case "announced":
      return writers.announced(row, result);
    case "held":
      return writers.held(row, result);
    case "again":
      return writers.again(row, result);
    case "failed":
      return writers.failed(row, result);
    case "dropped":
      return writers.dropped(row, result);
    case "let-go":
      return writers["let-go"](row, result);
  }
}

function resultWriters(db: DatabaseSync): Writers {
  const sent = sentWriter(db);
  const held = db.prepare(
    `UPDATE outbox SET state = 2, provider_id = ?1, announced_id = ?1, reason = ?2, not_after = max(not_after, ?3),
      attempts = attempts + 1 WHERE id = ?4`,
  );
  const again = db.prepare(
    `UPDATE outbox SET not_before = ?, reason = nullif(reason, '${leaving}'), attempts = attempts + 1 WHERE id = ?`,
  );
  const letGo = db.prepare("UPDATE outbox SET reason = NULL, attempts = attempts + 1 WHERE id = ?");
  const end = db.prepare(
    "UPDATE outbox SET state = ?, reason = ?, body = NULL, attempts = attempts + 1 WHERE id = ?",
  );
  /** The answer was lost, but where the platform has reported the message meanwhile, it went out. */
  const unlessReported = (row: Tried, otherwise: () => void): void => {
    if (row.reportedAs === undefined) otherwise();
    else sent(row, row.reportedAs);
  };
  return {
    sent: (row, { providerId }) => sent(row, providerId),
    announced: ({ id }, { providerId, keptUntil }) => {
      held.run(providerId, "announced", keptUntil, id);
    },
    held: ({ id }, { reason, keptUntil }) => {
      held.run(null, reason, keptUntil, id);
    },
    again: (row, { at }) => unlessReported(row, () => again.run(at, row.id)),
    failed: (row, { reason }) => unlessReported(row, () => end.run(4, reason, row.id)),
    dropped: ({ id }, { reason }) => {
      end.run(5, reason, id);
    },
    "let-go": (row) => unlessReported(row, () => letGo.run(row.id)),
  };
}

function sentWriter(db: DatabaseSync): (row: Tried, providerId: string) => void {
  const sent = db.prepare(
    `UPDATE outbox SET state = 3, body = CASE ? WHEN 1 THEN body END, provider_id = ?, attempts = attempts + 1,
      reason = NULL, report = ? WHERE id = ?`,
  );
  const waits = db.prepare("UPDATE outbox SET reason = NULL WHERE id = ?");
  return ({ id, channel, state, report, reason }, providerId) => {
    if (state <= 1 && reason === reopened) {
      waits.run(id);
      return;
    }
    // The platform has already said that it failed in the end: that is final.
    if (report === ranks.failed) return;
    const later = reportsLater[channel];
    // Until it has arrived, the platform may still say that the window was closed: then it goes once more.
    const kept = later && report < ranks.delivered ? 1 : 0;
    sent.run(kept, later ? providerId : null, Math.max(report, ranks.sent), id);
  };
}
