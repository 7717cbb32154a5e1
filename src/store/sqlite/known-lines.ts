import type { ContactId, OutboxId } from "../../core/nouns/ids.ts";
import { Recent } from "../../core/nouns/recent.ts";

/** Contacts remembered at most. */
const most = 20_000;

/**
 * Of whom this process knows that nothing is held for them and which answers wait: none, or one. Nearly everyone who talks
 * is one of these, and to ask the database each time costs a fifth of what a turn does there. This process alone writes, so
 * it stays true as long as whoever queues an answer or holds something in another way says so, and everything is forgotten
 * when a transaction is undone. That the one waits is looked at again when it counts.
 */
export type KnownLines = {
  /** The one answer that waits, 0 where none does; undefined where that is not known. */
  readonly of: (contact: ContactId) => OutboxId | 0 | undefined;
  readonly set: (contact: ContactId, row: OutboxId | 0) => void;
  readonly forget: (contact: ContactId) => void;
  readonly clear: () => void;
};

/** Nothing is known at first. */
export function knownLines(): KnownLines {
  const lines = new Recent<ContactId, OutboxId | 0>(most);
  return {
    of: (contact) => lines.get(contact),
    set: (contact, row) => lines.set(contact, row),
    forget: (contact) => lines.delete(contact),
    clear: () => lines.clear(),
  };
}
