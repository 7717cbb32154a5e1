import type { NewOutboxRow, Waits } from "../../app/ports-store.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import type { Lane } from "../../core/nouns/message.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { laneNumber } from "../schema/codes.ts";
import { numberIn, optionalNumberIn, type Row } from "../schema/columns.ts";
import type { Query, Statement } from "./connection.ts";
import { whoever } from "./contacts.ts";
import { payloadOf } from "./tidings.ts";

/** A row that waits for one contact. */
export type Waiting = {
  readonly id: number;
  readonly lane: number;
  /** 0 next of its lane, 1 behind another, 2 held until the person writes. */
  readonly state: number;
  /** The process that may send it. */
  readonly owner: number | undefined;
  readonly notAfter: Ms;
};

/** What waits for contacts. To be read after their locks were taken, in a statement of its own: only that sees what was written before. */
export const linesOf: Statement = {
  name: "lines-of",
  text: `SELECT contact_id, id, lane, state, owner, not_after FROM outbox WHERE contact_id = ANY(${whoever}) AND state IN (0, 1, 2)`,
};

/** What `linesOf` gave, by contact; a contact for whom nothing waits is missing. */
export function linesFrom(rows: readonly Row[]): ReadonlyMap<ContactId, readonly Waiting[]> {
  const lines = Map.groupBy(rows, (row) => numberIn(row, "contact_id"));
  return new Map([...lines].map(([contact, line]) => [contact, line.map(waitingFrom)]));
}

function waitingFrom(row: Row): Waiting {
  return {
    id: numberIn(row, "id"),
    lane: numberIn(row, "lane"),
    state: numberIn(row, "state"),
    owner: optionalNumberIn(row, "owner"),
    notAfter: numberIn(row, "not_after"),
  };
}

const nothingWaits: Waits = () => false;

/** Tells of a line whether something in it is held until the person writes, and still worth sending. */
export function waitsIn(line: readonly Waiting[]): Waits {
  if (line.length === 0) return nothingWaits;
  return (_contact, now) => line.some(({ state, notAfter }) => state === 2 && notAfter >= now);
}

/** A line after what was held in it was let go: as answers, that whoever takes them may send. */
export function lettingGo(line: readonly Waiting[]): readonly Waiting[] {
  return line.map((row) => (row.state === 2 ? { ...row, lane: laneNumber.reply, state: 1 } : row));
}

/** The first row of each contact and lane is next, the others are behind it. The caller holds the contacts' locks. */
export const formLines: Statement = {
  name: "lines-form",
  text: `UPDATE outbox o SET state = w.place FROM (
      SELECT id, state, CASE WHEN row_number() OVER (PARTITION BY contact_id, lane ORDER BY id) = 1 THEN 0 ELSE 1 END AS place
      FROM outbox WHERE contact_id = ANY($1::bigint[]) AND state IN (0, 1)
    ) w WHERE o.id = w.id AND o.state <> w.place`,
};

const tellOfOthers: Statement = {
  name: "lines-tell",
  text: `SELECT pg_notify('parwana', $3) WHERE EXISTS (SELECT 1 FROM outbox
    WHERE contact_id = ANY($1::bigint[]) AND state = 0 AND owner IS DISTINCT FROM $2)`,
};

/** Wakes whoever may send what is next for these contacts, unless that is only us. */
export function tellWhoeverIsNext(
  query: Query,
  contacts: readonly ContactId[],
  me: number,
): Promise<unknown> {
  return query(tellOfOthers, [contacts, me, payloadOf(me, { kind: "waiting" })]);
}

/** A new row with its place in line and whose it is. */
export type Placed = {
  readonly row: NewOutboxRow;
  readonly state: 0 | 1;
  readonly owner: number | undefined;
};

/**
 * Places a turn's rows behind what waits (`line`, without what this turn ends). They are ours to send at once, unless
 * something of this person is in another process's hands, or waits for whoever takes it: then they wait for their turn there.
 * `inLine`: older ones of ours wait before them, which may be in our memory or not.
 */
export function placed(
  rows: readonly NewOutboxRow[],
  line: readonly Waiting[],
  me: number,
): { readonly rows: readonly Placed[]; readonly behind: boolean; readonly inLine: boolean } {
  const waiting = line.filter(({ state }) => state <= 1);
  const last = Math.max(...rows.map(({ lane }) => laneNumber[lane]));
  const behind = waiting.some(({ owner, lane }) => (owner === undefined ? lane <= last : owner !== me));
  const inLine = !behind && waiting.some(({ lane }) => lane <= last);
  const taken = new Set(waiting.map(({ lane }) => lane));
  return {
    behind,
    inLine,
    rows: rows.map((row) => {
      const lane = laneNumber[row.lane];
      const state = row.lone === undefined && taken.has(lane) ? 1 : 0;
      taken.add(lane);
      return { row, state, owner: behind ? undefined : me };
    }),
  };
}

const insert: Statement = {
  name: "outbox-insert",
  text: `INSERT INTO outbox (id, contact_id, channel, lane, language, state, not_before, not_after, lone_key, lone_address,
      body, owner)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::smallint[], $5::text[], $6::smallint[], $7::bigint[],
      $8::bigint[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bigint[])`,
};

/** Writes new rows with their places in line, in one statement. */
export function insertRows(query: Query, rows: readonly Placed[]): Promise<unknown> {
  return query(insert, [
    rows.map(({ row }) => row.id),
    rows.map(({ row }) => row.contact),
    rows.map(({ row }) => row.channel),
    rows.map(({ row }) => laneNumber[row.lane]),
    rows.map(({ row }) => row.language),
    rows.map(({ state }) => state),
    rows.map(({ row }) => row.notBefore),
    rows.map(({ row }) => row.notAfter),
    rows.map(({ row }) => row.lone?.wrappedKey),
    rows.map(({ row }) => row.lone?.address),
    rows.map(({ row }) => row.body),
    rows.map(({ owner }) => owner),
  ]);
}

export type Drop = { readonly contact: ContactId; readonly lane: Lane; readonly reason: string };

const drop: Statement = {
  name: "outbox-drop",
  text: `UPDATE outbox o SET state = 5, reason = t.reason, body = NULL
    FROM unnest($1::bigint[], $2::smallint[], $3::text[]) AS t (contact_id, lane, reason)
    WHERE o.contact_id = t.contact_id AND o.lane = t.lane AND o.state IN (0, 1, 2)`,
};

/** Ends what waits. It stays in the hands it is in, so that a message that did go out is recorded. */
export function dropRows(query: Query, drops: readonly Drop[]): Promise<unknown> {
  return query(drop, [
    drops.map(({ contact }) => contact),
    drops.map(({ lane }) => laneNumber[lane]),
    drops.map(({ reason }) => reason),
  ]);
}

/** Lets go what was held for contacts, as answers; their lines have to be formed anew. */
export const releaseHeld: Statement = {
  name: "outbox-release",
  text: `UPDATE outbox o SET state = 1, lane = ${laneNumber.reply}, not_before = t.now, reason = NULL, report = 0, provider_id = NULL
    FROM unnest($1::bigint[], $2::bigint[]) AS t (contact_id, now) WHERE o.contact_id = t.contact_id AND o.state = 2`,
};

/** Ends what waits for contacts and is past its time ($2, ms); gives how many. */
export const expireRows: Statement = {
  name: "outbox-expire",
  text: `UPDATE outbox SET state = 5, reason = 'expired', body = NULL
    WHERE contact_id = ANY($1::bigint[]) AND state IN (0, 1, 2) AND not_after < $2`,
};

/** Marks the broadcasts that are all queued and have nothing left to send as done. */
export const endBroadcasts: Statement = {
  name: "broadcasts-end",
  text: `UPDATE broadcasts SET state = 'done' WHERE state = 'sending' AND NOT EXISTS
    (SELECT 1 FROM outbox WHERE broadcast_id = broadcasts.id AND state IN (0, 1))`,
};
