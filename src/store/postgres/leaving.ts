import type { Settled } from "../../app/ports-store.ts";
import { leaving } from "../schema/codes.ts";
import type { Ended } from "./batches.ts";
import type { Database, Statement } from "./connection.ts";
import { lockContactIds } from "./contacts.ts";
import type { Session } from "./session.ts";

export type LeavingItem = Pick<Settled, "id" | "contact">;

const mark: Statement = {
  name: "outbox-leaving",
  text: "UPDATE outbox SET reason = $3 WHERE id = ANY($1::bigint[]) AND owner = $2 AND state IN (0, 1)",
};

/** Writes that rows of this process are about to leave; those that are no longer its own are passed over. */
export function runLeaving(
  { db, session }: { readonly db: Database; readonly session: Session },
  items: readonly LeavingItem[],
): Promise<readonly Ended<void>[]> {
  return db.transact(async (query) => {
    const contacts = [...new Set(items.map(({ contact }) => contact))];
    await Promise.all([
      session.fence(query),
      query(lockContactIds, [contacts]),
      query(mark, [items.map(({ id }) => id), session.id, leaving]),
    ]);
    return { value: items.map((): Ended<void> => ({ kind: "done", value: undefined })), writes: [] };
  });
}
