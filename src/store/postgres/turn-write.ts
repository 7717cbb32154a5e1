import type { Query, Statement } from "./connection.ts";
import { pointLookups, saveContacts } from "./contacts.ts";
import { clearFires, removeFires, retryFires, setFires } from "./fires.ts";
import { forgetPeople } from "./forget.ts";
import type { Ids } from "./ids.ts";
import { finishInbox, keepInput, undoInbox } from "./inbox.ts";
import { dropRows, formLines, insertRows, releaseHeld, tellWhoeverIsNext } from "./line.ts";
import { payloadOf, tell } from "./tidings.ts";
import type { Plan } from "./turn-plan.ts";

const leave: Statement = {
  name: "subscriptions-leave",
  text: `DELETE FROM subscriptions s USING unnest($1::bigint[], $2::text[]) AS t (contact_id, topic_id)
    WHERE s.contact_id = t.contact_id AND s.topic_id = t.topic_id`,
};
const leaveAll: Statement = {
  name: "subscriptions-leave-all",
  text: "DELETE FROM subscriptions WHERE contact_id = ANY($1::bigint[])",
};
const join: Statement = {
  name: "subscriptions-join",
  text: `INSERT INTO subscriptions (contact_id, topic_id) SELECT * FROM unnest($1::bigint[], $2::text[])
    ON CONFLICT DO NOTHING`,
};
const openCases: Statement = {
  name: "cases-open",
  text: `INSERT INTO cases (id, contact_id, reason, opened_at, state)
    SELECT id, contact_id, reason, opened_at, 'open' FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bigint[])
      AS t (id, contact_id, reason, opened_at)
    ON CONFLICT (contact_id) WHERE state = 'open' DO NOTHING`,
};
// In the order of their names: every batch may count the same.
const count: Statement = {
  name: "counters-add",
  text: `INSERT INTO counters (name, count) SELECT name, count FROM unnest($1::text[], $2::bigint[]) AS t (name, count)
      ORDER BY name
    ON CONFLICT (name) DO UPDATE SET count = counters.count + excluded.count`,
};

/** Sends everything a batch writes, without waiting in between. The order matters: it is that of the locks, and of a turn. */
export function writePlan(query: Query, plan: Plan, ids: Ids, me: number): readonly Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  const some = <Row>(rows: readonly Row[], write: (rows: readonly Row[]) => Promise<unknown>): void => {
    if (rows.length > 0) sent.push(write(rows));
  };
  some(plan.inboxUndone, (keys) => undoInbox(query, keys));
  sent.push(...saveContacts(query, plan.contacts));
  some(plan.lookups, (rows) =>
    query(pointLookups, [rows.map(({ blind }) => blind), rows.map(({ contact }) => contact)]),
  );
  writePersonal(query, plan, some);
  writeQueue(query, plan, some);
  some(plan.forgets, (people) => forgetPeople(query, people, ids));
  some(plan.outbox, (rows) => insertRows(query, rows));
  some(plan.lines, (contacts) => query(formLines, [contacts]));
  some(plan.lines, (contacts) => tellWhoeverIsNext(query, contacts, me));
  some(plan.inboxFinished, (keys) => finishInbox(query, keys));
  for (const failed of plan.inboxKept) sent.push(keepInput(query, failed));
  some([...plan.counts], (counts) =>
    query(count, [counts.map(([name]) => name), counts.map(([, number]) => number)]),
  );
  for (const contact of plan.stale) sent.push(query(tell, [payloadOf(me, { kind: "dropped", contact })]));
  return sent;
}

type Some = <Row>(rows: readonly Row[], write: (rows: readonly Row[]) => Promise<unknown>) => void;

function writePersonal(query: Query, plan: Plan, some: Some): void {
  some(plan.fireRetries, (fires) => retryFires(query, fires));
  some(plan.fireRemovals, (fires) => removeFires(query, fires));
  some(plan.fireClears, (contacts) => query(clearFires, [contacts]));
  some(plan.fires, (fires) => setFires(query, fires));
  const columns = (rows: Plan["joins"]) => [
    rows.map(({ contact }) => contact),
    rows.map(({ topic }) => topic),
  ];
  some(plan.leaves, () => query(leave, columns(plan.leaves)));
  some(plan.leavesAll, (contacts) => query(leaveAll, [contacts]));
  some(plan.joins, () => query(join, columns(plan.joins)));
  some(plan.cases, (cases) =>
    query(openCases, [
      cases.map(({ id }) => id),
      cases.map(({ contact }) => contact),
      cases.map(({ reason }) => reason),
      cases.map(({ now }) => now),
    ]),
  );
}

function writeQueue(query: Query, plan: Plan, some: Some): void {
  some(plan.drops, (drops) => dropRows(query, drops));
  some(plan.releases, (released) =>
    query(releaseHeld, [released.map(({ contact }) => contact), released.map(({ now }) => now)]),
  );
}
