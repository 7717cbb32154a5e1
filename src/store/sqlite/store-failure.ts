import { Problem } from "../../app/errors.ts";

/** Primary result codes that mean "the store as a whole cannot work now", not "this one statement is wrong". */
const wholeStore: ReadonlyMap<number, string> = new Map([
  [5, "another program holds the database: end it, or wait until it is done"],
  [6, "another program holds the database: end it, or wait until it is done"],
  [7, "this machine has no memory left"],
  [8, "the folder or the disk is read-only"],
  [10, "the disk reports an input/output error: it may be full or failing"],
  [11, "the database file is damaged: restore the last backup"],
  [13, "the disk is full: free some space and it goes on by itself"],
  [14, "the database file cannot be opened: check the folder's owner and mode"],
  [26, "the database file is not a database: restore the last backup"],
]);

/** SQLite's result code of what was thrown; undefined when it is not from SQLite. */
export function sqliteCode(problem: unknown): number | undefined {
  if (!(problem instanceof Error && "errcode" in problem)) return undefined;
  return typeof problem.errcode === "number" ? problem.errcode : undefined;
}

/** Problem `store-unavailable` with what to do, when the whole store is concerned; undefined for any other failure. */
export function unavailable(problem: unknown): Problem | undefined {
  const code = sqliteCode(problem);
  if (code === undefined) return undefined;
  // The low byte is the primary code; 778, for one, is "input/output error while writing".
  const advice = wholeStore.get(code & 0xff);
  if (advice === undefined) return undefined;
  return new Problem("store-unavailable", `the store cannot be written to now (SQLite ${code}): ${advice}`, {
    cause: problem,
  });
}
