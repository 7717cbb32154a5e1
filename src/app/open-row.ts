import type { Ms } from "../core/nouns/time.ts";
import type { Delivery } from "./attempt.ts";
import { broadcastMessage } from "./broadcast-message.ts";
import { type Body, bodyNow, messageNow } from "./outbox-body.ts";
import type { People, Person } from "./people.ts";
import type { PersonKey, Vault } from "./ports.ts";
import type { ClaimedRow, ContactRow } from "./ports-store.ts";
import type { Parts } from "./runtime.ts";

type OpeningParts = Parts & { readonly people: People };

/**
 * Opens a stored row, ready to be sent; undefined when there is nothing to send (its person, broadcast or reminder is gone).
 * Throws when its key does not open it.
 */
export async function openRow(parts: OpeningParts, row: ClaimedRow): Promise<Delivery | undefined> {
  const { people, vault, content, clock } = parts;
  // Before anything is waited for: from here on the row counts as given.
  const base = claimed(row, clock.now());
  if (row.lone !== undefined && row.body !== undefined) return loneDelivery(parts, base, row.lone, row.body);
  if (row.to === undefined) return undefined;
  if (row.body === undefined) return broadcastDelivery(parts, base, row, row.to);
  const person = people.open(row.to);
  const stored = bodyIn(vault, person.key, row.id, row.body);
  const body = bodyNow(content.current, person.session, stored, clock.now());
  if (body === undefined) return undefined;
  return {
    ...base,
    keptUntil: body.nudge?.keptUntil,
    message: (now) => messageNow(content.current, body, now),
    question: body.question,
    spent: body.spent,
    broadcast: undefined,
    to: destinationOf(row.to, person),
    lone: false,
  };
}

async function broadcastDelivery(
  { people, store, content }: OpeningParts,
  base: Claimed,
  row: ClaimedRow,
  contact: ContactRow,
): Promise<Delivery | undefined> {
  const to = destinationOf(contact, people.open(contact));
  const broadcast = row.broadcast === undefined ? undefined : await store.desk.broadcast(row.broadcast);
  if (broadcast === undefined) return undefined;
  const own = (await store.desk.organisations()).find(({ id }) => id === broadcast.organisation);
  const organisation = own?.name ?? broadcast.organisation;
  return {
    ...base,
    message: () => broadcastMessage(content.current, broadcast, organisation, row.language),
    question: undefined,
    spent: undefined,
    broadcast: { organisation, topic: broadcast.topic },
    to,
    lone: false,
  };
}

/** The receipt of a deletion: under a key of its own, for somebody of whom nothing else is here. */
function loneDelivery(
  { vault, clock }: OpeningParts,
  base: Claimed,
  lone: NonNullable<ClaimedRow["lone"]>,
  sealed: Uint8Array,
): Delivery {
  const key = vault.openPersonKey(base.id, lone.wrappedKey);
  const place = { table: "outbox", column: "lone_address", row: base.id };
  const addresses: string[] = JSON.parse(vault.open(key, place, lone.address));
  const { message, spent } = bodyIn(vault, key, base.id, sealed);
  return {
    ...base,
    message: () => message,
    question: undefined,
    spent,
    broadcast: undefined,
    to: { address: addresses[0] ?? "", lastInbound: clock.now(), openKeyboard: undefined },
    lone: true,
  };
}

type Claimed = ReturnType<typeof claimed>;

/** What is the same of every row that comes from the store. */
function claimed(row: ClaimedRow, givenAt: Ms) {
  const { id, contact, channel, lane, notAfter, attempts, queuedAt } = row;
  // What was tried before is not remembered: any of the tries may have left.
  const doubtSince = attempts > 0 ? queuedAt : undefined;
  const still = { id, contact, channel, lane, notAfter, attempts, queuedAt };
  return { ...still, keptUntil: undefined, notBefore: 0, givenAt, withdrawn: false, doubtSince };
}

function bodyIn(vault: Vault, key: PersonKey, row: number, sealed: Uint8Array): Body {
  return JSON.parse(vault.open(key, { table: "outbox", column: "body", row }, sealed));
}

function destinationOf(row: ContactRow, { addresses }: Person): Delivery["to"] {
  const [address = ""] = addresses;
  return { address, lastInbound: row.lastInbound, openKeyboard: row.openKeyboard };
}
