import type { ContactId } from "../core/nouns/ids.ts";
import type { Clock, Log, Vault } from "./ports.ts";
import type { Copies, EndedByCopy, TombstoneList } from "./ports-copies.ts";
import type { Store, TurnRequest } from "./ports-store.ts";
import { emptyChanges } from "./turn-changes.ts";

/** People looked at, and erased, at a time: one commit holds them. */
const page = 200;

export type ComeBackParts = {
  readonly store: Store;
  readonly copies: Copies;
  readonly vault: Pick<Vault, "tombstone">;
  readonly list: TombstoneList;
  readonly clock: Clock;
  readonly log: Log;
};

/** What a store that was put back from a copy needed; `ended` is undefined where it was none, or was settled before. */
export type CameBack = { readonly ended: EndedByCopy | undefined; readonly erasedAgain: number };

/**
 * Has to end before anything is served from a store: where it is older than the list of tombstones says, those who were erased
 * since are erased again, as `delete` does it; where it was put back from a copy, what may have gone out since is ended.
 * Cut short, it does the rest the next time. Gives what it did; rejects with Problem `store-unavailable`.
 */
export async function comeBack(parts: ComeBackParts): Promise<CameBack> {
  const { copies, list, log } = parts;
  const ended = await copies.settle();
  if (ended !== undefined) log.warn("store-put-back", ended);
  const stored = new Set((await copies.tombstones()).map(hexOf));
  const listed = list.read();
  const missing = without(listed, stored);
  const erasedAgain = missing.size === 0 ? 0 : await eraseAgain(parts, missing);
  if (erasedAgain > 0) log.warn("people-erased-again", { people: erasedAgain });
  list.add([...without(stored, listed)]);
  return { ended, erasedAgain };
}

/** Goes through everyone, as a tombstone doesn't say whose it is; what belongs to nobody here is noted last. */
async function eraseAgain(parts: ComeBackParts, missing: ReadonlySet<string>): Promise<number> {
  const { store, copies, vault } = parts;
  let erased = 0;
  for (let after: ContactId = 0, more = true; more; ) {
    const people = await store.contactsAfter(after, page);
    const gone = people.filter(({ id }) => missing.has(hexOf(vault.tombstone(id))));
    await Promise.all(gone.map(({ id }) => store.turn(erasure(parts, id))));
    erased += gone.length;
    after = people.at(-1)?.id ?? after;
    more = people.length === page;
  }
  await copies.bury([...missing].map((tombstone) => Buffer.from(tombstone, "hex")));
  return erased;
}

function erasure({ vault, clock }: ComeBackParts, id: ContactId): TurnRequest {
  return {
    who: { kind: "contact", id },
    inbox: undefined,
    fire: undefined,
    now: clock.now(),
    decide: (contact) =>
      contact === undefined
        ? undefined
        : { ...emptyChanges(false), forget: { tombstone: vault.tombstone(id) } },
    keep: () => {
      throw new TypeError("an erasure that failed has nothing to keep");
    },
  };
}

/** The store, and each erasure in the list before its caller hears of it; also one that another process carried out. */
export function listingErasures(store: Store, vault: Pick<Vault, "tombstone">, list: TombstoneList): Store {
  const noteIfGone = async (contact: ContactId): Promise<void> => {
    if ((await store.contact(contact)) === undefined) list.add([hexOf(vault.tombstone(contact))]);
  };
  store.together.hear((tidings) => {
    // Where it can't be looked up now, the next start of this process finds it in the store.
    if (tidings.kind === "dropped") noteIfGone(tidings.contact).catch(() => undefined);
  });
  return {
    ...store,
    turn: async (request) => {
      const result = await store.turn(request);
      const forget = result.kind === "done" ? result.changes?.forget : undefined;
      if (forget !== undefined) list.add([hexOf(forget.tombstone)]);
      return result;
    },
  };
}

function without(some: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...some].filter((one) => !others.has(one)));
}

function hexOf(tombstone: Uint8Array): string {
  return Buffer.from(tombstone.buffer, tombstone.byteOffset, tombstone.byteLength).toString("hex");
}
