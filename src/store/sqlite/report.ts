import type { DatabaseSync } from "node:sqlite";
import type { DeliveryStatus } from "../../app/ports-channel.ts";
import type { Store } from "../../app/ports-store.ts";
import type { ContactId, OutboxId } from "../../core/nouns/ids.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { laneOf, ranks, reopened } from "../schema/codes.ts";
import { numberIn, optionalTextIn, type Row } from "../schema/columns.ts";
import { isPast, reasonOf } from "../schema/rows.ts";
import type { KnownLines } from "./known-lines.ts";
import type { OutboxRows } from "./outbox-rows.ts";

type Reported = Awaited<ReturnType<Store["reportStatus"]>>;

export type ReportNeeds = {
  readonly db: DatabaseSync;
  readonly outbox: OutboxRows;
  readonly lines: KnownLines;
  /** Whether the row is being sent at this moment. */
  readonly inHand: (contact: ContactId, row: OutboxId) => boolean;
  /** The reply window of this contact is closed, unless they have written since this moment. */
  readonly closeWindow: (contact: ContactId, since: Ms) => void;
  readonly endBroadcasts: () => void;
};

/** Merges a delivery report into its row, inside the current transaction. */
export function reporter(needs: ReportNeeds): (status: DeliveryStatus, now: Ms) => Reported {
  const find = finder(needs.db);
  const write = reportWriter(needs);
  return (status, now) => {
    const row = find(status);
    if (row === undefined || isPast(row, status)) return undefined;
    const contact = numberIn(row, "contact_id");
    const lane = numberIn(row, "lane");
    needs.lines.forget(contact);
    write(row, status, now);
    needs.outbox.promote(contact, lane);
    needs.endBroadcasts();
    return { contact, lane: laneOf(lane), outbox: numberIn(row, "id") };
  };
}

function finder(db: DatabaseSync): (status: DeliveryStatus) => Row | undefined {
  const columns = "id, contact_id, lane, state, report, announced_id, not_before";
  const notErased = "contact_id NOT IN (SELECT contact_id FROM erasures)";
  const byId = db.prepare(`SELECT ${columns} FROM outbox WHERE id = ? AND channel = ? AND ${notErased}`);
  const byProvider = db.prepare(
    `SELECT ${columns} FROM outbox WHERE provider_id = ? AND channel = ? AND ${notErased} ORDER BY id DESC LIMIT 1`,
  );
  return ({ outbox, providerId, channel }) =>
    (outbox === undefined ? undefined : byId.get(outbox, channel)) ?? byProvider.get(providerId, channel);
}

type ReportWriter = (row: Row, status: DeliveryStatus, now: Ms) => void;

function reportWriter(needs: ReportNeeds): ReportWriter {
  const { db, inHand } = needs;
  const reopen = reopener(needs);
  const advance = db.prepare("UPDATE outbox SET report = max(report, ?) WHERE id = ?");
  // It has arrived: its text is needed no more.
  const arrived = db.prepare("UPDATE outbox SET report = max(report, ?), body = NULL WHERE id = ?");
  // Whether the message or its announcement was taken is known only to the sender, who has not settled it yet.
  const note = db.prepare("UPDATE outbox SET provider_id = ?, report = max(report, ?) WHERE id = ?");
  const confirm = db.prepare(
    "UPDATE outbox SET state = 3, body = NULL, reason = NULL, provider_id = ?, report = max(report, ?) WHERE id = ?",
  );
  const fail = db.prepare(
    "UPDATE outbox SET state = 4, body = NULL, reason = ?, provider_id = ?, report = 4 WHERE id = ?",
  );
  const goneOn = (row: Row, { providerId }: DeliveryStatus, rank: number): void => {
    const { id, contact, state } = placeOf(row);
    if (state === 3 && rank >= ranks.delivered) arrived.run(rank, id);
    else if (state === 2 || state === 3) advance.run(rank, id);
    else if (inHand(contact, id)) note.run(providerId, rank, id);
    // We never saw the answer, or gave the row up, but the platform did take it. One that waits again is another matter.
    else if (optionalTextIn(row, "announced_id") === undefined) confirm.run(providerId, rank, id);
  };
  return (row, status, now) => {
    const rank = ranks[status.status];
    if (numberIn(row, "report") === ranks.failed) return;
    const isClosed = status.failure?.kind === "window-closed" && numberIn(row, "state") !== 2;
    if (rank !== ranks.failed) goneOn(row, status, rank);
    else if (!isClosed || !reopen(row, status, now))
      fail.run(reasonOf(status), status.providerId, numberIn(row, "id"));
  };
}

/**
 * A message that the platform took and then refused, because the reply window had closed: it waits again, to be announced
 * by a template or held. False where there is nothing left of it to send.
 */
function reopener({
  db,
  inHand,
  closeWindow,
}: ReportNeeds): (row: Row, status: DeliveryStatus, now: Ms) => boolean {
  const reopen = db.prepare(
    `UPDATE outbox SET state = 1, not_before = ?, report = 0, reason = ?, provider_id = NULL, announced_id = ?
    WHERE id = ? AND (body IS NOT NULL OR broadcast_id IS NOT NULL)`,
  );
  return (row, { providerId }, now) => {
    const { id, contact, state } = placeOf(row);
    const sending = inHand(contact, id);
    // Another part of a message that already waits again.
    if (state <= 1 && !sending) return true;
    if (reopen.run(now, sending ? reopened : null, providerId, id).changes === 0) return false;
    closeWindow(contact, numberIn(row, "not_before"));
    return true;
  };
}

function placeOf(row: Row): { readonly id: OutboxId; readonly contact: ContactId; readonly state: number } {
  return { id: numberIn(row, "id"), contact: numberIn(row, "contact_id"), state: numberIn(row, "state") };
}
