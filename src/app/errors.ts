/** The closed list of what can go wrong in words that someone can act on. Anything else is internal. */
export type ProblemCode =
  | "config"
  | "content"
  | "store-locked"
  | "store-unavailable"
  | "store-newer"
  | "vault"
  | "not-found"
  | "exists"
  | "invalid"
  | "busy";

/** An error of ours: its message says what, where and what to do, and holds nothing personal. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  /** Which of the troubles that `code` sums up: a short name that stays the same, for those who watch. */
  readonly trouble: string | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    options?: { readonly cause?: unknown; readonly trouble?: string },
  ) {
    super(message, options);
    this.code = code;
    this.trouble = options?.trouble;
  }
}

/** The code of a Problem; `internal` for everything else. */
export function problemCode(error: unknown): ProblemCode | "internal" {
  return error instanceof Problem ? error.code : "internal";
}

/** The most exact name there is for what went wrong: a Problem's trouble, else its code; `internal` for everything else. */
export function troubleName(error: unknown): string {
  return (error instanceof Problem ? error.trouble : undefined) ?? problemCode(error);
}

/** What may be told of an error: a Problem's own message; for others only their class, never their text. */
export function problemText(error: unknown): string {
  if (error instanceof Problem) return error.message;
  return `internal error (${error instanceof Error ? error.constructor.name : typeof error})`;
}

/** Codes of Node, of TLS and of undici for what ends a request before it begins. */
const beforeSending: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  // The channel was stopped before; it lets what is under way end, so these come at once or not at all.
  "UND_ERR_CLOSED",
  "UND_ERR_DESTROYED",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Whether there was no connection to write the request to. Everything else that can break may break after it. */
export function neverLeft(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.every(neverLeft);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const syscall = "syscall" in cause ? cause.syscall : undefined;
  return (
    beforeSending.has(code) || syscall === "connect" || syscall === "getaddrinfo" || neverLeft(cause.cause)
  );
}
