import type { ContactState } from "../../app/ports.ts";
import type { DeliveryStatus } from "../../app/ports-channel.ts";
import type { ChannelId } from "../../core/nouns/ids.ts";
import type { Lane } from "../../core/nouns/message.ts";

/** Every channel there is; a new one does not compile until it is here. */
export const channels: Readonly<Record<ChannelId, true>> = {
  telegram: true,
  whatsapp: true,
  "playground/telegram": true,
  "playground/whatsapp": true,
};

/**
 * Whether the platform reports later what became of a message, under the id it gave it. Only then is that id kept:
 * elsewhere nobody will ask for it, and an index of it would cost each turn a page.
 */
export const reportsLater: Readonly<Record<ChannelId, boolean>> = {
  telegram: false,
  whatsapp: true,
  "playground/telegram": false,
  "playground/whatsapp": true,
};

export const contactStates: Readonly<Record<ContactState, true>> = {
  active: true,
  stopped: true,
  blocked: true,
};

/** Lanes in order of precedence, as numbers in the table. */
const lanes: readonly Lane[] = ["reply", "nudge", "bulk"];
export const laneNumber: Readonly<Record<Lane, number>> = { reply: 0, nudge: 1, bulk: 2 };

/** The lane of a number in the table. */
export function laneOf(number: number): Lane {
  const lane = lanes[number];
  if (lane === undefined) throw new TypeError("the column lane holds an unknown lane");
  return lane;
}

/** Delivery reports come late, twice and out of order: only a higher rank is written. Failures stand above all. */
export const ranks: Readonly<Record<DeliveryStatus["status"], number>> = {
  queued: 0,
  sent: 1,
  delivered: 2,
  read: 3,
  failed: 4,
};

/** Why a row that is still being sent waits again, whatever its sender says. */
export const reopened = "window-closed";

/** What stands as reason with a row that still waits and is about to leave, where it must not leave twice. */
export const leaving = "leaving";
/** Why such a row has failed that was found without anybody who has it: its process ended, and it may have gone out. */
export const endedOnItsWay = "unknown process-ended";

/**
 * What a broadcast's report calls a row: each row counts once, under the furthest it came.
 * Needs the table's columns `state`, `report` and `reason` in reach.
 */
export const reportName = `CASE
  WHEN state <= 1 THEN 'queued'
  WHEN state = 2 THEN 'held' || coalesce(' ' || reason, '')
  WHEN state = 3 THEN CASE report WHEN 2 THEN 'delivered' WHEN 3 THEN 'read' ELSE 'sent' END
  WHEN state = 4 THEN 'failed' || coalesce(' ' || reason, '')
  ELSE 'dropped' || coalesce(' ' || reason, '') END`;
