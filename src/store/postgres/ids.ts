import type { Clock } from "../../app/ports.ts";
import { numberIn } from "../schema/columns.ts";
import { idAt } from "../schema/retention.ts";
import type { Query, Statement } from "./connection.ts";

/** How many processes there can be at once: the last two digits of an id are the slot of the process that gave it. */
export const slots = 100;

export type Ids = {
  /** An id larger than every one this process has given or seen before, that no other process gives. */
  readonly next: () => number;
  /** Takes `count` ids; gives the first and the step between them. */
  readonly block: (count: number) => { readonly first: number; readonly step: number };
  /** What is given from now on is larger than this, though another process's clock may be ahead of ours. */
  readonly above: (id: number) => void;
  readonly last: () => number;
  /** From now on ids of this slot. */
  readonly use: (slot: number) => void;
};

/** Ids that go on above `last`. They are microseconds, rounded up to the slot: max(last + 1, now). */
export function idsFrom(last: number, slot: number, clock: Clock): Ids {
  let latest = last;
  let own = slot;
  const next = (): number => {
    const least = Math.max(latest + 1, idAt(clock.now()));
    latest = least + ((own - (least % slots) + slots) % slots);
    return latest;
  };
  return {
    next,
    block: (count) => {
      const first = next();
      latest = first + Math.max(count - 1, 0) * slots;
      return { first, step: slots };
    },
    above: (id) => {
      latest = Math.max(latest, id);
    },
    last: () => latest,
    use: (another) => {
      own = another;
    },
  };
}

const largest: Statement = {
  name: "largest-id",
  text: `SELECT greatest(
    coalesce((SELECT max(id) FROM contacts), 0),
    coalesce((SELECT max(id) FROM outbox), 0),
    coalesce((SELECT max(id) FROM broadcasts), 0),
    coalesce((SELECT max(id) FROM cases), 0),
    coalesce((SELECT max(id) FROM inbox WHERE state <> 0), 0),
    coalesce((SELECT convert_from(value, 'UTF8')::bigint FROM meta WHERE key = 'last-id'), 0)
  ) AS id`,
};

/** The largest id this database has ever stored. */
export async function largestId(query: Query): Promise<number> {
  const [row] = (await query(largest)).rows;
  return row === undefined ? 0 : numberIn(row, "id");
}

/** Remembers the largest id given, because the row that carried it is about to go. */
export const rememberId: Statement = {
  name: "remember-id",
  text: `INSERT INTO meta (key, value) VALUES ('last-id', convert_to($1::text, 'UTF8')) ON CONFLICT (key) DO UPDATE
    SET value = convert_to(greatest($1::bigint, convert_from(meta.value, 'UTF8')::bigint)::text, 'UTF8')`,
};
