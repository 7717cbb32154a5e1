import type { PostOutcome } from "../wire/outgoing.ts";

/** What the fragment of a webhook URL asks for (Twilio's connection overrides). */
export interface Overrides {
  readonly retries: number;
  readonly retryOn: ReadonlySet<string>;
  readonly readMs: number;
  readonly totalMs: number;
}

const POLICIES = new Set(["4xx", "5xx", "ct", "rt", "all"]);

/** Reads `#rc=3&rp=4xx,5xx,ct,rt&rt=…&tt=…`. Without: one retry, and only where no connection was made. */
export function readOverrides(url: string): Overrides {
  const at = url.indexOf("#");
  const given = new URLSearchParams(at < 0 ? "" : url.slice(at + 1));
  const retryOn = new Set((given.get("rp") ?? "ct").split(","));
  const stranger = [...retryOn].find((policy) => !POLICIES.has(policy));
  if (stranger !== undefined) throw new Error(`unknown retry policy "${stranger}" in a webhook URL`);
  return {
    retries: within(given.get("rc"), 1, 0, 5),
    retryOn,
    readMs: within(given.get("rt"), 15_000, 100, 15_000),
    totalMs: within(given.get("tt"), 15_000, 100, 15_000),
  };
}

function within(given: string | null, otherwise: number, least: number, most: number): number {
  if (given === null) return otherwise;
  const value = Number(given);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${given} is not within ${least} to ${most} in a webhook URL`);
  }
  return value;
}

/** Tells whether what came of an attempt is one of the reasons to try again. */
export function isRetried(came: PostOutcome, { retryOn }: Overrides): boolean {
  const reason = reasonOf(came);
  return reason !== undefined && (retryOn.has("all") || retryOn.has(reason));
}

function reasonOf(came: PostOutcome): string | undefined {
  if (came.kind === "not-connected") return "ct";
  if (came.kind === "broken") return "rt";
  if (came.status >= 500) return "5xx";
  return came.status >= 400 ? "4xx" : undefined;
}
