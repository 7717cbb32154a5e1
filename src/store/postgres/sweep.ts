import type { Ms } from "../../core/nouns/time.ts";
import { numberIn } from "../schema/columns.ts";
import { idAt, type Retention } from "../schema/retention.ts";
import { expire } from "./claim.ts";
import type { Query, Statement } from "./connection.ts";
import { foldBroadcasts } from "./forget.ts";
import { type Ids, rememberId } from "./ids.ts";
import { endBroadcasts } from "./line.ts";

/** Rows in one transaction: a few milliseconds, so that people who write meanwhile do not wait. */
const chunk = 1000;

export type SweepNeeds = {
  readonly ids: Ids;
  readonly retention: Retention;
  readonly write: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
};

type Removal = {
  readonly name: string;
  /** Removes a chunk; gives how many rows. */
  readonly remove: (query: Query, now: Ms) => Promise<number>;
};

/** Removes what is past its time in small transactions; gives how many rows of what. */
export async function sweep(needs: SweepNeeds, now: Ms): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { name, remove } of removals(needs)) {
    counts[name] = 0;
    for (let removed = chunk; removed >= chunk; ) {
      removed = await needs.write((query) => remove(query, now));
      counts[name] += removed;
    }
  }
  await needs.write((query) => query(endBroadcasts));
  return counts;
}

const late: Statement = {
  name: "sweep-late",
  text: `SELECT DISTINCT contact_id AS id FROM (SELECT contact_id FROM outbox WHERE state <= 2 AND not_after < $1 LIMIT ${chunk}) l`,
};
const handled: Statement = {
  name: "sweep-handled",
  text: `DELETE FROM inbox WHERE (channel, external_id) IN
    (SELECT channel, external_id FROM inbox WHERE received_at < $1 AND state <= 1 ORDER BY received_at LIMIT ${chunk})`,
};
const aside: Statement = {
  name: "sweep-aside",
  text: "DELETE FROM inbox WHERE state = 3 AND received_at < $1",
};
const lone: Statement = {
  name: "sweep-lone",
  text: "DELETE FROM outbox WHERE lone_key IS NOT NULL AND (id < $1 OR state > 2)",
};
const lastFinished: Statement = {
  name: "sweep-last",
  text: `SELECT coalesce(max(id), 0) AS id FROM (SELECT id FROM outbox WHERE id < $1 AND state > 2 ORDER BY id LIMIT ${chunk}) f`,
};
const fold = foldBroadcasts("sweep-fold", "id <= $1 AND state > 2");
const finished: Statement = {
  name: "sweep-finished",
  text: "DELETE FROM outbox WHERE id <= $1 AND state > 2",
};

function removals({ ids, retention }: SweepNeeds): readonly Removal[] {
  const removeOld = async (query: Query, statement: Statement, before: number): Promise<number> => {
    await query(rememberId, [ids.last()]);
    return (await query(statement, [before])).count;
  };
  return [
    { name: "expired", remove: expireSome },
    {
      name: "handled-inputs",
      remove: async (query, now) => (await query(handled, [now - retention.handledInputs])).count,
    },
    {
      name: "set-aside-inputs",
      remove: (query, now) => removeOld(query, aside, now - retention.setAsideInputs),
    },
    {
      name: "lone-messages",
      remove: (query, now) => removeOld(query, lone, idAt(now - retention.loneMessages)),
    },
    {
      name: "finished-messages",
      remove: async (query, now) => {
        const [row] = (await query(lastFinished, [idAt(now - retention.finishedMessages)])).rows;
        const to = row === undefined ? 0 : numberIn(row, "id");
        if (to === 0) return 0;
        await query(fold, [to]);
        return removeOld(query, finished, to);
      },
    },
  ];
}

/** Ends messages that nobody sent in time, those that are held included. */
async function expireSome(query: Query, now: Ms): Promise<number> {
  const contacts = (await query(late, [now])).rows.map((row) => numberIn(row, "id"));
  return contacts.length === 0 ? 0 : expire(query, contacts, now);
}
