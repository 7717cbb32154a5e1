import type { DeliveryStatus } from "../../app/ports-channel.ts";
import type { Store } from "../../app/ports-store.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { laneOf, ranks, reopened } from "../schema/codes.ts";
import { numberIn, optionalNumberIn, optionalTextIn, type Row } from "../schema/columns.ts";
import { isPast, reasonOf } from "../schema/rows.ts";
import type { Database, Query, Statement } from "./connection.ts";
import { lockContactIds } from "./contacts.ts";
import { endBroadcasts, formLines, tellWhoeverIsNext } from "./line.ts";
import type { Session } from "./session.ts";

type Reported = Awaited<ReturnType<Store["reportStatus"]>>;

const columns = "id, contact_id, lane, state, report, announced_id, not_before, owner, claimed";
const byId: Statement = {
  name: "report-by-id",
  text: `SELECT ${columns} FROM outbox WHERE id = $1 AND channel = $2`,
};
const byProvider: Statement = {
  name: "report-by-provider",
  text: `SELECT ${columns} FROM outbox WHERE provider_id = $1 AND channel = $2 ORDER BY id DESC LIMIT 1`,
};
const again: Statement = {
  name: "report-again",
  text: `SELECT ${columns} FROM outbox WHERE id = $1 FOR UPDATE`,
};

/** Merges a delivery report into its row. */
export async function report(
  db: Database,
  session: Session,
  status: DeliveryStatus,
  now: Ms,
): Promise<Reported> {
  const known = await find(db.read, status);
  if (known === undefined) return undefined;
  return db.transact(async (query) => {
    const contact = numberIn(known, "contact_id");
    const [, found] = await Promise.all([
      query(lockContactIds, [[contact]]),
      query(again, [numberIn(known, "id")]),
    ]);
    const [row] = found.rows;
    if (row === undefined || isPast(row, status)) return { value: undefined, writes: [] };
    const outbox = numberIn(row, "id");
    await merge(query, row, status, now);
    const owner = optionalNumberIn(row, "owner");
    const value = { contact, lane: laneOf(numberIn(row, "lane")), outbox };
    const writes = [
      query(formLines, [[contact]]),
      tellWhoeverIsNext(query, [contact], session.id),
      query(endBroadcasts),
      ...(owner === undefined || owner === session.id
        ? []
        : [session.tell(query, { kind: "reported", outbox })]),
    ];
    return { value, writes };
  });
}

async function find(query: Query, { outbox, providerId, channel }: DeliveryStatus): Promise<Row | undefined> {
  const named = outbox === undefined ? [] : (await query(byId, [outbox, channel])).rows;
  return named[0] ?? (await query(byProvider, [providerId, channel])).rows[0];
}

const advance: Statement = {
  name: "report-advance",
  text: "UPDATE outbox SET report = greatest(report, $2::smallint) WHERE id = $1",
};
// It has arrived: its text is needed no more.
const arrived: Statement = {
  name: "report-arrived",
  text: "UPDATE outbox SET report = greatest(report, $2::smallint), body = NULL WHERE id = $1",
};
// Whether the message or its announcement was taken is known only to the sender, who has not settled it yet.
const note: Statement = {
  name: "report-note",
  text: "UPDATE outbox SET report = greatest(report, $2::smallint), provider_id = $3 WHERE id = $1",
};
// It stays in the hands it is in, so that its sender learns of it.
const confirm: Statement = {
  name: "report-confirm",
  text: `UPDATE outbox SET state = 3, body = NULL, reason = NULL, report = greatest(report, $2::smallint), provider_id = $3
    WHERE id = $1`,
};
const fail: Statement = {
  name: "report-fail",
  text: "UPDATE outbox SET state = 4, body = NULL, report = 4, reason = $2, provider_id = $3 WHERE id = $1",
};

async function merge(query: Query, row: Row, status: DeliveryStatus, now: Ms): Promise<void> {
  if (numberIn(row, "report") === ranks.failed) return;
  const rank = ranks[status.status];
  const id = numberIn(row, "id");
  if (rank !== ranks.failed) return goneOn(query, row, status, rank);
  const isClosed = status.failure?.kind === "window-closed" && numberIn(row, "state") !== 2;
  if (isClosed && (await reopen(query, row, status, now))) return;
  await query(fail, [id, reasonOf(status), status.providerId]);
}

async function goneOn(query: Query, row: Row, { providerId }: DeliveryStatus, rank: number): Promise<void> {
  const id = numberIn(row, "id");
  const state = numberIn(row, "state");
  if (state === 3 && rank >= ranks.delivered) await query(arrived, [id, rank]);
  else if (state === 2 || state === 3) await query(advance, [id, rank]);
  else if (row["claimed"] === true) await query(note, [id, rank, providerId]);
  // We never saw the answer, or gave the row up, but the platform did take it. One that waits again is another matter.
  else if (optionalTextIn(row, "announced_id") === undefined) await query(confirm, [id, rank, providerId]);
}

const reopenRow: Statement = {
  name: "report-reopen",
  text: `UPDATE outbox SET state = 1, not_before = $2, report = 0, reason = $3, provider_id = NULL, announced_id = $4
    WHERE id = $1 AND (body IS NOT NULL OR broadcast_id IS NOT NULL)`,
};
const closeWindow: Statement = {
  name: "report-close-window",
  text: "UPDATE contacts SET last_inbound = NULL WHERE id = $1 AND last_inbound <= $2",
};

/**
 * A message that the platform took and then refused, because the reply window had closed: it waits again, to be announced
 * by a template or held. False where there is nothing left of it to send.
 */
async function reopen(query: Query, row: Row, { providerId }: DeliveryStatus, now: Ms): Promise<boolean> {
  const sending = row["claimed"] === true;
  // Another part of a message that already waits again.
  if (numberIn(row, "state") <= 1 && !sending) return true;
  const reopening = [numberIn(row, "id"), now, sending ? reopened : null, providerId];
  if ((await query(reopenRow, reopening)).count === 0) return false;
  await query(closeWindow, [numberIn(row, "contact_id"), numberIn(row, "not_before")]);
  return true;
}
