import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../app/ports.ts";
import type { Lane } from "../../core/nouns/message.ts";
import { laneNumber } from "../schema/codes.ts";
import { numberIn } from "../schema/columns.ts";

/** How many rows wait and might go now, by lane, those behind another row included. */
export function backlogReader(db: DatabaseSync, clock: Clock): () => Readonly<Record<Lane, number>> {
  const statement = db.prepare(
    `SELECT count(*) AS count FROM outbox INDEXED BY outbox_waiting
    WHERE state IN (0, 1) AND state <= 2 AND lane = ? AND not_before <= ?`,
  );
  const count = (lane: Lane, now: number): number => {
    const row = statement.get(laneNumber[lane], now);
    return row === undefined ? 0 : numberIn(row, "count");
  };
  return () => {
    const now = clock.now();
    return { reply: count("reply", now), nudge: count("nudge", now), bulk: count("bulk", now) };
  };
}
