import { newSession, type Session } from "../core/conversation/session.ts";
import { sessionOf, sessionText } from "../core/conversation/session-text.ts";
import type { ChannelId, ContactId } from "../core/nouns/ids.ts";
import type { Language } from "../core/nouns/language.ts";
import { Recent } from "../core/nouns/recent.ts";
import type { PersonKey, Vault } from "./ports.ts";
import type { ContactRow } from "./ports-store.ts";

/** A contact opened: what is personal about them in the clear, in memory only. */
export type Person = {
  readonly id: ContactId;
  readonly key: PersonKey;
  readonly wrappedKey: Uint8Array;
  readonly addresses: readonly string[];
  /** The addresses sealed, so that an unchanged list is not sealed again. */
  readonly sealedAddresses: Uint8Array;
  readonly session: Session;
};

/** How many people are kept open in memory at most. */
const roomFor = 20_000;

/**
 * Opens and seals contacts. People who are talking now are kept open, by version, so that a turn decrypts nothing it
 * has just written; a delete empties their place.
 */
export class People {
  readonly #vault: Vault;
  readonly #open = new Recent<ContactId, { readonly version: number; readonly person: Person }>(roomFor);
  /** By address, where its look-up on its channel leads: to find that again is a tenth of what a turn computes. */
  readonly #blinds = new Recent<string, { readonly channel: ChannelId; readonly blind: Uint8Array }>(roomFor);

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** A new person under a new key, reachable at these addresses. */
  create(id: ContactId, addresses: readonly string[], language: Language, content: string): Person {
    const { key, wrapped } = this.#vault.newPersonKey(id);
    return {
      id,
      key,
      wrappedKey: wrapped,
      addresses,
      sealedAddresses: this.#sealAddresses(key, addresses),
      session: newSession(language, content),
    };
  }

  /** Opens a stored contact (from memory when this version is there). Throws when the key does not open it. */
  open(row: ContactRow): Person {
    const kept = this.#open.get(row.id);
    if (kept?.version === row.version) return kept.person;
    const key = this.keyOf(row);
    const person: Person = {
      id: row.id,
      key,
      wrappedKey: row.wrappedKey,
      addresses: JSON.parse(this.#vault.open(key, placeOf(row.id, "address"), row.address)),
      sealedAddresses: row.address,
      session: sessionOf(this.#vault.open(key, placeOf(row.id, "session"), row.session)),
    };
    this.remember(row.version, person);
    return person;
  }

  /** A stored contact's session, without keeping it in memory; undefined when it can't be opened. */
  look(row: ContactRow): Session | undefined {
    const kept = this.#open.get(row.id);
    if (kept?.version === row.version) return kept.person.session;
    try {
      return sessionOf(this.#vault.open(this.keyOf(row), placeOf(row.id, "session"), row.session));
    } catch {
      return undefined;
    }
  }

  /** A stored contact's key, also where the rest of them can't be opened. Throws when the master key does not open it. */
  keyOf(row: Pick<ContactRow, "id" | "wrappedKey">): PersonKey {
    return this.#open.get(row.id)?.person.key ?? this.#vault.openPersonKey(row.id, row.wrappedKey);
  }

  /** The person with this session and these addresses, as a row of the next version. */
  seal(
    person: Person,
    row: Omit<ContactRow, "id" | "wrappedKey" | "address" | "session" | "language">,
  ): ContactRow {
    return {
      ...row,
      id: person.id,
      language: person.session.language,
      wrappedKey: person.wrappedKey,
      address: person.sealedAddresses,
      session: this.#vault.seal(person.key, placeOf(person.id, "session"), sessionText(person.session)),
    };
  }

  /** The person reachable at these addresses, the first to answer to; the same person when nothing changed. */
  at(person: Person, addresses: readonly string[]): Person {
    const all = [...addresses, ...person.addresses.filter((address) => !addresses.includes(address))];
    if (
      all.length === person.addresses.length &&
      all.every((address, at) => address === person.addresses[at])
    )
      return person;
    return { ...person, addresses: all, sealedAddresses: this.#sealAddresses(person.key, all) };
  }

  /** Keeps a person open at a version. */
  remember(version: number, person: Person): void {
    this.#open.set(person.id, { version, person });
  }

  /** Where a channel's webhook look-ups for these addresses lead. */
  blinds(channel: ChannelId, addresses: readonly string[]): readonly Uint8Array[] {
    return addresses.map((address) => {
      const known = this.#blinds.get(address);
      if (known?.channel === channel) return known.blind;
      const blind = this.#vault.blind(channel, address);
      this.#blinds.set(address, { channel, blind });
      return blind;
    });
  }

  /** Lets go of everything in the clear about a person. `addresses`: theirs, where they are not open any more. */
  drop(id: ContactId, addresses: readonly string[] = []): void {
    for (const address of this.#open.get(id)?.person.addresses ?? addresses) this.#blinds.delete(address);
    this.#open.delete(id);
  }

  #sealAddresses(key: PersonKey, addresses: readonly string[]): Uint8Array {
    return this.#vault.seal(key, placeOf(key.id, "address"), JSON.stringify(addresses));
  }
}

function placeOf(id: ContactId, column: "address" | "session") {
  return { table: "contacts", column, row: id };
}
