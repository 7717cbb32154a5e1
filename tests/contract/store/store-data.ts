import type {
  Changes,
  ContactRow,
  NewOutboxRow,
  Store,
  TurnRequest,
  TurnResult,
} from "../../../src/app/ports-store.ts";
import type { ContactId, OutboxId } from "../../../src/core/nouns/ids.ts";
import { noon, tomorrow } from "./store-engine.ts";

export const nothing: Changes = {
  contact: undefined,
  blinds: [],
  outbox: [],
  drop: undefined,
  release: false,
  schedule: [],
  unschedule: [],
  subscribe: [],
  unsubscribe: [],
  openCases: [],
  counts: [],
  forget: undefined,
};

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : new TextDecoder().decode(value);

export function newContact(id: ContactId, fields: Partial<ContactRow> = {}): ContactRow {
  return {
    id,
    channel: "whatsapp",
    language: "fa-AF",
    state: "active",
    version: 0,
    lastSeen: noon,
    lastInbound: noon,
    openKeyboard: undefined,
    wrappedKey: bytes("wrapped key"),
    address: bytes("address"),
    session: bytes("session 0"),
    ...fields,
  };
}

export function row(store: Store, contact: ContactId, fields: Partial<NewOutboxRow> = {}): NewOutboxRow {
  return {
    id: store.nextId(),
    contact,
    channel: "whatsapp",
    lane: "reply",
    language: "fa-AF",
    notBefore: noon,
    notAfter: tomorrow,
    body: bytes("sealed message"),
    ...fields,
  };
}

const mustNotKeep: TurnRequest["keep"] = () => {
  throw new Error("nothing should be kept");
};

let deliveries = 0;

/** A turn of whoever `blind` leads to, under a delivery of its own unless one is given. */
export function turnOf(
  blind: string,
  decide: TurnRequest["decide"],
  fields: Partial<TurnRequest> = {},
): TurnRequest {
  deliveries += 1;
  return {
    who: { kind: "address", blinds: [bytes(blind)] },
    inbox: { channel: "whatsapp", externalId: `delivery ${deliveries}` },
    fire: undefined,
    now: noon,
    decide,
    keep: mustNotKeep,
    ...fields,
  };
}

/** Makes a contact that `blind` leads to. */
export async function meet(
  store: Store,
  blind: string,
  fields: Partial<ContactRow> = {},
  changes: Partial<Changes> = {},
): Promise<ContactId> {
  const id = store.nextId();
  await store.turn(
    turnOf(blind, () => ({
      ...nothing,
      contact: newContact(id, fields),
      blinds: [bytes(blind)],
      ...changes,
    })),
  );
  return id;
}

/** A turn of a contact by id that only makes these changes; without a delivery. */
export function change(store: Store, id: ContactId, changes: Partial<Changes>): Promise<TurnResult> {
  return store.turn({
    who: { kind: "contact", id },
    inbox: undefined,
    fire: undefined,
    now: noon,
    decide: () => ({ ...nothing, ...changes }),
    keep: mustNotKeep,
  });
}

/** Queues messages for a contact, in this order. */
export async function queue(
  store: Store,
  contact: ContactId,
  ...messages: readonly Partial<NewOutboxRow>[]
): Promise<readonly OutboxId[]> {
  const rows = messages.map((fields) => row(store, contact, fields));
  await change(store, contact, { outbox: rows });
  return rows.map(({ id }) => id);
}

export async function claimedIds(
  store: Store,
  lane: NewOutboxRow["lane"] = "reply",
  now = noon,
  limit = 100,
): Promise<readonly OutboxId[]> {
  return (await store.claim(now, lane, limit)).map(({ id }) => id);
}

export const sent = { kind: "sent", providerId: "SM-sent", keyboard: undefined } as const;
