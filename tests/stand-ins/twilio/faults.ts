import { playWireFault, type WireFault } from "../wire/faults.ts";
import type { Exchange, Reply } from "../wire/host.ts";
import type { Timers } from "../wire/timers.ts";
import { errorAnswer, type TwilioError } from "./errors.ts";

/** What Twilio can be told to do wrong. */
export type TwilioFault =
  | WireFault
  | { readonly kind: "429" }
  | { readonly kind: "500" }
  /** Refuses at once with this code (HTTP status 400 unless said otherwise). */
  | { readonly kind: "refuse"; readonly code: number; readonly status?: number }
  /** Takes the message with 201, and tells later that it failed. */
  | { readonly kind: "fail-later"; readonly code: number };

/** Plays a fault; "fail-later" is the matter of whoever accepts the message. */
export function playFault(
  fault: Exclude<TwilioFault, { kind: "fail-later" }>,
  exchange: Exchange,
  timers: Timers,
  run: (reply: Reply) => void,
): void {
  const played = refusalOf(fault);
  if ("code" in played) exchange.reply(errorAnswer(played));
  else playWireFault(played, exchange, timers, run);
}

function refusalOf(fault: Exclude<TwilioFault, { kind: "fail-later" }>): TwilioError | WireFault {
  switch (fault.kind) {
    case "429":
      return { status: 429, code: 20429, message: "Too Many Requests" };
    case "500":
      return { status: 500, code: 20500, message: "Internal Server Error" };
    case "refuse":
      return { status: fault.status ?? 400, code: fault.code, message: "Refused by the stand-in" };
    default:
      return fault;
  }
}
