import type { DatabaseSync } from "node:sqlite";
import type { Ms } from "../../core/nouns/time.ts";
import { numberIn, type Row } from "../schema/columns.ts";
import { idAt, type Retention } from "../schema/retention.ts";
import { foldBroadcastRows } from "./broadcast-counts.ts";
import type { Ids } from "./ids.ts";
import type { OutboxRows } from "./outbox-rows.ts";

/** Rows in one transaction: a few milliseconds, so that people who write meanwhile do not wait. */
const chunk = 1000;

export type SweepNeeds = {
  readonly db: DatabaseSync;
  readonly ids: Ids;
  readonly retention: Retention;
  readonly outbox: OutboxRows;
  readonly write: <T>(work: () => T) => Promise<T>;
  readonly endBroadcasts: () => void;
};

/** Removes what is past its time in small transactions; gives how many rows of what. */
export function sweeper(needs: SweepNeeds): (now: Ms) => Promise<Readonly<Record<string, number>>> {
  const removals = [
    handledInputs(needs),
    setAsideInputs(needs),
    loneMessages(needs),
    finishedMessages(needs),
  ];
  const expire = expiry(needs);
  return async (now) => {
    const counts: Record<string, number> = { expired: await expire(now) };
    for (const { name, remove } of removals) counts[name] = await repeat(needs, () => remove(now));
    await needs.write(needs.endBroadcasts);
    return counts;
  };
}

type Removal = { readonly name: string; readonly remove: (now: Ms) => number };

async function repeat({ write }: SweepNeeds, remove: () => number): Promise<number> {
  let total = 0;
  for (;;) {
    const removed = await write(remove);
    total += removed;
    if (removed < chunk) return total;
  }
}

function handledInputs({ db, retention }: SweepNeeds): Removal {
  const remove = db.prepare(
    `DELETE FROM inbox WHERE (channel, external_id) IN
      (SELECT channel, external_id FROM inbox WHERE received_at < ? AND state <= 1 ORDER BY received_at LIMIT ${chunk})`,
  );
  return {
    name: "handled-inputs",
    remove: (now) => Number(remove.run(now - retention.handledInputs).changes),
  };
}

function setAsideInputs({ db, ids, retention }: SweepNeeds): Removal {
  const remove = db.prepare("DELETE FROM inbox WHERE state = 3 AND state <> 0 AND received_at < ?");
  return {
    name: "set-aside-inputs",
    remove: (now) => {
      ids.remember();
      return Number(remove.run(now - retention.setAsideInputs).changes);
    },
  };
}

/** The receipt of an erasure goes with its one-time key when it is sent, or is past hoping for. */
function loneMessages({ db, ids, retention }: SweepNeeds): Removal {
  const remove = db.prepare("DELETE FROM outbox WHERE lone_key IS NOT NULL AND (id < ? OR state > 2)");
  return {
    name: "lone-messages",
    remove: (now) => {
      ids.remember();
      return Number(remove.run(idAt(now - retention.loneMessages)).changes);
    },
  };
}

function finishedMessages({ db, ids, retention }: SweepNeeds): Removal {
  const last = db.prepare(
    `SELECT coalesce(max(id), 0) AS id FROM (SELECT id FROM outbox WHERE id < ? AND state > 2 ORDER BY id LIMIT ${chunk})`,
  );
  const fold = foldBroadcastRows(db, "outbox", "id <= ? AND state > 2");
  const remove = db.prepare("DELETE FROM outbox WHERE id <= ? AND state > 2");
  return {
    name: "finished-messages",
    remove: (now) => {
      const to = idIn(last.get(idAt(now - retention.finishedMessages)));
      if (to === 0) return 0;
      ids.remember();
      fold(to);
      return Number(remove.run(to).changes);
    },
  };
}

function idIn(row: Row | undefined): number {
  return row === undefined ? 0 : numberIn(row, "id");
}

/** Ends the messages that nobody sent in time, those that are held included. */
function expiry({ db, outbox, write }: SweepNeeds): (now: Ms) => Promise<number> {
  const late = db.prepare(
    `SELECT DISTINCT contact_id AS id FROM
      (SELECT contact_id FROM outbox INDEXED BY outbox_waiting WHERE state <= 2 AND not_after < ? LIMIT ${chunk})`,
  );
  return async (now) => {
    let total = 0;
    for (;;) {
      const expired = await write(() =>
        late.all(now).reduce((sum, row) => sum + outbox.expire(numberIn(row, "id"), now), 0),
      );
      total += expired;
      if (expired === 0) return total;
    }
  };
}
