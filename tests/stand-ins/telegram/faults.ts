import { playWireFault, type WireFault } from "../wire/faults.ts";
import type { Exchange, Reply } from "../wire/host.ts";
import type { Timers } from "../wire/timers.ts";
import { answerOf, badRequest, type Refusal, refused } from "./outcome.ts";

/** What the Bot API can be told to do wrong. */
export type BotApiFault =
  | WireFault
  | { readonly kind: "429"; readonly retryAfter: number }
  | { readonly kind: "500" }
  | { readonly kind: "403" }
  | { readonly kind: "400"; readonly description: string };

/** Plays a fault in place of an orderly answer. */
export function playFault(
  fault: BotApiFault,
  exchange: Exchange,
  timers: Timers,
  run: (reply: Reply) => void,
): void {
  const played = refusalOf(fault);
  if (played.kind === "refused") exchange.reply(answerOf(played));
  else playWireFault(played, exchange, timers, run);
}

/** Gives the refusal that a fault stands for, or the fault itself where it lies in the wire. */
function refusalOf(fault: BotApiFault): Refusal | WireFault {
  switch (fault.kind) {
    case "429":
      return refused(429, `Too Many Requests: retry after ${fault.retryAfter}`, fault.retryAfter);
    case "500":
      return refused(500, "Internal Server Error");
    case "403":
      return refused(403, "Forbidden: bot was blocked by the user");
    case "400":
      return badRequest(fault.description);
    default:
      return fault;
  }
}
