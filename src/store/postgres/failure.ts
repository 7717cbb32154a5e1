import { Problem } from "../../app/errors.ts";
import { driverWords, lost, type Trouble, troubles } from "./troubles.ts";

/** Errors of the network and of the driver that mean "no answer came": nobody knows what became of the last statement. */
const networkCodes: ReadonlySet<string> = new Set([
  ...["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED", "ENOTCONN", "ERR_STREAM_DESTROYED"],
]);

/** What the driver or the server calls the failure; undefined for what is neither's. */
export function failureCode(problem: unknown): string | undefined {
  if (!(problem instanceof Error)) return undefined;
  // A file that the address names, as against the socket.
  if ("syscall" in problem && problem.syscall === "open") return "tls-file";
  if ("code" in problem && typeof problem.code === "string") return problem.code;
  for (const [words, code] of driverWords) if (problem.message.includes(words)) return code;
  return undefined;
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
  return told(problem, ({ advice }) => advice);
}

/**
 * What kept a store from being opened, in one sentence. What the driver throws may repeat the address: only its code is told,
 * and the error is not passed on.
 */
export function openingProblem(problem: unknown): unknown {
  const code = failureCode(problem);
  if (problem instanceof Problem || code === undefined) return problem;
  const known = told(problem, ({ advice, atStart }) => atStart ?? advice);
  if (known !== undefined) return known;
  const message = `the database named by DATABASE_URL can't be used (PostgreSQL ${code}): look into its log, and at what stands behind the ? in DATABASE_URL`;
  return new Problem("store-unavailable", message);
}

function told(problem: unknown, words: (trouble: Trouble) => string): Problem | undefined {
  if (problem instanceof Problem) return problem.code === "store-unavailable" ? problem : undefined;
  const code = failureCode(problem);
  if (code === undefined) return undefined;
  const found = troubleOf(code) ?? (isLost(problem) ? lost : undefined);
  if (found === undefined) return undefined;
  const message = `the database can't be used now (PostgreSQL ${code}): ${words(found)}`;
  return new Problem("store-unavailable", message, { cause: problem, trouble: found.name });
}

/** By the whole code, else by what such codes begin with: two or three characters, of Node's own two words. */
function troubleOf(code: string): Trouble | undefined {
  const beginnings = [code, code.slice(0, 3), code.slice(0, 2), code.split("_", 2).join("_")];
  return beginnings.map((one) => troubles.get(one)).find((one) => one !== undefined);
}
