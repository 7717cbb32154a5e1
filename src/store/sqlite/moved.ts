import { Problem } from "../../app/errors.ts";
import type { Meta } from "./meta.ts";

/** What is in `meta` from the beginning of a move on. */
export const movedMark = "moved";

/** Throws Problem `store-locked` where the store was moved, or is half moved: two stores that both send would send twice. */
export function refuseIfMoved(meta: Meta, dataDir: string): void {
  if (meta.read(movedMark) === undefined) return;
  throw new Problem(
    "store-locked",
    `the store in ${dataDir} was moved to PostgreSQL: set DATABASE_URL, or take the move back with \`parwana store move --undo\``,
  );
}
