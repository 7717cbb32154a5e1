import type { ContactId } from "../core/nouns/ids.ts";
import type { ContactState, Vault } from "./ports.ts";
import type { Listed, Lists } from "./ports-copies.ts";
import type { Changes, Store, TurnResult } from "./ports-store.ts";

/** A tombstone as the lists beside the store write it. */
export function asListed(tombstone: Uint8Array): Listed {
  return Buffer.from(tombstone).toString("hex");
}

/** What a person is called in the lists beside the store. */
export function listedAs(vault: Pick<Vault, "tombstone">, id: ContactId): Listed {
  return asListed(vault.tombstone(id));
}

/**
 * The store, with each erasure and each opt-out in the lists before its caller hears of it; also an erasure that another process
 * carried out.
 */
export function listingPeople(store: Store, vault: Pick<Vault, "tombstone">, lists: Lists): Store {
  const listIfGone = async (contact: ContactId): Promise<void> => {
    if ((await store.contact(contact)) === undefined) lists.addErased([listedAs(vault, contact)]);
  };
  store.together.hear((tidings) => {
    // Where it can't be looked up now, the next start of this process finds it in the store.
    if (tidings.kind === "dropped") listIfGone(tidings.contact).catch(() => undefined);
  });
  return {
    ...store,
    turn: async (request) => {
      let before: ContactState | undefined;
      const result = await store.turn({
        ...request,
        decide: (contact, waits) => {
          before = contact?.state;
          return request.decide(contact, waits);
        },
      });
      const changes = changesIn(result);
      if (changes !== undefined) listChanges(changes, before, request.now);
      return result;
    },
  };

  function listChanges({ forget, contact }: Changes, before: ContactState | undefined, at: number): void {
    if (forget !== undefined) lists.addErased([asListed(forget.tombstone)]);
    else if (contact !== undefined && before !== undefined && isWord(before, contact.state))
      lists.addOptOut({ who: listedAs(vault, contact.id), at, stopped: contact.state === "stopped" });
  }
}

function changesIn(result: TurnResult): Changes | undefined {
  return result.kind === "done" ? result.changes : undefined;
}

/** Whether a person said stop, or wants to hear again. That we can't reach them is not their word. */
function isWord(before: ContactState, after: ContactState): boolean {
  return before !== after && after !== "blocked";
}
