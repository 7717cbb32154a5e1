import type { ContactId } from "../core/nouns/ids.ts";
import { heardIn } from "./heard.ts";
import { asListed, listedAs } from "./list-people.ts";
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
  const { store, copies, lists, clock, log } = parts;
  const stored = new Set((await copies.tombstones()).map(asListed));
  const listed = lists.erased();
  const missing = without(listed, stored);
  const isCopy = await copies.isCopy();
  const again = await changeAgain(parts, missing, isCopy ? saidStop(lists) : new Set());
  // What belongs to nobody here, too, so that nobody is looked for at the next start.
  if (missing.size > 0) await copies.bury([...missing].map((tombstone) => Buffer.from(tombstone, "hex")));
  lists.addErased([...without(stored, listed)]);
  // What came since was heard: taken in a second time, it would be answered again, and bring back who has been deleted.
  const heard = heardIn(store);
  if ((isCopy || missing.size > 0) && (await heard.get()) !== undefined) await heard.set(clock.now());
  // Last, because it takes out the mark by which the next start would know.
  const ended = isCopy ? await copies.settle() : undefined;
  if (isCopy || missing.size > 0) log.warn("store-put-back", { ...again, ...ended });
  return { ...again, ended };
}

function saidStop(lists: Lists): ReadonlySet<Listed> {
  return new Set([...lists.optOuts()].filter(([, stopped]) => stopped).map(([who]) => who));
}

/** Goes through everyone once, as the lists don't say whose a line is. */
async function changeAgain(
  { store, vault, clock }: ComeBackParts,
  erased: ReadonlySet<Listed>,
  stopped: ReadonlySet<Listed>,
): Promise<Omit<CameBack, "ended">> {
  const stop = stopAgain(vault);
  const counts = { erasedAgain: 0, stoppedAgain: 0 };
  let more = erased.size + stopped.size > 0;
  for (let after: ContactId = 0; more; ) {
    const people = await store.contactsAfter(after, page);
    const listed = people.map((row) => ({ row, who: listedAs(vault, row.id) }));
    const gone = listed.filter(({ who }) => erased.has(who));
    const silent = listed.filter(
      ({ row, who }) => stopped.has(who) && !erased.has(who) && row.state !== "stopped",
    );
    await Promise.all([
      ...gone.map(({ row }) => store.turn(turnOf(row.id, clock.now(), erasure(vault)))),
      ...silent.map(({ row }) => store.turn(turnOf(row.id, clock.now(), stop))),
    ]);
    counts.erasedAgain += gone.length;
    counts.stoppedAgain += silent.length;
    after = people.at(-1)?.id ?? after;
    more = people.length === page;
  }
  return counts;
}

type Decide = (row: ContactRow) => ReturnType<TurnRequest["decide"]>;

function erasure(vault: Vault): Decide {
  return ({ id }) => ({ ...emptyChanges(false), forget: { tombstone: vault.tombstone(id) } });
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
