import { hash } from "node:crypto";

/**
 * A whole number of at most `digits` decimal digits (1–15), without leading zero, that belongs to a session: the
 * same one after a restart of the server, so that a page that is still open goes on where it was.
 */
export function sessionNumber(kind: string, session: string, digits: number): number {
  const bits = BigInt(`0x${hash("sha256", `${kind}:${session}`).slice(0, 24)}`);
  const lowest = 10n ** BigInt(digits - 1);
  return Number(lowest + (bits % (9n * lowest)));
}
