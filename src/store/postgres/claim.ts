import type { ClaimedRow, ContactRow } from "../../app/ports-store.ts";
import type { ContactId, OutboxId } from "../../core/nouns/ids.ts";
import type { Lane } from "../../core/nouns/message.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import { channels, endedOnItsWay, laneNumber, leaving } from "../schema/codes.ts";
import {
  numberIn,
  oneOfIn,
  optionalBytesIn,
  optionalNumberIn,
  optionalTextIn,
  type Row,
  textIn,
} from "../schema/columns.ts";
import { madeAt } from "../schema/retention.ts";
import { loneFrom } from "../schema/rows.ts";
import type { Database, Query, Statement } from "./connection.ts";
import { byId, contactsById } from "./contacts.ts";
import { endBroadcasts, expireRows, formLines } from "./line.ts";
import type { Session } from "./session.ts";

/** When it is looked again for those who were passed over because somebody held their lock. */
const againAfter: Ms = second;

/** Rows in this process's hands: what it was handed out and has not settled. The database knows it too, for the others. */
export class Claims {
  readonly #db: Database;
  readonly #session: Session;
  readonly #held = new Map<ContactId, OutboxId>();
  /** The rows that were settled since the last look began. */
  readonly #settled = new Set<OutboxId>();
  #last: Promise<unknown> = Promise.resolve();
  #again: NodeJS.Timeout | undefined;

  constructor(db: Database, session: Session) {
    this.#db = db;
    this.#session = session;
  }

  /**
   * Takes rows of this lane that may go now, each the first of its contact and lane. Passes over a contact that has a row in
   * someone's hands or something waiting in an earlier lane, and over the rows in `except`. Where somebody was passed over
   * who was merely locked, this process hears that something is waiting, a second later.
   */
  take(now: Ms, lane: Lane, limit: number, except: Iterable<OutboxId>): Promise<readonly ClaimedRow[]> {
    // One look after another: two at once would be given the same rows.
    const look = this.#last.then(() => this.#look(now, lane, limit, except));
    this.#last = look.catch(() => undefined);
    return look;
  }

  async #look(
    now: Ms,
    lane: Lane,
    limit: number,
    except: Iterable<OutboxId>,
  ): Promise<readonly ClaimedRow[]> {
    this.#settled.clear();
    const taken = await this.#take(now, lane, limit, except);
    for (const { id } of taken) this.#session.unsure.delete(id);
    // A turn's own message may be sent and settled before the answer to this look arrives, which still knows it as waiting.
    const rows = taken.filter(({ id }) => !this.#settled.has(id));
    for (const { contact, id } of rows) this.#held.set(contact, id);
    return rows;
  }

  async #take(
    now: Ms,
    lane: Lane,
    limit: number,
    except: Iterable<OutboxId>,
  ): Promise<readonly ClaimedRow[]> {
    for (;;) {
      const values = [laneNumber[lane], now, [...this.#held.keys()], this.#session.id, [...except]];
      const heads = (await this.#db.read(headsStatement, [...values, limit])).rows.map(headFrom);
      if (heads.length === 0) return [];
      const late = heads.filter(({ notAfter }) => notAfter < now).map(({ contact }) => contact);
      if (late.length > 0) await this.#expire(late, now);
      else return this.#takeHeads(firstOfEach(heads), values, lane);
    }
  }

  /** The row is settled. */
  free(contact: ContactId, row: OutboxId): void {
    this.#settled.add(row);
    if (this.#held.get(contact) === row) this.#held.delete(contact);
  }

  /** Nothing is ours any more. */
  forsake(): void {
    this.#held.clear();
  }

  async #takeHeads(
    heads: readonly Head[],
    values: readonly unknown[],
    lane: Lane,
  ): Promise<readonly ClaimedRow[]> {
    const ids = heads.map(({ id }) => id);
    const { unsure } = this.#session;
    const doubtful = ids.filter((id) => !unsure.has(id));
    // From the commit on a turn may read these rows as ours, and the answer to it before the one to this.
    unsure.add(doubtful);
    const taken = await this.#db.transact(async (query) => {
      // Who this process is now, as the fence has it: it may have been taken for dead since the heads were looked for.
      const me = this.#session.id;
      const asked = values.with(ownPlace, me);
      const [, locked] = await Promise.all([
        this.#session.fence(query),
        query(lockFree, [heads.map(({ contact }) => contact)]),
      ]);
      const contacts = locked.rows.map((row) => numberIn(row, "id"));
      const [rows, people] = await Promise.all([
        query(claimStatement, [...asked, ids, contacts]),
        query(contactsById, [contacts]),
      ]);
      const lost = rows.rows.filter((row) => optionalTextIn(row, "reason") === leaving);
      const given = rows.rows.filter((row) => !lost.includes(row));
      const value = { me, rows: given, people: byId(people.rows), locked: new Set(contacts) };
      return { value, writes: lost.length === 0 ? [] : endLost(query, lost) };
    });
    // Taken for dead before the answer was read: they are free again.
    const isOurs = taken.me === this.#session.id;
    const rows = isOurs ? taken.rows.map((row) => claimedFrom(row, lane, taken.people)) : [];
    const given = new Set(rows.map(({ id }) => id));
    for (const id of doubtful) if (!given.has(id)) unsure.delete(id);
    if (heads.some(({ id, contact }) => !taken.locked.has(contact) && !given.has(id))) this.#lookAgain();
    return rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  }

  /** Whoever held the lock need not tell anyone: a delivery that came twice, another look. */
  #lookAgain(): void {
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      this.#session.emit({ kind: "waiting" });
    }, againAfter).unref();
  }

  async #expire(contacts: readonly ContactId[], now: Ms): Promise<void> {
    await this.#db.transact(async (query) => ({ value: await expire(query, contacts, now), writes: [] }));
  }
}

/** Ends what waits for contacts and is past its time; gives how many rows. Inside a transaction. */
export async function expire(query: Query, contacts: readonly ContactId[], now: Ms): Promise<number> {
  const [, expired] = await Promise.all([
    query(lockAll, [contacts]),
    query(expireRows, [contacts, now]),
    query(formLines, [contacts]),
    query(endBroadcasts),
  ]);
  return expired.count;
}

/** Ends rows that were about to leave when their process ended: they may have gone out. Inside the transaction that took them. */
function endLost(query: Query, lost: readonly Row[]): readonly Promise<unknown>[] {
  return [
    query(endLostRows, [lost.map((row) => numberIn(row, "id")), endedOnItsWay]),
    query(formLines, [[...new Set(lost.map((row) => numberIn(row, "contact_id")))]]),
    query(endBroadcasts),
  ];
}

type Head = { readonly id: OutboxId; readonly contact: ContactId; readonly notAfter: Ms };

function headFrom(row: Row): Head {
  return {
    id: numberIn(row, "id"),
    contact: numberIn(row, "contact_id"),
    notAfter: numberIn(row, "not_after"),
  };
}

/** A contact has two heads where a row was put back in front of one that is already on its way. */
function firstOfEach(heads: readonly Head[]): readonly Head[] {
  const first = new Map<ContactId, Head>();
  for (const head of heads) if (!first.has(head.contact)) first.set(head.contact, head);
  return [...first.values()];
}

/** $1 lane, $2 now, $3 contacts in our hands, $4 this process, $5 rows it has already. */
const ownPlace = 3;
const mayBeTaken = `o.state = 0 AND o.lane = $1 AND o.not_before <= $2 AND NOT (o.contact_id = ANY($3::bigint[]))
    AND NOT (o.id = ANY($5::bigint[])) AND (o.owner IS NULL OR o.owner = $4)
    AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.contact_id = o.contact_id AND e.state IN (0, 1)
      AND (e.owner <> $4 OR (e.state = 0 AND e.lane < $1)))`;

const headsStatement: Statement = {
  name: "claim-heads",
  text: `SELECT o.id, o.contact_id, o.not_after FROM outbox o WHERE ${mayBeTaken} ORDER BY o.not_before, o.id LIMIT $6`,
};
const lockFree: Statement = {
  name: "claim-lock",
  text: "SELECT id FROM contacts WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE SKIP LOCKED",
};
const lockAll: Statement = {
  name: "expire-lock",
  text: "SELECT id FROM contacts WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",
};
// Looked at once more under the locks: what was read before may have been taken, stopped or overtaken since. What belongs to
// nobody any more has no contact to lock; its own row does.
const claimStatement: Statement = {
  name: "claim",
  text: `UPDATE outbox o SET owner = $4, claimed = true
    WHERE o.id = ANY($6::bigint[]) AND (o.contact_id = ANY($7::bigint[]) OR o.lone_key IS NOT NULL) AND ${mayBeTaken}
    RETURNING o.id, o.contact_id, o.channel, o.language, o.attempts, o.not_after, o.broadcast_id, o.reason, o.body,
      o.lone_key, o.lone_address`,
};
const endLostRows: Statement = {
  name: "claim-lost",
  text: `UPDATE outbox SET state = 4, reason = $2, body = NULL, owner = NULL, claimed = false
    WHERE id = ANY($1::bigint[]) AND state IN (0, 1)`,
};

function claimedFrom(row: Row, lane: Lane, people: ReadonlyMap<ContactId, ContactRow>): ClaimedRow {
  const lone = loneFrom(row);
  const id = numberIn(row, "id");
  const contact = numberIn(row, "contact_id");
  return {
    id,
    queuedAt: madeAt(id),
    contact,
    channel: oneOfIn(row, "channel", channels),
    lane,
    language: textIn(row, "language"),
    attempts: numberIn(row, "attempts"),
    notAfter: numberIn(row, "not_after"),
    body: optionalBytesIn(row, "body"),
    broadcast: optionalNumberIn(row, "broadcast_id"),
    to: lone === undefined ? people.get(contact) : undefined,
    lone,
  };
}
