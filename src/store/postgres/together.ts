import type { Together } from "../../app/ports-together.ts";
import type { OutboxId } from "../../core/nouns/ids.ts";
import { numberIn } from "../schema/columns.ts";
import { coalesced } from "./coalesce.ts";
import type { Database, Statement } from "./connection.ts";
import type { Session } from "./session.ts";

const ours: Statement = {
  name: "outbox-ours",
  text: `SELECT o.id, w.lease_until > clock_timestamp() AS leased FROM outbox o JOIN workers w ON w.id = o.owner
    WHERE o.id = ANY($1::bigint[]) AND o.owner = $2 AND o.state IN (0, 1)`,
};
const takeMoments: Statement = {
  name: "pace-take",
  text: `INSERT INTO paces AS p (channel, next_at)
    VALUES ($1, clock_timestamp() + $2::float8 * $3::float8 * interval '1 ms')
    ON CONFLICT (channel) DO UPDATE
      SET next_at = greatest(p.next_at, clock_timestamp()) + $2::float8 * $3::float8 * interval '1 ms'
    RETURNING extract(epoch FROM next_at - clock_timestamp())::float8 * 1000 - $2::float8 * $3::float8 AS wait`,
};
const holdChannel: Statement = {
  name: "pace-hold",
  text: `INSERT INTO paces AS p (channel, next_at) VALUES ($1, clock_timestamp() + $2::float8 * interval '1 ms')
    ON CONFLICT (channel) DO UPDATE SET next_at = greatest(p.next_at, excluded.next_at)`,
};

/** How this process stays out of the others' way. */
export function together({ db, session }: { readonly db: Database; readonly session: Session }): Together {
  const isOurs = coalesced(async (ids: readonly OutboxId[]) => {
    const { rows } = await db.read(ours, [ids, session.id]);
    return new Map(rows.map((row) => [numberIn(row, "id"), row["leased"] === true]));
  });
  return {
    hear: (listener) => session.hear(listener),
    leads: () => session.leads(),
    mayLeave: (id, fresh) => {
      if (fresh && session.isSure() && !session.isNew()) return true;
      return surely(session, () => isOurs(id));
    },
    moments: async (channel, count, every) => {
      const [row] = (await db.read(takeMoments, [channel, count, every])).rows;
      return row === undefined ? 0 : Math.max(0, numberIn(row, "wait"));
    },
    hold: (channel, forMs) => {
      const held = db.read(holdChannel, [channel, forMs]);
      const told = session.tell(db.read, { kind: "held", channel, forMs });
      // The others learn it from the platform, too.
      Promise.all([held, told]).catch(() => undefined);
    },
  };
}

/**
 * Asks, and asks anew where the lease may have ended before the answer was read: a process that was stopped meanwhile (a
 * frozen machine) would go by what was true long ago. `ask` gives undefined for what is not ours, and else whether our lease
 * held then. Where it had run out and nobody has taken over yet, what we hold is still ours, and nobody else's to send: it
 * leaves once we have said that we live.
 */
async function surely(session: Session, ask: () => Promise<boolean | undefined>): Promise<boolean> {
  for (;;) {
    if (!session.isSure()) await session.renewed();
    const { id } = session;
    const leased = await ask();
    if (leased === undefined) return false;
    if (leased && session.isSure() && session.id === id) return true;
    if (!leased) await session.renewed();
  }
}
