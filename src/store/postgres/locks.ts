import type { Statement } from "./connection.ts";

/** The first half of our advisory locks' keys: "PARW" in ASCII, and the next number for one lock a process. */
const ours = 0x50415257;
export const workerClass = ours + 1;

const schema = 1;
const leader = 2;

/** Advisory locks. Those of people's addresses have keys of one number, and so are apart from these. */
export const locks = {
  /** Held by whoever changes the schema, until the end of the transaction. */
  migrate: { name: "lock-migrate", text: `SELECT pg_advisory_xact_lock(${ours}, ${schema})` },
  /** Held by the process that does what time brings, as long as its session lasts. */
  lead: { name: "lock-lead", text: `SELECT pg_try_advisory_lock(${ours}, ${leader}) AS got` },
  /** Held by each process, as long as its session lasts: a process that was killed lets go of it at once. */
  live: { name: "lock-live", text: `SELECT pg_try_advisory_lock(${workerClass}, $1::integer) AS got` },
  /** Held by whoever lets somebody new in at one of these addresses, until the end of the transaction. */
  addresses: {
    name: "lock-addresses",
    text: "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS k (key)",
  },
} satisfies Record<string, Statement>;

/** The keys under which addresses are locked, each once and in order, so that two batches can't wait for one another. */
export function addressKeys(blinds: readonly Uint8Array[]): readonly bigint[] {
  const keys = blinds.map((blind) => Buffer.from(blind.buffer, blind.byteOffset, blind.byteLength));
  const numbers = new Set(keys.map((key) => Buffer.concat([key, Buffer.alloc(8)]).readBigInt64BE(0)));
  return [...numbers].toSorted((a, b) => (a < b ? -1 : 1));
}
