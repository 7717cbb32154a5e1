import type { DatabaseSync } from "node:sqlite";
import type { Changes, ContactRow } from "../../app/ports-store.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import type { Lane } from "../../core/nouns/message.ts";
import type { Ms } from "../../core/nouns/time.ts";
import type { ContactRows } from "./contact-rows.ts";
import type { FireRows } from "./fire-rows.ts";
import { forgetter } from "./forget.ts";
import type { Ids } from "./ids.ts";
import type { OutboxRows } from "./outbox-rows.ts";

/** Whether something that was held for the contact may go now, and whether older messages wait before this turn's. */
export type Applied = { readonly released: boolean; readonly inLine: boolean };

/** Writes what a turn decided, inside the current transaction. `found` is the contact as it was before. */
export type ApplyChanges = (changes: Changes, found: ContactRow | undefined, now: Ms) => Applied;

export type ChangesNeeds = {
  readonly db: DatabaseSync;
  readonly ids: Ids;
  readonly contacts: ContactRows;
  readonly outbox: OutboxRows;
  readonly fires: FireRows;
  /** Told when a person was erased, so that what is left of them in the log file goes soon. */
  readonly erased: () => void;
};

/** Prepares the statements once, and gives what writes a turn's decisions with them. Whatever SQLite throws passes through. */
export function changesWriter(needs: ChangesNeeds): ApplyChanges {
  const { contacts, outbox } = needs;
  const applyToContact = contactWriter(needs);
  const forget = forgetWriter(needs);
  const count = counter(needs.db);
  return (changes, found, now) => {
    if (changes.contact !== undefined) contacts.save(changes.contact, changes.blinds);
    const subject = changes.contact?.id ?? found?.id;
    let released = false;
    if (subject !== undefined) {
      released = applyToContact(subject, changes, now);
      forget(subject, changes.forget);
    }
    // After everything that ends what was queued before: these are the words about it.
    const inLine = insertAll(outbox, changes.outbox);
    for (const name of changes.counts) count(name);
    return { released, inLine };
  };
}

/** Gives whether messages of before this turn wait in a lane of these. */
function insertAll(outbox: OutboxRows, rows: Changes["outbox"]): boolean {
  const lanes: Lane[] = [];
  let inLine = false;
  for (const row of rows) {
    const isBehind = outbox.insert(row);
    // The first of its lane stands behind others' of before, any later one behind the first.
    inLine ||= isBehind && !lanes.includes(row.lane);
    lanes.push(row.lane);
  }
  return inLine;
}

function forgetWriter(needs: ChangesNeeds): (subject: ContactId, forget: Changes["forget"]) => void {
  const forget = forgetter(needs.db, needs.ids);
  return (subject, wanted) => {
    if (wanted === undefined) return;
    forget(subject, wanted.tombstone);
    needs.contacts.erased(subject);
    needs.erased();
  };
}

function contactWriter(needs: ChangesNeeds): (subject: ContactId, changes: Changes, now: Ms) => boolean {
  const { outbox, fires } = needs;
  const subscriptions = subscriptionWriter(needs.db);
  const openCase = caseOpener(needs.db);
  return (subject, changes, now) => {
    if (changes.drop !== undefined) outbox.drop(subject, changes.drop.lanes, changes.drop.reason);
    const released = changes.release && outbox.release(subject, now);
    fires.unschedule(subject, changes.unschedule);
    for (const { ref, at } of changes.schedule) fires.schedule(subject, ref, at);
    subscriptions.leave(subject, changes.unsubscribe);
    subscriptions.join(subject, changes.subscribe);
    for (const opened of changes.openCases) openCase(subject, opened, now);
    return released;
  };
}

type SubscriptionWriter = {
  readonly join: (contact: ContactId, topics: readonly string[]) => void;
  readonly leave: (contact: ContactId, topics: readonly string[] | "all") => void;
};

function subscriptionWriter(db: DatabaseSync): SubscriptionWriter {
  const join = db.prepare(
    "INSERT INTO subscriptions (topic_id, contact_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const leave = db.prepare("DELETE FROM subscriptions WHERE topic_id = ? AND contact_id = ?");
  const leaveAll = db.prepare("DELETE FROM subscriptions WHERE contact_id = ?");
  return {
    join: (contact, topics) => {
      for (const topic of topics) join.run(topic, contact);
    },
    leave: (contact, topics) => {
      if (topics === "all") leaveAll.run(contact);
      else for (const topic of topics) leave.run(topic, contact);
    },
  };
}

/** Opens a case, unless this person already has an open one. */
function caseOpener(
  db: DatabaseSync,
): (contact: ContactId, opened: Changes["openCases"][number], now: Ms) => void {
  const open = db.prepare(
    `INSERT INTO cases (id, contact_id, reason, opened_at, state) VALUES (?, ?, ?, ?, 'open')
    ON CONFLICT (contact_id) WHERE state = 'open' DO NOTHING`,
  );
  return (contact, { id, reason }, now) => {
    open.run(id, contact, reason, now);
  };
}

/** Counts something that carries no identity. */
export function counter(db: DatabaseSync): (name: string) => void {
  const add = db.prepare(
    "INSERT INTO counters (name, count) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET count = count + 1",
  );
  return (name) => {
    add.run(name);
  };
}
