import type { Answer } from "../wire/host.ts";
import { jsonAnswer } from "../wire/host.ts";

/** What a Bot API method came to. */
export type Outcome =
  | { readonly kind: "done"; readonly result: unknown }
  | {
      readonly kind: "refused";
      readonly code: number;
      readonly description: string;
      readonly retryAfter?: number;
    };

export type Refusal = Extract<Outcome, { kind: "refused" }>;

export function done(result: unknown): Outcome {
  return { kind: "done", result };
}

/** A 400; `reason` follows the "Bad Request: " that the real server puts first. */
export function badRequest(reason: string): Refusal {
  return { kind: "refused", code: 400, description: `Bad Request: ${reason}` };
}

export function refused(code: number, description: string, retryAfter?: number): Refusal {
  return retryAfter === undefined
    ? { kind: "refused", code, description }
    : { kind: "refused", code, description, retryAfter };
}

/** Gives an outcome in the envelope of the Bot API. */
export function answerOf(outcome: Outcome): Answer {
  if (outcome.kind === "done") return jsonAnswer(200, { ok: true, result: outcome.result });
  const { code, description, retryAfter } = outcome;
  const envelope = { ok: false, error_code: code, description };
  if (retryAfter === undefined) return jsonAnswer(code, envelope);
  return jsonAnswer(
    code,
    { ...envelope, parameters: { retry_after: retryAfter } },
    { "Retry-After": String(retryAfter) },
  );
}
