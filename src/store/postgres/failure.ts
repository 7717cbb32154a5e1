import { Problem } from "../../app/errors.ts";

/** Errors of the network and of the driver that mean "no answer came": nobody knows what became of the last statement. */
const networkCodes: ReadonlySet<string> = new Set([
  ...["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED", "ENOTCONN", "ERR_STREAM_DESTROYED"],
]);
const lostWords = ["Connection terminated", "not queryable", "Query read timeout", "timeout exceeded"];

/** A trouble of the store as a whole: its name for those who watch, and what to do about it. */
type Trouble = { readonly name: string; readonly advice: string };

const trouble = (name: string, advice: string): Trouble => ({ name, advice });

const unknownHost = "the host can't be reached: correct it in DATABASE_URL, or mend the network";
const lost = trouble("lost", "the connection was lost; it goes on by itself");

/** SQLSTATE → what to do; by the whole code, else by its class (the first two or three characters). */
const troubles: ReadonlyMap<string, Trouble> = new Map([
  [
    "ECONNREFUSED",
    trouble("unreachable", "no PostgreSQL answers there: start it, or correct host and port in DATABASE_URL"),
  ],
  ["ENOTFOUND", trouble("unreachable", "the host name is unknown: correct it in DATABASE_URL")],
  [
    "EAI_AGAIN",
    trouble(
      "unreachable",
      "the host name can't be looked up now: correct it in DATABASE_URL, or mend the network",
    ),
  ],
  ["ENOENT", trouble("unreachable", "there is no such socket: start PostgreSQL, or correct DATABASE_URL")],
  ["EACCES", trouble("unreachable", "this user may not use the socket: correct its mode or DATABASE_URL")],
  ["EHOSTUNREACH", trouble("unreachable", unknownHost)],
  ["ENETUNREACH", trouble("unreachable", unknownHost)],
  ["28", trouble("wrong-password", "the user name or the password is wrong: correct it in DATABASE_URL")],
  [
    "3D000",
    trouble("no-database", "there is no such database: create it, or correct its name in DATABASE_URL"),
  ],
  [
    "42501",
    trouble("no-right", "the user lacks a right: make it the owner of the database and of what is in it"),
  ],
  [
    "25006",
    trouble("read-only", "the database is read-only: it may be a standby; name the primary in DATABASE_URL"),
  ],
  ["53100", trouble("disk-full", "the database's disk is full: free some space and it goes on by itself")],
  ["53200", trouble("no-memory", "the database has no memory left")],
  [
    "53300",
    trouble(
      "no-connection",
      "the database has no connection free: raise max_connections, or run fewer processes",
    ),
  ],
  ["53", trouble("short", "the database is short of something: look into its log")],
  [
    "57P",
    trouble(
      "restarting",
      "the database is starting, stopping or closed this connection: it goes on by itself when it is back",
    ),
  ],
  ["55P03", trouble("locked", "something held a lock too long: look for long transactions in the database")],
  ["57014", trouble("slow", "the database took too long: look at its load and its log")],
  ["58", trouble("io-error", "the database reports an input/output error: its disk may be full or failing")],
  [
    "XX",
    trouble("damaged", "the database reports that it is damaged: look into its log, restore the last backup"),
  ],
]);

/** What the driver or the server calls the failure; undefined for what is neither's. */
export function failureCode(problem: unknown): string | undefined {
  if (!(problem instanceof Error)) return undefined;
  if ("code" in problem && typeof problem.code === "string") return problem.code;
  return lostWords.some((words) => problem.message.includes(words)) ? "lost" : undefined;
}

/** Whether the connection died before the answer came, so that the last statement may or may not have worked. */
export function isLost(problem: unknown): boolean {
  const code = failureCode(problem);
  return (
    code !== undefined && (code === "lost" || networkCodes.has(code) || /^(?:08|57P|25P0[34])/.test(code))
  );
}

/** Whether it was nothing but bad luck with another transaction, which is over now. */
export function isCollision(problem: unknown): boolean {
  const code = failureCode(problem);
  return code === "40P01" || code === "40001";
}

/** Problem `store-unavailable` with what to do, when the whole store is concerned; undefined for any other failure. */
export function unavailable(problem: unknown): Problem | undefined {
  if (problem instanceof Problem) return problem.code === "store-unavailable" ? problem : undefined;
  const code = failureCode(problem);
  if (code === undefined) return undefined;
  const known = troubles.get(code) ?? troubles.get(code.slice(0, 3)) ?? troubles.get(code.slice(0, 2));
  const found = known ?? (isLost(problem) ? lost : undefined);
  if (found === undefined) return undefined;
  const message = `the database can't be used now (PostgreSQL ${code}): ${found.advice}`;
  return new Problem("store-unavailable", message, { cause: problem, trouble: found.name });
}

/** What the driver throws may repeat the address: only its code is told. */
export function openingProblem(problem: unknown): unknown {
  if (problem instanceof Problem) return problem;
  const code = failureCode(problem);
  if (code === undefined) return problem;
  return (
    unavailable(problem) ??
    new Problem("store-unavailable", `the database named by DATABASE_URL can't be used (PostgreSQL ${code})`)
  );
}
