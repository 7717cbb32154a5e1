import { Problem } from "../../app/errors.ts";
import type { Query, Statement } from "./connection.ts";

/** What is in `meta` from the beginning of a move into this database to its end: how far it came. */
export const moveMark = "move";

export type Progress = {
  /** Names the store that is being moved. */
  readonly source: string;
  /** By table: the key of the last row that has arrived. */
  readonly reached: Record<string, readonly (number | string | null | { readonly bytes: string })[]>;
};

const marked: Statement = { name: "moving", text: "SELECT 1 FROM meta WHERE key = $1" };

/** Throws Problem `store-locked` where a move into this database has begun and not ended. */
export async function refuseIfMoving(query: Query): Promise<void> {
  if ((await query(marked, [moveMark])).count === 0) return;
  throw new Problem(
    "store-locked",
    "a move into this database has not ended: run `parwana store move` again, or take it back with --undo",
  );
}
