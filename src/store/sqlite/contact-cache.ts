import type { ContactRow } from "../../app/ports-store.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import { Recent } from "../../core/nouns/recent.ts";

/** Contacts kept at most, about a kilobyte each: always the half of them used last. */
const most = 20_000;

/**
 * The contacts of late, as they are in the database: reading one costs a fifth of a turn. This process alone writes, so
 * they stay true as long as every writing passes here, and everything is dropped when a transaction is undone. Their bytes
 * must be memory of their own, not views into a pool that would stay alive as a whole.
 */
export type ContactCache = {
  readonly byId: (id: ContactId) => ContactRow | undefined;
  readonly byBlind: (blind: Uint8Array) => ContactRow | undefined;
  readonly put: (contact: ContactRow) => void;
  /** This look-up leads to this contact. */
  readonly point: (blind: Uint8Array, id: ContactId) => void;
  readonly remove: (id: ContactId) => void;
  readonly clear: () => void;
};

/** An empty cache of at most 20,000 contacts, and twice as many look-ups; what was used last stays. */
export function contactCache(): ContactCache {
  const rows = new Recent<ContactId, ContactRow>(most);
  const lookups = new Recent<string, ContactId>(2 * most);
  return {
    byId: (id) => rows.get(id),
    byBlind: (blind) => {
      const id = lookups.get(keyOf(blind));
      return id === undefined ? undefined : rows.get(id);
    },
    put: (contact) => rows.set(contact.id, contact),
    point: (blind, id) => lookups.set(keyOf(blind), id),
    remove: (id) => {
      rows.delete(id);
      for (const [blind, whose] of lookups.entries()) if (whose === id) lookups.delete(blind);
    },
    clear: () => {
      rows.clear();
      lookups.clear();
    },
  };
}

const keyOf = (blind: Uint8Array): string =>
  Buffer.from(blind.buffer, blind.byteOffset, blind.byteLength).toString("latin1");
