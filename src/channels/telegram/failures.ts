import { GrammyError, HttpError } from "grammy";
import { neverLeft } from "../../app/errors.ts";
import type { SendOutcome } from "../../app/ports-channel.ts";
import { type Ms, minute, second } from "../../core/nouns/time.ts";

/** What a call that did not succeed means. `resend-plain`: our markup was wrong, the same text may go without it. */
export type Failure =
  | Extract<SendOutcome, { readonly kind: "retry-later" | "refused" | "contact-stopped" | "unknown" }>
  | { readonly kind: "resend-plain" };

type Rule = {
  readonly code: number;
  readonly says: string;
  readonly means: (asked: Ms | undefined) => Failure;
};

const stopped = (reason: string) => (): Failure => ({ kind: "contact-stopped", reason });
const refused = (reason: string) => (): Failure => ({ kind: "refused", reason });
const unknown = (reason: string) => (): Failure => ({ kind: "unknown", reason });
const later = (reason: string) => (): Failure => ({
  kind: "retry-later",
  afterMs: undefined,
  reason,
  scope: "channel",
});
const badToken = (): Failure => ({
  kind: "retry-later",
  afterMs: minute,
  reason: "unauthorized",
  scope: "channel",
});
/** Which of its limits was hit Telegram does not say; the sender widens the scope where it must be the common one. */
const flood = (asked: Ms | undefined): Failure => ({
  kind: "retry-later",
  afterMs: asked,
  reason: "flood",
  scope: "contact",
});

/**
 * One line a case, the first that fits counts. The descriptions are those of the official server's source; the API
 * documents that codes may change, so a line asks for the code and a piece of the description where it can.
 * Descriptions never leave this file: they can quote the text that was sent.
 */
const rules: readonly Rule[] = [
  { code: 403, says: "bot was blocked by the user", means: stopped("blocked") },
  { code: 403, says: "user is deactivated", means: stopped("deactivated") },
  { code: 403, says: "can't initiate conversation", means: stopped("never-started") },
  { code: 403, says: "", means: stopped("forbidden") },
  { code: 400, says: "chat not found", means: stopped("chat-not-found") },
  { code: 400, says: "peer_id_invalid", means: stopped("chat-not-found") },
  { code: 400, says: "can't parse entities", means: () => ({ kind: "resend-plain" }) },
  { code: 400, says: "message is too long", means: refused("text-too-long") },
  { code: 400, says: "text is too long", means: refused("text-too-long") },
  { code: 400, says: "message text is empty", means: refused("text-empty") },
  { code: 400, says: "button_data_invalid", means: refused("button-invalid") },
  { code: 400, says: "inline keyboard button", means: refused("button-invalid") },
  { code: 400, says: "reply markup is too long", means: refused("keyboard-too-long") },
  { code: 400, says: "", means: refused("bad-request") },
  { code: 401, says: "", means: badToken },
  // A token that is not even shaped like one has no methods.
  { code: 404, says: "", means: badToken },
  { code: 429, says: "", means: flood },
  // The server says that it did not do it …
  { code: 500, says: "", means: later("server-error") },
  { code: 503, says: "", means: later("server-unavailable") },
  // … a gateway only that it heard nothing: the message may be out.
  { code: 502, says: "", means: unknown("gateway") },
  { code: 504, says: "", means: unknown("gateway") },
];

/** What an error of a Bot API call means for the message that was to be sent. Takes anything that was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof GrammyError) return answered(error);
  const cause = error instanceof HttpError ? error.error : error;
  if (neverLeft(cause)) return later("unreachable")();
  return unknown(cause instanceof SyntaxError ? "unreadable-answer" : "no-answer")();
}

/** The code and class of a failed call, for logs: never the payload, the address or the server's own words. */
export function failureFields(error: unknown): {
  readonly code: number | undefined;
  readonly reason: string;
} {
  const failure = failureOf(error);
  return {
    code: error instanceof GrammyError ? error.error_code : undefined,
    reason: failure.kind === "resend-plain" ? "markup" : failure.reason,
  };
}

/** The pause that an answer asks for; undefined where it names none, or none that makes sense: a proxy may have written it. */
export function pauseAsked({ parameters }: GrammyError): Ms | undefined {
  const seconds: unknown = parameters.retry_after;
  return typeof seconds === "number" && seconds > 0 ? seconds * second : undefined;
}

function answered(error: GrammyError): Failure {
  // What a server that is none of Telegram's answers may have no description at all.
  const description = `${error.description}`.toLowerCase();
  const rule = rules.find(({ code, says }) => code === error.error_code && description.includes(says));
  if (rule !== undefined) return rule.means(pauseAsked(error));
  return (error.error_code < 500 ? refused : unknown)(`error-${error.error_code}`)();
}
