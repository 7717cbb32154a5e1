import { type Answer, jsonAnswer } from "../wire/host.ts";

/** A refusal at once, as the REST API words it. */
export interface TwilioError {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export function badCall(code: number, message: string): TwilioError {
  return { status: 400, code, message };
}

export const NOT_FOUND: TwilioError = {
  status: 404,
  code: 20404,
  message: "The requested resource was not found",
};

/** Gives an error in the envelope of the REST API. */
export function errorAnswer({ status, code, message }: TwilioError): Answer {
  return jsonAnswer(status, {
    code,
    message,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  });
}

/** The texts that go with failures told later, in a status callback. */
const FAILURES: Readonly<Record<number, string>> = {
  21610: "Attempt to send to unsubscribed recipient",
  63003: "Channel could not find To address",
  63013: "This message send failed because it violates Channel provider's policy",
  63014: "This message failed to be delivered to the user because it was blocked by a user action",
  63016: "Failed to send freeform message because you are outside the allowed window",
  63018: "Rate limit exceeded for Channel",
  63021: "Channel invalid content error",
  63024: "Invalid message recipient",
  63038: "Account exceeded the daily messages limit",
  63049: "Meta chose not to deliver this WhatsApp marketing message",
};

export function failureText(code: number): string {
  return FAILURES[code] ?? "Unknown error";
}

/** Statuses with which WhatsApp itself turned a message down, rather than Twilio. */
const TURNED_DOWN: ReadonlySet<number> = new Set([63024, 63032, 63049]);

export function failedStatus(code: number): "failed" | "undelivered" {
  return TURNED_DOWN.has(code) ? "undelivered" : "failed";
}
