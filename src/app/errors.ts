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

  constructor(code: ProblemCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The code of a Problem; `internal` for everything else. */
export function problemCode(error: unknown): ProblemCode | "internal" {
  return error instanceof Problem ? error.code : "internal";
}

/** What may be told of an error: a Problem's own message; for others only their class, never their text. */
export function problemText(error: unknown): string {
  if (error instanceof Problem) return error.message;
  return `internal error (${error instanceof Error ? error.constructor.name : typeof error})`;
}
