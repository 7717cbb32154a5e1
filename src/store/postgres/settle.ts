import type { Settled } from "../../app/ports-store.ts";
import type { ChannelId, ContactId, OutboxId } from "../../core/nouns/ids.ts";
import { channels, leaving, ranks, reopened, reportsLater } from "../schema/codes.ts";
import { numberIn, oneOfIn, optionalNumberIn, optionalTextIn, type Row } from "../schema/columns.ts";
import type { Ended } from "./batches.ts";
import type { Database, Query, Statement } from "./connection.ts";
import { lockContactIds } from "./contacts.ts";
import { type Ids, rememberId } from "./ids.ts";
import { endBroadcasts, formLines, tellWhoeverIsNext } from "./line.ts";
import type { Session } from "./session.ts";

type Result = Settled["result"];

/** A row as it is when its result comes, and as it shall be. */
type Tried = {
  readonly id: OutboxId;
  readonly contact: ContactId;
  readonly channel: ChannelId;
  readonly state: number;
  readonly report: number;
  readonly attempts: number;
  readonly notBefore: number;
  readonly providerId: string | undefined;
  readonly announcedId: string | undefined;
  readonly reason: string | undefined;
  readonly broadcast: boolean;
  readonly lone: boolean;
  readonly owner: number | undefined;
  readonly keepsBody: boolean;
};

const find: Statement = {
  name: "settle-find",
  text: `SELECT id, contact_id, channel, state, report, attempts, not_before, provider_id, announced_id, reason, broadcast_id,
      lone_key IS NOT NULL AS lone, owner FROM outbox WHERE id = ANY($1::bigint[]) AND owner = $2 ORDER BY id FOR UPDATE`,
};
// Read after the contacts' locks were taken, in a statement of its own: only that sees what was written before.
const findBehind: Statement = {
  name: "settle-behind",
  text: `SELECT DISTINCT contact_id FROM outbox WHERE contact_id = ANY($1::bigint[]) AND state IN (0, 1)
    AND NOT (id = ANY($2::bigint[]))`,
};
const write: Statement = {
  name: "settle-write",
  text: `UPDATE outbox o SET state = t.state, report = t.report, attempts = t.attempts, not_before = t.not_before,
      provider_id = t.provider_id, announced_id = t.announced_id, reason = t.reason, owner = t.owner, claimed = false,
      body = CASE WHEN t.keeps_body THEN o.body END
    FROM unnest($1::bigint[], $2::smallint[], $3::smallint[], $4::integer[], $5::bigint[], $6::text[], $7::text[], $8::text[],
      $9::bigint[], $10::boolean[]) AS t (id, state, report, attempts, not_before, provider_id, announced_id, reason, owner,
      keeps_body)
    WHERE o.id = t.id`,
};
// What waits for the person to write is worth sending for longer.
const keep: Statement = {
  name: "settle-keep",
  text: `UPDATE outbox o SET not_after = t.kept_until FROM unnest($1::bigint[], $2::bigint[]) AS t (id, kept_until)
    WHERE o.id = t.id AND o.state = 2 AND o.not_after < t.kept_until`,
};
const setKeyboards: Statement = {
  name: "settle-keyboards",
  text: `UPDATE contacts c SET open_keyboard_id = t.keyboard FROM unnest($1::bigint[], $2::text[]) AS t (id, keyboard)
    WHERE c.id = t.id`,
};
// The receipt of an erasure goes with its one-time key.
const wipeLone: Statement = {
  name: "settle-wipe",
  text: "DELETE FROM outbox WHERE id = ANY($1::bigint[]) AND lone_key IS NOT NULL AND state > 2",
};

export type SettleNeeds = { readonly db: Database; readonly ids: Ids; readonly session: Session };
export type SettleItem = readonly Settled[];

/** What two settlements must not have in common to be written at the same time. */
export function settleKeys(item: SettleItem): readonly string[] {
  return item.map(({ id }) => `outbox ${id}`);
}

/**
 * Writes what became of the rows that were tried. Rows that are gone are passed over, and so are those that are no longer
 * this process's: whoever took them over decides about them (the fence).
 */
export function runSettlements(
  { db, ids, session }: SettleNeeds,
  items: readonly SettleItem[],
): Promise<readonly Ended<void>[]> {
  const settled = items.flat();
  return db.transact(async (query) => {
    const me = session.id;
    const contacts = [...new Set(settled.map(({ contact }) => contact))];
    const rowIds = settled.map(({ id }) => id);
    const [, , found, behind] = await Promise.all([
      session.fence(query),
      query(lockContactIds, [contacts]),
      query(find, [rowIds, me]),
      query(findBehind, [contacts, rowIds]),
    ]);
    const before = new Map(found.rows.map((row) => [numberIn(row, "id"), triedFrom(row)]));
    const after = settled.flatMap(({ id, result }) => {
      const row = before.get(id);
      return row === undefined ? [] : [settledRow(row, result, me)];
    });
    const value = items.map((): Ended<void> => ({ kind: "done", value: undefined }));
    if (after.length === 0) return { value, writes: [] };
    const waiting = new Set(behind.rows.map((row) => numberIn(row, "contact_id")));
    return { value, writes: writeSettled(query, { settled, after, waiting }, ids, me) };
  });
}

/** What was tried, as it shall be; `waiting`: for whom something else waits. */
type Written = {
  readonly settled: readonly Settled[];
  readonly after: readonly Tried[];
  readonly waiting: ReadonlySet<ContactId>;
};

function writeSettled(
  query: Query,
  { settled, after, waiting }: Written,
  ids: Ids,
  me: number,
): readonly Promise<unknown>[] {
  const ours = new Set(after.map(({ id }) => id));
  const keyboards = settled.flatMap(({ id, contact, result }) =>
    result.kind === "sent" && result.keyboard !== undefined && ours.has(id)
      ? [{ contact, keyboard: result.keyboard }]
      : [],
  );
  const kept = settled.flatMap(({ id, result }) =>
    "keptUntil" in result && ours.has(id) ? [{ id, until: result.keptUntil }] : [],
  );
  const lone = after.filter((row) => row.lone && row.state > 2).map(({ id }) => id);
  // For most people nothing else waits, and there is no line to form.
  const inLine = after.filter(({ contact, state }) => state <= 1 || waiting.has(contact));
  const contacts = [...new Set(inLine.map(({ contact }) => contact))];
  return [
    query(write, columnsOf(after)),
    ...(kept.length === 0 ? [] : [query(keep, [kept.map(({ id }) => id), kept.map(({ until }) => until)])]),
    ...(keyboards.length === 0
      ? []
      : [query(setKeyboards, [keyboards.map((one) => one.contact), keyboards.map((one) => one.keyboard)])]),
    ...(lone.length === 0 ? [] : [query(rememberId, [ids.last()]), query(wipeLone, [lone])]),
    ...(contacts.length === 0 ? [] : [query(formLines, [contacts]), tellWhoeverIsNext(query, contacts, me)]),
    ...(after.some(({ broadcast }) => broadcast) ? [query(endBroadcasts)] : []),
  ];
}

function triedFrom(row: Row): Tried {
  return {
    id: numberIn(row, "id"),
    contact: numberIn(row, "contact_id"),
    channel: oneOfIn(row, "channel", channels),
    state: numberIn(row, "state"),
    report: numberIn(row, "report"),
    attempts: numberIn(row, "attempts"),
    notBefore: numberIn(row, "not_before"),
    providerId: optionalTextIn(row, "provider_id"),
    announcedId: optionalTextIn(row, "announced_id"),
    reason: optionalTextIn(row, "reason"),
    broadcast: optionalNumberIn(row, "broadcast_id") !== undefined,
    lone: row["lone"] === true,
    owner: optionalNumberIn(row, "owner"),
    keepsBody: true,
  };
}

function columnsOf(rows: readonly Tried[]): readonly (readonly unknown[])[] {
  return [
    rows.map((row) => row.id),
    rows.map((row) => row.state),
    rows.map((row) => row.report),
    rows.map((row) => row.attempts),
    rows.map((row) => row.notBefore),
    rows.map((row) => row.providerId),
    rows.map((row) => row.announcedId),
    rows.map((row) => row.reason),
    rows.map((row) => row.owner),
    rows.map((row) => row.keepsBody),
  ];
}

/**
 * A row with its result. `sent` also counts for a row that was dropped while it was under way: it did go out. The others
 * change only rows that still wait, so that nothing that was stopped comes back.
 */
function settledRow(row: Tried, result: Result, me: number): Tried {
  const over = { ...row, owner: undefined };
  if (result.kind === "sent") return sentRow(row, result.providerId, me);
  if (row.state > 1) return over;
  const tried = { ...over, attempts: row.attempts + 1 };
  const held = { ...tried, state: 2 };
  switch (result.kind) {
    case "announced": {
      const { providerId } = result;
      return { ...held, providerId, announcedId: providerId, reason: "announced" };
    }
    case "held":
      return { ...held, providerId: undefined, announcedId: undefined, reason: result.reason };
    case "again":
      // The answer was lost, but where the platform has reported the message meanwhile, it went out.
      if (row.providerId !== undefined) return sentRow(row, row.providerId, me);
      return { ...tried, notBefore: Math.ceil(result.at), reason: stillReason(row), owner: me };
    case "let-go":
      if (row.providerId !== undefined) return sentRow(row, row.providerId, me);
      return { ...tried, reason: undefined };
    case "failed":
      if (row.providerId !== undefined) return sentRow(row, row.providerId, me);
      return { ...tried, state: 4, reason: result.reason, keepsBody: false };
    case "dropped":
      return { ...tried, state: 5, reason: result.reason, keepsBody: false };
  }
}

/** It is about to leave no more. */
const stillReason = ({ reason }: Tried): string | undefined => (reason === leaving ? undefined : reason);

function sentRow(row: Tried, providerId: string, me: number): Tried {
  // It waits again, whatever its sender says.
  if (row.state <= 1 && row.reason === reopened) return { ...row, reason: undefined, owner: me };
  const over = { ...row, owner: undefined };
  // The platform has already said that it failed in the end: that is final.
  if (row.report === ranks.failed) return over;
  const later = reportsLater[row.channel];
  return {
    ...over,
    state: 3,
    providerId: later ? providerId : undefined,
    reason: undefined,
    attempts: row.attempts + 1,
    report: Math.max(row.report, ranks.sent),
    // Until it has arrived, the platform may still say that the window was closed: then it goes once more.
    keepsBody: later && row.report < ranks.delivered,
  };
}
