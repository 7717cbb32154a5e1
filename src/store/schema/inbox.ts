import type { TurnRequest } from "../../app/ports-store.ts";
import type { ChannelId, ContactId } from "../../core/nouns/ids.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { numberIn, optionalNumberIn, type Row } from "./columns.ts";

export type InboxKey = NonNullable<TurnRequest["inbox"]>;

/** What was known of a delivery before this turn: `tried` when its last attempt began and was never ended. */
export type InboxState =
  | { readonly kind: "over" }
  | { readonly kind: "tried"; readonly attempts: number }
  | { readonly kind: "kept"; readonly attempts: number; readonly id: number };

/** An input whose handling failed, as it is kept. */
export type Failed = {
  readonly channel: ChannelId;
  readonly externalId: string;
  readonly id: number;
  readonly contact: ContactId;
  readonly attempts: number;
  /** When to try again; undefined: set aside. */
  readonly tryAt: Ms | undefined;
  readonly reason: string;
  readonly input: Uint8Array;
  readonly now: Ms;
};

/** The state of a delivery from its row. */
export function inboxStateFrom(row: Row): InboxState {
  const state = numberIn(row, "state");
  const attempts = optionalNumberIn(row, "attempts") ?? 0;
  if (state === 1) return { kind: "tried", attempts };
  return state === 2 ? { kind: "kept", attempts, id: numberIn(row, "id") } : { kind: "over" };
}
