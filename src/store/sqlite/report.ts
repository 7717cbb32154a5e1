import type { DatabaseSync } from "node:sqlite";
import type { DeliveryStatus, Store } from "../../app/ports.ts";
import type { ContactId, OutboxId } from "../../core/nouns/ids.ts";
import { numberIn, optionalTextIn, type Row } from "./columns.ts";
import { laneOf, type OutboxRows } from "./outbox-rows.ts";

type Reported = Awaited<ReturnType<Store["reportStatus"]>>;

/** Delivery reports come late, twice and out of order: only a higher rank is written. Failures stand above all. */
export const ranks: Readonly<Record<DeliveryStatus["status"], number>> = {
  queued: 0,
  sent: 1,
  delivered: 2,
  read: 3,
  failed: 4,
};

export type ReportNeeds = {
  readonly db: DatabaseSync;
  readonly outbox: OutboxRows;
  /** Whether the row is being sent at this moment. */
  readonly inHand: (contact: ContactId, row: OutboxId) => boolean;
  readonly endBroadcasts: () => void;
};

/** Merges a delivery report into its row, inside the current transaction. */
export function reporter(needs: ReportNeeds): (status: DeliveryStatus) => Reported {
  const find = finder(needs.db);
  const write = reportWriter(needs);
  return (status) => {
    const row = find(status);
    if (row === undefined) return undefined;
    const contact = numberIn(row, "contact_id");
    const lane = numberIn(row, "lane");
    if (!isPast(row, status)) {
      write(row, status);
      needs.outbox.promote(contact, lane);
      needs.endBroadcasts();
    }
    return { contact, lane: laneOf(lane), outbox: numberIn(row, "id") };
  };
}

/** Whether it speaks of the announcement of a message that has since been let go: no longer of interest. */
function isPast(row: Row, { providerId }: DeliveryStatus): boolean {
  return numberIn(row, "state") !== 2 && optionalTextIn(row, "announced_id") === providerId;
}

function finder(db: DatabaseSync): (status: DeliveryStatus) => Row | undefined {
  const columns = "id, contact_id, lane, state, report, announced_id";
  const notErased = "contact_id NOT IN (SELECT contact_id FROM erasures)";
  const byId = db.prepare(`SELECT ${columns} FROM outbox WHERE id = ? AND channel = ? AND ${notErased}`);
  const byProvider = db.prepare(
    `SELECT ${columns} FROM outbox WHERE provider_id = ? AND channel = ? AND ${notErased} ORDER BY id DESC LIMIT 1`,
  );
  return ({ outbox, providerId, channel }) =>
    (outbox === undefined ? undefined : byId.get(outbox, channel)) ?? byProvider.get(providerId, channel);
}

function reportWriter({ db, inHand }: ReportNeeds): (row: Row, status: DeliveryStatus) => void {
  const advance = db.prepare("UPDATE outbox SET report = max(report, ?) WHERE id = ?");
  // Whether the message or its announcement was taken is known only to the sender, who has not settled it yet.
  const note = db.prepare("UPDATE outbox SET provider_id = ?, report = max(report, ?) WHERE id = ?");
  const confirm = db.prepare(
    "UPDATE outbox SET state = 3, body = NULL, reason = NULL, provider_id = ?, report = max(report, ?) WHERE id = ?",
  );
  const fail = db.prepare(
    "UPDATE outbox SET state = 4, body = NULL, reason = ?, provider_id = ?, report = 4 WHERE id = ?",
  );
  return (row, status) => {
    const id = numberIn(row, "id");
    const state = numberIn(row, "state");
    const rank = ranks[status.status];
    if (numberIn(row, "report") === ranks.failed) return;
    if (rank === ranks.failed) fail.run(reasonOf(status), status.providerId, id);
    else if (state === 2 || state === 3) advance.run(rank, id);
    else if (inHand(numberIn(row, "contact_id"), id)) note.run(status.providerId, rank, id);
    // We never saw the answer, or gave the row up, but the platform did take it.
    else confirm.run(status.providerId, rank, id);
  };
}

function reasonOf({ failure }: DeliveryStatus): string {
  return failure !== undefined && "reason" in failure ? failure.reason : "unknown";
}
