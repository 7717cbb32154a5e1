import type { ContactId } from "../../core/nouns/ids.ts";
import { reportName } from "../schema/codes.ts";
import type { Query, Statement } from "./connection.ts";
import { type Ids, rememberId } from "./ids.ts";

const bury: Statement = {
  name: "forget-bury",
  text: "INSERT INTO tombstones (tombstone) SELECT * FROM unnest($1::bytea[]) ORDER BY 1 ON CONFLICT DO NOTHING",
};

/** Adds rows that are about to be deleted to their broadcasts' counts, so that a report stays true when its rows are gone. */
export function foldBroadcasts(name: string, condition: string): Statement {
  return {
    name,
    text: `INSERT INTO broadcast_counts (broadcast_id, name, count)
      SELECT broadcast_id, CASE WHEN state <= 2 THEN 'dropped erased' ELSE ${reportName} END AS name, count(*)
      FROM outbox WHERE ${condition} AND broadcast_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (broadcast_id, name) DO UPDATE SET count = broadcast_counts.count + excluded.count`,
  };
}

const fold = foldBroadcasts("forget-fold", "contact_id = ANY($1::bigint[])");
// The deliveries themselves stay known, so that a repeated one stays a duplicate.
const emptyInbox: Statement = {
  name: "forget-inbox",
  text: `UPDATE inbox SET state = 0, id = NULL, contact_id = NULL, attempts = NULL, try_at = NULL, reason = NULL, input = NULL
    WHERE state <> 0 AND contact_id = ANY($1::bigint[])`,
};
const deletions: readonly Statement[] = [
  ...["outbox", "lookups", "fires", "subscriptions", "cases"].map((table) => ({
    name: `forget-${table}`,
    text: `DELETE FROM ${table} WHERE contact_id = ANY($1::bigint[])`,
  })),
  { name: "forget-contacts", text: "DELETE FROM contacts WHERE id = ANY($1::bigint[])" },
];

/** Erases people; their tombstones let a restored backup erase them again. The caller holds their locks. */
export async function forgetPeople(
  query: Query,
  people: readonly { readonly contact: ContactId; readonly tombstone: Uint8Array }[],
  ids: Ids,
): Promise<void> {
  const contacts = people.map(({ contact }) => contact);
  await Promise.all([
    query(rememberId, [ids.last()]),
    query(bury, [people.map(({ tombstone }) => tombstone)]),
    query(fold, [contacts]),
    query(emptyInbox, [contacts]),
    ...deletions.map((deletion) => query(deletion, [contacts])),
  ]);
}
