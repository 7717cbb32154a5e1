import type { Ms } from "../core/nouns/time.ts";

/** The wall clock. Everything that needs "now" is given it from here. */
export type Clock = { readonly now: () => Ms };

/**
 * Where structured notes go. Fields are counts, opaque ids, codes and names of our own parts:
 * never message text, a name, an address or an answer.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
export type Log = {
  readonly debug: (event: string, fields?: LogFields) => void;
  readonly info: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
  readonly error: (event: string, fields?: LogFields) => void;
};

/** A person's data key, opened; what is inside is the vault's own. */
export type PersonKey = { readonly id: number; readonly key: object };
export type Place = {
  readonly table: string;
  readonly column: string;
  readonly row: number;
  readonly org?: string;
};
/** Seals and opens what is personal. Its errors name neither keys nor content. */
export interface Vault {
  newPersonKey(id: number): { readonly key: PersonKey; readonly wrapped: Uint8Array };
  openPersonKey(id: number, wrapped: Uint8Array): PersonKey;
  seal(key: PersonKey, place: Place, plain: string): Uint8Array;
  open(key: PersonKey, place: Place, sealed: Uint8Array): string;
  /** The keyed look-up value of an address on a channel. */
  blind(channel: string, address: string): Uint8Array;
  /** What remains of a deleted contact, so that a restored backup deletes it again. */
  tombstone(contactId: number): Uint8Array;
}

/** Whether a contact may be written to unasked: `stopped` by their own word, `blocked` by the platform's. */
export type ContactState = "active" | "stopped" | "blocked";
