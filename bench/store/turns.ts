import { randomBytes } from "node:crypto";
import type { Changes, Store } from "../../src/app/ports-store.ts";

/** People and turns of the store's bench: sealed values are random bytes of the usual length. */
export const people = 10_000;
/** Turns on their way at once, as many as a platform opens connections. */
export const inFlight = 64;
export const day = 86_400_000;
export const session = randomBytes(600);
export const body = randomBytes(400);
export const wrappedKey = randomBytes(61);
export const address = randomBytes(60);
const blinds = Array.from({ length: people }, () => randomBytes(16));

/** Where a person's look-up leads from. */
export function blindOf(person: number): Uint8Array {
  return blinds[person] ?? unexpected();
}

/** Whose turn it is: everyone's before anyone's is again, not in the order of their rows. */
export function whose(turn: number): number {
  return (turn * 7919) % people;
}

/** A delivery's id on its platform. */
export function deliveryId(turn: number): string {
  return String(800_000_000 + turn);
}

const nothing: Changes = {
  contact: undefined,
  blinds: [],
  outbox: [],
  drop: undefined,
  release: true,
  schedule: [],
  unschedule: [],
  subscribe: [],
  unsubscribe: [],
  openCases: [],
  counts: [],
  forget: undefined,
};

function unexpected(): never {
  throw new Error("a turn failed");
}

/** A person's first turn. */
export async function join(store: Store, person: number): Promise<void> {
  const now = Date.now();
  const contact = {
    id: store.nextId(),
    channel: "telegram",
    language: "fa-AF",
    state: "active",
    version: 0,
    lastSeen: now,
    lastInbound: now,
    openKeyboard: undefined,
    wrappedKey,
    address,
    session,
  } as const;
  const found = [blindOf(person)];
  await store.turn({
    who: { kind: "address", blinds: found },
    inbox: { channel: "telegram", externalId: `join ${person}` },
    fire: undefined,
    now,
    decide: () => ({ ...nothing, contact, blinds: found }),
    keep: unexpected,
  });
}

/** A turn of the bench as a message brings it; then its settling. */
export async function turn(store: Store, number: number): Promise<void> {
  await settle(store, number, await turnOnly(store, number));
}

/** Writes what became of a turn's answer. */
export function settle(store: Store, number: number, { id, contact }: Queued): Promise<void> {
  const result = { kind: "sent", providerId: String(number), keyboard: undefined } as const;
  return store.settle([{ id, contact, result }]);
}

type Queued = { readonly id: number; readonly contact: number };

/** Inbox row, contact read and written, one answer queued; gives whose and which it is. */
export async function turnOnly(store: Store, number: number): Promise<Queued> {
  const now = Date.now();
  const id = store.nextId();
  let contact = 0;
  await store.turn({
    who: { kind: "address", blinds: [blindOf(whose(number))] },
    inbox: { channel: "telegram", externalId: deliveryId(number) },
    fire: undefined,
    now,
    decide: (found) => {
      if (found === undefined) return unexpected();
      contact = found.id;
      const row = { id, contact, channel: "telegram", lane: "reply", language: "fa-AF", body } as const;
      return {
        ...nothing,
        contact: { ...found, lastSeen: now, lastInbound: now, session },
        outbox: [{ ...row, notBefore: now, notAfter: now + day }],
      };
    },
    keep: unexpected,
  });
  return { id, contact };
}

/** Runs `work` for `count` numbers from `from`, `width` at once; gives how many a second. */
export async function abreast(
  from: number,
  count: number,
  width: number,
  work: (number: number) => Promise<unknown>,
): Promise<number> {
  const started = performance.now();
  let next = from;
  const run = async (): Promise<void> => {
    while (next < from + count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, run));
  return (count * 1000) / (performance.now() - started);
}
