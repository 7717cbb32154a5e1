import { neverLeft } from "../../app/errors.ts";
import type { SendOutcome } from "../../app/ports-channel.ts";
import { hour, type Ms, minute, second } from "../../core/nouns/time.ts";

/** Every outcome but success. */
export type Failure = Exclude<SendOutcome, { readonly kind: "sent" | "announced" }>;

/** HTTP 429, with the seconds that Twilio asks for, if it does. */
export class Throttled extends Error {
  override readonly name = "Throttled";
  readonly seconds: number | undefined;

  constructor(seconds: number | undefined) {
    super("Twilio asks to slow down");
    this.seconds = seconds;
  }
}

/** A success whose body is no JSON: it was done, but there is no SID. */
export class UnreadableAnswer extends Error {
  override readonly name = "UnreadableAnswer";
}

type Class = (reason: string) => Failure;

const refused: Class = (reason) => ({ kind: "refused", reason });
const stopped: Class = (reason) => ({ kind: "contact-stopped", reason });
const closed: Class = (reason) => ({ kind: "window-closed", reason });
const unknown: Class = (reason) => ({ kind: "unknown", reason });
const later =
  (scope: "channel" | "contact", afterMs: Ms | undefined): Class =>
  (reason) => ({ kind: "retry-later", afterMs, reason, scope });
/** Nothing can be sent until the host's account or sender is put right. */
const misconfigured = later("channel", 5 * minute);

/**
 * One line a code, for answers of the REST API and for status callbacks alike. Meanings from twilio.com/docs/api/errors;
 * Twilio's error texts never leave this folder: they can quote numbers.
 */
const classes: Readonly<Record<number, Class>> = {
  14107: later("channel", undefined), // message rate limit exceeded
  20003: misconfigured, // authentication failed
  20005: misconfigured, // account not active
  20404: refused, // not found
  20429: later("channel", undefined), // too many requests at once
  20503: later("channel", undefined), // service unavailable
  21211: refused, // To is not valid
  21408: refused, // no permission for this region
  21602: refused, // no body
  21603: misconfigured, // no From
  21604: refused, // no To
  21606: misconfigured, // From is not ours
  21610: stopped, // opted out with Twilio
  21614: refused, // To is no mobile number
  21617: refused, // body too long
  21619: refused, // no body, media or content
  21655: refused, // ContentSid invalid
  21656: refused, // ContentVariables invalid
  30001: later("channel", minute), // Twilio's queue for this sender is full
  30007: refused, // filtered
  30008: later("contact", minute), // unknown error on the way
  63001: refused, // channel could not authenticate
  63003: refused, // To not found on the channel
  63005: refused, // channel did not accept the content
  63007: misconfigured, // no such sender
  63009: later("contact", minute), // channel answered with an error
  63010: later("contact", minute), // channel's internal error
  63012: later("contact", minute), // channel's service is down
  63013: refused, // against the channel's policy (variables)
  63014: stopped, // blocked by the person
  63015: refused, // sandbox: the person has not joined
  63016: closed, // free-form outside the window
  63017: later("channel", undefined), // account's rate
  63018: later("contact", undefined), // channel's rate for this person
  63020: misconfigured, // Meta's invitation not accepted
  63021: refused, // content invalid
  63024: refused, // not on WhatsApp
  63027: refused, // template does not exist in this language
  63028: refused, // number of parameters differs
  63029: refused, // template not delivered in time
  63030: refused, // unsupported parameter
  63032: refused, // Meta's limit for this person (experiment group)
  63033: stopped, // deprecated form of 63014
  63038: later("channel", hour), // account's messages a day
  63041: refused, // template paused
  63049: refused, // Meta chose not to deliver
  63062: refused, // Marketing Messages terms not accepted
};

/** Codes that say that a content record is of no use any more: the same message may go as text. */
const goneRecords: ReadonlySet<number> = new Set([20404, 21655, 21656, 63027, 63028, 63030]);

/** What Twilio's code means for the message, in an answer or in a status callback; an unlisted one is a refusal. */
export function failureOfCode(code: number): Failure {
  const means = Object.hasOwn(classes, code) ? classes[code] : undefined;
  return (means ?? refused)(`twilio-${code}`);
}

/** What an error of a call means for the message that was to be sent. Takes anything that was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Throttled) {
    const afterMs = error.seconds === undefined ? undefined : error.seconds * second;
    return later("channel", afterMs)("throttled");
  }
  const answered = answerOf(error);
  if (answered !== undefined) return failureOfAnswer(answered);
  if (neverLeft(error)) return later("channel", undefined)("unreachable");
  return unknown(error instanceof UnreadableAnswer ? "unreadable-answer" : "no-answer");
}

/** The code and class of a failed call, for logs: never the payload, an address or Twilio's own words. */
export function failureFields(error: unknown): {
  readonly code: number | undefined;
  readonly reason: string;
} {
  const answered = answerOf(error);
  return { code: answered?.code ?? answered?.status, reason: failureOf(error).reason };
}

/** Whether a content record is gone at Twilio, or no longer what it was created as. */
export function isRecordGone(error: unknown): boolean {
  const code = answerOf(error)?.code;
  return code !== undefined && goneRecords.has(code);
}

/** The HTTP status of a refused call; undefined when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return answerOf(error)?.status;
}

type Answered = { readonly status: number; readonly code: number | undefined };

/** The SDK throws one of two classes by the shape of the answer; one of them is not exported. */
function answerOf(error: unknown): Answered | undefined {
  if (!(error instanceof Error && "status" in error && typeof error.status === "number")) return undefined;
  const code = "code" in error && typeof error.code === "number" && error.code > 0 ? error.code : undefined;
  return { status: error.status, code };
}

function failureOfAnswer({ status, code }: Answered): Failure {
  if (code !== undefined && Object.hasOwn(classes, code)) return failureOfCode(code);
  if (status === 503) return later("channel", undefined)("http-503");
  if (status >= 500) return unknown(`http-${status}`);
  if (status === 401 || status === 403) return misconfigured(`http-${status}`);
  return refused(code === undefined ? `http-${status}` : `twilio-${code}`);
}
