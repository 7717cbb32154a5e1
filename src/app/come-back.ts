import type { ContactId } from "../core/nouns/ids.ts";
import { listedAs } from "./list-people.ts";
import type { Clock, Log, Vault } from "./ports.ts";
import type { Copies, EndedByCopy, Listed, Lists } from "./ports-copies.ts";
import type { ContactRow, Store, TurnRequest } from "./ports-store.ts";
import { stopAgain } from "./stop-again.ts";
import { emptyChanges } from "./turn-changes.ts";

/** People looked at, and changed, at a time: one commit holds them. */
const page = 200;

export type ComeBackParts = {
  readonly store: Store;
  readonly copies: Copies;
  readonly vault: Vault;
  readonly lists: Lists;
  readonly clock: Clock;
  readonly log: Log;
};

/** What a store that was put back from a copy needed; `ended` is undefined where it was none, or was settled before. */
export type CameBack = {
  readonly erasedAgain: number;
  readonly stoppedAgain: number;
  readonly ended: EndedByCopy | undefined;
};

/**
 * Has to end before anything is served from a store: where it is older than the list of those erased says, they are erased again,
 * as `delete` does it; where it was put back from a copy, who has said stop since is stopped again, and what may have gone out
 * since is ended. Cut short, it does the rest the next time. Gives what it did; rejects with Problem `store-unavailable`.
 */
export async function comeBack(parts: ComeBackParts): Promise<CameBack> {
  const { copies, lists, log } = parts;
  const stored = new Set((await copies.tombstones()).map(hexOf));
  const listed = lists.erased();
  const missing = without(listed, stored);
  const erasedAgain = missing.size === 0 ? 0 : await eraseAgain(parts, missing);
  if (erasedAgain > 0) log.warn("people-erased-again", { people: erasedAgain });
  lists.addErased([...without(stored, listed)]);
  if (!(await copies.isCopy())) return { erasedAgain, stoppedAgain: 0, ended: undefined };
  const stoppedAgain = await stopThoseListed(parts);
  // Last, because it takes out the mark by which the next start would know.
  const ended = await copies.settle();
  log.warn("store-put-back", { ...ended, erasedAgain, stoppedAgain });
  return { erasedAgain, stoppedAgain, ended };
}

/** Goes through everyone, as a tombstone doesn't say whose it is; what belongs to nobody here is noted last. */
async function eraseAgain(parts: ComeBackParts, missing: ReadonlySet<Listed>): Promise<number> {
  const { copies, vault } = parts;
  const erased = await turnEach(
    parts,
    ({ id }) => missing.has(listedAs(vault, id)),
    (row) => ({
      ...emptyChanges(false),
      forget: { tombstone: vault.tombstone(row.id) },
    }),
  );
  await copies.bury([...missing].map((tombstone) => Buffer.from(tombstone, "hex")));
  return erased;
}

async function stopThoseListed(parts: ComeBackParts): Promise<number> {
  const { lists, vault } = parts;
  const optOuts = lists.optOuts();
  if (optOuts.size === 0) return 0;
  return turnEach(
    parts,
    ({ id, state }) => state !== "stopped" && optOuts.get(listedAs(vault, id)) === true,
    stopAgain(vault),
  );
}

type Decide = (row: ContactRow) => ReturnType<TurnRequest["decide"]>;

/** Has a turn for each person that is meant, a page after the other; gives how many. */
async function turnEach(
  { store, clock }: ComeBackParts,
  isMeant: (row: ContactRow) => boolean,
  decide: Decide,
): Promise<number> {
  let turned = 0;
  for (let after: ContactId = 0, more = true; more; ) {
    const people = await store.contactsAfter(after, page);
    const meant = people.filter(isMeant);
    await Promise.all(meant.map(({ id }) => store.turn(turnOf(id, clock.now(), decide))));
    turned += meant.length;
    after = people.at(-1)?.id ?? after;
    more = people.length === page;
  }
  return turned;
}

function turnOf(id: ContactId, now: number, decide: Decide): TurnRequest {
  return {
    who: { kind: "contact", id },
    inbox: undefined,
    fire: undefined,
    now,
    decide: (contact) => (contact === undefined ? undefined : decide(contact)),
    keep: () => {
      throw new TypeError("there is no input to keep");
    },
  };
}

function without(some: ReadonlySet<Listed>, others: ReadonlySet<Listed>): ReadonlySet<Listed> {
  return new Set([...some].filter((one) => !others.has(one)));
}

function hexOf(tombstone: Uint8Array): Listed {
  return Buffer.from(tombstone.buffer, tombstone.byteOffset, tombstone.byteLength).toString("hex");
}
