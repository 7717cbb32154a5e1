import type { DeliveryStatus } from "../../app/ports-channel.ts";
import type { BroadcastRow } from "../../app/ports-desk.ts";
import type { ClaimedRow, ContactRow, DueFire, KeptInput, SetAside } from "../../app/ports-store.ts";
import { channels, contactStates } from "./codes.ts";
import {
  bytesIn,
  numberIn,
  oneOfIn,
  optionalBytesIn,
  optionalNumberIn,
  optionalTextIn,
  type Row,
  textIn,
  textsIn,
} from "./columns.ts";

/** A contact from a row of the table. */
export function contactFrom(row: Row): ContactRow {
  return {
    id: numberIn(row, "id"),
    channel: oneOfIn(row, "channel", channels),
    language: textIn(row, "language"),
    state: oneOfIn(row, "state", contactStates),
    version: numberIn(row, "version"),
    lastSeen: numberIn(row, "last_seen"),
    lastInbound: optionalNumberIn(row, "last_inbound"),
    openKeyboard: optionalTextIn(row, "open_keyboard_id"),
    wrappedKey: bytesIn(row, "wrapped_key"),
    address: bytesIn(row, "address"),
    session: bytesIn(row, "session"),
  };
}

/** An input that is to be tried again. */
export function keptFrom(row: Row): KeptInput {
  return {
    id: numberIn(row, "id"),
    channel: oneOfIn(row, "channel", channels),
    externalId: textIn(row, "external_id"),
    contact: numberIn(row, "contact_id"),
    attempts: numberIn(row, "attempts"),
    input: bytesIn(row, "input"),
  };
}

/** An input that was set aside. */
export function asideFrom(row: Row): SetAside {
  return {
    id: numberIn(row, "id"),
    channel: oneOfIn(row, "channel", channels),
    contact: numberIn(row, "contact_id"),
    at: numberIn(row, "received_at"),
    attempts: numberIn(row, "attempts"),
    reason: textIn(row, "reason"),
  };
}

/** A moment that fell due. */
export function dueFrom(row: Row): DueFire {
  return { contact: numberIn(row, "contact_id"), ref: textIn(row, "ref"), at: numberIn(row, "fire_at") };
}

/** What a message that outlives its person is sent with. */
export function loneFrom(row: Row): ClaimedRow["lone"] {
  const wrappedKey = optionalBytesIn(row, "lone_key");
  return wrappedKey === undefined ? undefined : { wrappedKey, address: bytesIn(row, "lone_address") };
}

const broadcastStates: Readonly<Record<BroadcastRow["state"], true>> = {
  planning: true,
  sending: true,
  done: true,
};

/** A broadcast with its texts by language. */
export function broadcastFrom(row: Row): BroadcastRow {
  return {
    id: numberIn(row, "id"),
    topic: textIn(row, "topic_id"),
    organisation: textIn(row, "org_id"),
    texts: textsIn(row, "texts"),
    state: oneOfIn(row, "state", broadcastStates),
    createdAt: numberIn(row, "created_at"),
  };
}

/** Rows of a name and a count. */
export function countsFrom(rows: readonly Row[]): Readonly<Record<string, number>> {
  return Object.fromEntries(rows.map((row) => [textIn(row, "name"), numberIn(row, "count")]));
}

/**
 * Whether a delivery report speaks of an earlier attempt: of the announcement of a message that has since been let go, of a
 * copy that the platform refused in the end. While a message is held, only its announcement is of interest.
 */
export function isPast(row: Row, { providerId }: DeliveryStatus): boolean {
  const isAnnounced = optionalTextIn(row, "announced_id") === providerId;
  return numberIn(row, "state") === 2 ? !isAnnounced : isAnnounced;
}

/** Why a message failed, in the platform's terms. */
export function reasonOf({ failure }: DeliveryStatus): string {
  return failure !== undefined && "reason" in failure ? failure.reason : "unknown";
}
