import type { ContactId, OutboxId } from "../core/nouns/ids.ts";

/** Rows that are in memory or whose result is not yet committed. */
export class HeldRows {
  readonly #whose = new Map<OutboxId, ContactId>();
  readonly #counts = new Map<ContactId, number>();

  add(row: OutboxId, contact: ContactId): void {
    if (this.#whose.has(row)) return;
    this.#whose.set(row, contact);
    this.#counts.set(contact, (this.#counts.get(contact) ?? 0) + 1);
  }

  delete(row: OutboxId): void {
    const contact = this.#whose.get(row);
    if (contact === undefined) return;
    this.#whose.delete(row);
    const left = (this.#counts.get(contact) ?? 0) - 1;
    if (left > 0) this.#counts.set(contact, left);
    else this.#counts.delete(contact);
  }

  has(row: OutboxId): boolean {
    return this.#whose.has(row);
  }

  /** Whose row it is; undefined where it is not held. */
  contactOf(row: OutboxId): ContactId | undefined {
    return this.#whose.get(row);
  }

  /** Whether anything of this contact is held. */
  hasAnyOf(contact: ContactId): boolean {
    return this.#counts.has(contact);
  }

  rows(): Iterable<OutboxId> {
    return this.#whose.keys();
  }

  contacts(): readonly ContactId[] {
    return [...this.#counts.keys()];
  }
}
