import type { DatabaseSync } from "node:sqlite";

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

/**
 * Adds the rows that are about to be deleted to their broadcasts' counts, so that a report stays true when its rows are
 * gone. `source` is the table, with an index where it needs one; `condition` chooses the rows.
 */
export function foldBroadcastRows(
  db: DatabaseSync,
  source: string,
  condition: string,
): (...parameters: readonly number[]) => void {
  const fold = db.prepare(
    `INSERT INTO broadcast_counts (broadcast_id, name, count)
    SELECT broadcast_id, CASE WHEN state <= 2 THEN 'dropped erased' ELSE ${reportName} END AS name, count(*)
    FROM ${source} WHERE ${condition} AND broadcast_id IS NOT NULL GROUP BY broadcast_id, name
    ON CONFLICT (broadcast_id, name) DO UPDATE SET count = count + excluded.count`,
  );
  return (...parameters) => {
    fold.run(...parameters);
  };
}
