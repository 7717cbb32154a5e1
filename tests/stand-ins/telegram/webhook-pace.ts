import type { PostOutcome } from "../wire/outgoing.ts";
import type { Random } from "../wire/seeded.ts";

const LONGEST_RETRY_AFTER_S = 3600;

/**
 * Gives the milliseconds before the next attempt, after `failed` attempts (official server, WebhookActor): none after
 * the first, then 2, 4, 8 … s up to a random 60–120 s; a Retry-After of at most an hour is obeyed instead.
 */
export function retryDelayMs(failed: number, came: PostOutcome, random: Random): number {
  const asked = came.kind === "answered" ? Number(came.headers["retry-after"]) : Number.NaN;
  if (asked > 0) return Math.min(asked, LONGEST_RETRY_AFTER_S) * 1000;
  if (failed <= 1) return 0;
  const ceiling = 60_000 * (1 + random());
  return Math.min(2 ** (failed - 1) * 1000, ceiling);
}
