import { Problem } from "../../app/errors.ts";

/** A trouble of the store as a whole: its name for those who watch, and what to do about it. */
type Trouble = { readonly name: string; readonly advice: string };

const locked: Trouble = {
  name: "locked",
  advice: "another program holds the database: end it, or wait until it is done",
};

/** Primary result codes that mean "the store as a whole cannot work now", not "this one statement is wrong". */
const wholeStore: ReadonlyMap<number, Trouble> = new Map([
  [5, locked],
  [6, locked],
  [7, { name: "no-memory", advice: "this machine has no memory left" }],
  [
    8,
    { name: "read-only", advice: "the folder or the disk is read-only: it goes on by itself when it is not" },
  ],
  [10, { name: "io-error", advice: "the disk refuses: it may be full, read-only or failing" }],
  [11, { name: "damaged", advice: "the database file is damaged: restore the last backup" }],
  [13, { name: "disk-full", advice: "the disk is full: free some space and it goes on by itself" }],
  [
    14,
    { name: "no-access", advice: "the database file cannot be opened: check the folder's owner and mode" },
  ],
  [26, { name: "damaged", advice: "the database file is not a database: restore the last backup" }],
]);

/** SQLite's result code of what was thrown; undefined when it is not from SQLite. */
export function sqliteCode(problem: unknown): number | undefined {
  if (!(problem instanceof Error && "errcode" in problem)) return undefined;
  return typeof problem.errcode === "number" ? problem.errcode : undefined;
}

/** Whether nothing is wrong but that another connection is writing. */
export function isLocked(problem: unknown): boolean {
  const code = sqliteCode(problem);
  return code !== undefined && wholeStore.get(code & 0xff) === locked;
}

/** Problem `store-unavailable` with what to do, when the whole store is concerned; undefined for any other failure. */
export function unavailable(problem: unknown): Problem | undefined {
  const code = sqliteCode(problem);
  if (code === undefined) return undefined;
  // The low byte is the primary code; 778, for one, is "input/output error while writing".
  const trouble = wholeStore.get(code & 0xff);
  if (trouble === undefined) return undefined;
  const message = `the store cannot be written to now (SQLite ${code}): ${trouble.advice}`;
  return new Problem("store-unavailable", message, { cause: problem, trouble: trouble.name });
}

/** Why writes were given up: another program did not let the database go. */
export function heldTooLong(): Problem {
  const what = "another program has held the database for too long: end it, or wait until it is done";
  return new Problem("store-unavailable", what, { trouble: locked.name });
}
