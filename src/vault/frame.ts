import { VaultError } from "./vault-error.ts";

/**
 * Joins parts into text, to be taken as UTF-8, whose bytes no other list of parts gives: each is preceded by its length
 * (UTF-16 units).
 * The first part is the purpose, so that a value made for one purpose never stands for another.
 * A number and its decimal string give the same text, because one database returns row ids as numbers and another as strings.
 * Throws VaultError `bad-id` for a number that is no safe integer and for text that UTF-8 cannot hold (a lone surrogate),
 * since two of these could give the same bytes.
 */
export function frame(purpose: string, ...parts: readonly (string | number)[]): string {
  let text = `${purpose}|`;
  for (const part of parts) {
    const written = typeof part === "number" ? decimal(part) : part;
    text += `${written.length}:${written}`;
  }
  if (!text.isWellFormed()) {
    throw new VaultError("bad-id", "an id holds half a character, so no value can be bound to it");
  }
  return text;
}

function decimal(value: number): string {
  if (!Number.isSafeInteger(value)) {
    throw new VaultError("bad-id", "an id is not a safe integer, so no value can be bound to it");
  }
  return String(value);
}
