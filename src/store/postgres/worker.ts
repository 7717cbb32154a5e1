import type { Log } from "../../app/ports.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import { numberIn } from "../schema/columns.ts";
import type { Query, Statement } from "./connection.ts";
import { slots } from "./ids.ts";
import { locks, workerClass } from "./locks.ts";

/** How long a process is taken for alive after it last said so. Others take over what it held when that is past. */
export const lease: Ms = 30 * second;
export const heartbeat: Ms = 5 * second;
/** One whose session has ended (killed, or cut off) is given six seconds to come back; its last renewal may be a heartbeat old. */
const absence: Ms = heartbeat + 6 * second;

/** A process, as the others know it. Its id is the fencing token: never given twice, and compared by each write. */
export type Registration = { readonly id: number; readonly slot: number };

const register: Statement = {
  name: "worker-register",
  text: `INSERT INTO workers (slot, backend, renewed_at, lease_until)
    SELECT free.slot, pg_backend_pid(), clock_timestamp(), clock_timestamp() + $1 * interval '1 ms'
    FROM generate_series(0, ${slots - 1}) AS free (slot)
    WHERE NOT EXISTS (SELECT 1 FROM workers w WHERE w.slot = free.slot) ORDER BY random() LIMIT 1
    ON CONFLICT (slot) DO NOTHING RETURNING id, slot`,
};

/** Enters this process; tries again where another took the same slot. Undefined when there is none left. */
export async function enter(query: Query): Promise<Registration | undefined> {
  for (let tries = 0; tries < slots; tries++) {
    const [row] = (await query(register, [lease])).rows;
    if (row === undefined) continue;
    const id = numberIn(row, "id");
    await query(locks.live, [id]);
    return { id, slot: numberIn(row, "slot") };
  }
  return undefined;
}

const renewal: Statement = {
  name: "worker-renew",
  text: `UPDATE workers SET renewed_at = clock_timestamp(), lease_until = clock_timestamp() + $2 * interval '1 ms',
    backend = pg_backend_pid() WHERE id = $1`,
};

/** Says that this process lives. False when it was taken for dead: what it held has been given away. */
export async function renew(query: Query, id: number): Promise<boolean> {
  return (await query(renewal, [id, lease])).count === 1;
}

/** Whether the session of `w` stands. */
const isConnected = `EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = ${workerClass}
  AND l.objid = w.id::oid AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
const dead: Statement = {
  name: "worker-dead",
  text: `SELECT id FROM workers w WHERE id <> $1 AND (lease_until < clock_timestamp()
      OR (renewed_at < clock_timestamp() - $2 * interval '1 ms' AND NOT ${isConnected}))
    FOR UPDATE SKIP LOCKED`,
};
const alive: Statement = {
  name: "worker-alive",
  text: `SELECT 1 FROM workers w WHERE lease_until > clock_timestamp() AND ${isConnected} LIMIT 1`,
};

/** Whether a process is at work on this database. */
export async function isAnyAlive(query: Query): Promise<boolean> {
  return (await query(alive)).count > 0;
}

// A process that was merely stopped still holds its session's locks, the scheduler's among them.
const endSessions: Statement = {
  name: "worker-end-sessions",
  text: `SELECT pg_terminate_backend(a.pid) FROM workers w JOIN pg_stat_activity a
    ON a.pid = w.backend AND a.application_name = 'parwana ' || w.id WHERE w.id = ANY($1::bigint[])`,
};
const lockContacts: Statement = {
  name: "worker-lock-contacts",
  text: `SELECT id FROM contacts WHERE id IN (SELECT contact_id FROM outbox WHERE owner = ANY($1::bigint[]) AND state <= 1)
    ORDER BY id FOR UPDATE`,
};
const release: Statement = {
  name: "worker-release",
  text: "UPDATE outbox SET owner = NULL, claimed = false WHERE owner = ANY($1::bigint[]) AND state <= 1",
};
const leave: Statement = { name: "worker-leave", text: "DELETE FROM workers WHERE id = ANY($1::bigint[])" };
const noteUnclean: Statement = {
  name: "worker-unclean",
  text: `INSERT INTO meta (key, value) VALUES ('unclean-at', convert_to($1, 'UTF8'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
};

/**
 * Takes over from every process that died: what it held is free again, and whatever it still writes under its id is
 * refused. Inside a transaction; gives how many there were. `now` is when that was (ms).
 */
export async function takeOver(query: Query, me: number, now: Ms, log: Log): Promise<number> {
  const ids = (await query(dead, [me, absence])).rows.map((row) => numberIn(row, "id"));
  if (ids.length === 0) return 0;
  await query(endSessions, [ids]);
  await free(query, ids);
  await query(noteUnclean, [String(now)]);
  log.warn("store-took-over", { processes: ids.length });
  return ids.length;
}

/** Ends a process's hold on its rows. Inside a transaction. */
export async function free(query: Query, ids: readonly number[]): Promise<void> {
  await query(lockContacts, [ids]);
  await query(release, [ids]);
  await query(leave, [ids]);
}
