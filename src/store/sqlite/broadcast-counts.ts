import type { DatabaseSync } from "node:sqlite";
import { reportName } from "../schema/codes.ts";

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
