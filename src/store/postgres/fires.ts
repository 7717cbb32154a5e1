import type { DueFire } from "../../app/ports-store.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { numberIn } from "../schema/columns.ts";
import type { Query, Statement } from "./connection.ts";

/** A moment's name. */
export type FireName = { readonly contact: ContactId; readonly ref: string };

const attempts: Statement = {
  name: "fires-attempts",
  text: `SELECT f.contact_id, f.ref, f.attempts FROM fires f
    JOIN unnest($1::bigint[], $2::text[], $3::bigint[]) AS t (contact_id, ref, fire_at)
      ON f.contact_id = t.contact_id AND f.ref = t.ref AND f.fire_at = t.fire_at`,
};

/** How often each moment was tried in vain, by contact; those that are gone or were moved are missing. One a contact. */
export async function fireAttempts(
  query: Query,
  fires: readonly DueFire[],
): Promise<ReadonlyMap<ContactId, number>> {
  const { rows } = await query(attempts, [...namesOf(fires), fires.map(({ at }) => at)]);
  return new Map(rows.map((row) => [numberIn(row, "contact_id"), numberIn(row, "attempts")]));
}

const namesOf = (fires: readonly FireName[]): readonly (readonly unknown[])[] => [
  fires.map(({ contact }) => contact),
  fires.map(({ ref }) => ref),
];

const remove: Statement = {
  name: "fires-remove",
  text: `DELETE FROM fires f USING unnest($1::bigint[], $2::text[]) AS t (contact_id, ref)
    WHERE f.contact_id = t.contact_id AND f.ref = t.ref`,
};

/** Takes these moments out; passes over those that are gone. Where they stand now does not matter. */
export function removeFires(query: Query, fires: readonly FireName[]): Promise<unknown> {
  return query(remove, namesOf(fires));
}

/** Takes back every moment of contacts. */
export const clearFires: Statement = {
  name: "fires-clear",
  text: "DELETE FROM fires WHERE contact_id = ANY($1::bigint[])",
};

const set: Statement = {
  name: "fires-set",
  text: `INSERT INTO fires (contact_id, ref, fire_at, try_at)
    SELECT contact_id, ref, fire_at, fire_at FROM unnest($1::bigint[], $2::text[], $3::bigint[])
      AS t (contact_id, ref, fire_at)
    ON CONFLICT (contact_id, ref) DO UPDATE SET fire_at = excluded.fire_at, try_at = excluded.try_at, attempts = 0`,
};

/** Schedules each moment (`at` in ms), or moves the one of its name there and forgets its tries. One a name. */
export function setFires(query: Query, fires: readonly DueFire[]): Promise<unknown> {
  return query(set, [...namesOf(fires), fires.map(({ at }) => at)]);
}

const retry: Statement = {
  name: "fires-retry",
  text: `UPDATE fires f SET attempts = t.attempts, try_at = t.try_at
    FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::bigint[]) AS t (contact_id, ref, attempts, try_at)
    WHERE f.contact_id = t.contact_id AND f.ref = t.ref`,
};

/** A moment that was tried in vain: how often by now, and when it is tried again (ms). */
export type Retry = FireName & { readonly attempts: number; readonly tryAt: Ms };

/** Writes how often moments were tried, and when they are tried again. */
export function retryFires(query: Query, fires: readonly Retry[]): Promise<unknown> {
  return query(retry, [
    ...namesOf(fires),
    fires.map((fire) => fire.attempts),
    fires.map(({ tryAt }) => tryAt),
  ]);
}

const begin: Statement = {
  name: "fires-begin",
  text: "UPDATE fires SET attempts = attempts + 1 WHERE contact_id = $1 AND ref = $2 AND fire_at = $3",
};

/** Writes that an attempt begins, before it does. */
export function beginFire(query: Query, { contact, ref, at }: DueFire): Promise<unknown> {
  return query(begin, [contact, ref, at]);
}

export const dueFires: Statement = {
  name: "fires-due",
  text: "SELECT contact_id, ref, fire_at FROM fires WHERE try_at <= $1 ORDER BY try_at, contact_id LIMIT $2",
};
export const nextFire: Statement = { name: "fires-next", text: "SELECT min(try_at) AS next FROM fires" };
