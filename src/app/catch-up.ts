import type { ContactId } from "../core/nouns/ids.ts";

/**
 * Knows for whom the store holds messages that are not in memory (after a restart). Theirs all come from the store, the
 * new ones too, in their turn.
 */
export class CatchUp {
  readonly #behind = new Set<ContactId>();
  /** Those of them for whom the store may have nothing more. */
  readonly #toAskFor = new Set<ContactId>();
  /** Those for whom something was left to the store, or came from it, since it was asked last. */
  readonly #left = new Set<ContactId>();
  #asked = true;

  /** From now on everyone may be behind, until the store has been asked. */
  begin(): void {
    this.#asked = false;
  }

  isBehind(contact: ContactId): boolean {
    return !this.#asked || this.#behind.has(contact);
  }

  /** One of their messages is left to the store: a look that has begun before may not find it, the next one does. */
  left(contact: ContactId): void {
    this.#behind.add(contact);
    this.#left.add(contact);
  }

  /** The store handed out one of their messages: there may be more behind it. */
  handedOut(contact: ContactId): void {
    this.#behind.add(contact);
    // It may have left before the look that found it ends: that look does not know what waited behind it.
    this.#left.add(contact);
  }

  /** One of their messages is over; whether the store should be asked for the next. */
  isOver(contact: ContactId): boolean {
    if (!this.#behind.has(contact)) return false;
    this.#toAskFor.add(contact);
    return true;
  }

  /** For whom the store will be asked now. */
  asking(): readonly ContactId[] {
    const contacts = [...this.#toAskFor];
    this.#toAskFor.clear();
    this.#left.clear();
    return contacts;
  }

  /**
   * The store has been asked; those for whom it gave nothing, and has been left nothing since, are no longer behind. Of whom
   * something is held, the store may have passed over the rest.
   */
  asked(contacts: readonly ContactId[], isHeld: (contact: ContactId) => boolean): void {
    this.#asked = true;
    for (const contact of contacts)
      if (!isHeld(contact) && !this.#left.has(contact)) this.#behind.delete(contact);
  }
}
