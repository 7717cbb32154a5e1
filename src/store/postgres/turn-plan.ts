import { Problem } from "../../app/errors.ts";
import type { Changes, ContactRow } from "../../app/ports-store.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { laneNumber } from "../schema/codes.ts";
import type { Failed, InboxKey } from "../schema/inbox.ts";
import type { FireName, Retry } from "./fires.ts";
import { type Drop, lettingGo, type Placed, placed, type Waiting } from "./line.ts";

/** What a turn's changes are about: the contact that was found (undefined: nobody yet), what waits for them, when, and who writes. */
export type About = {
  readonly found: ContactRow | undefined;
  readonly line: readonly Waiting[];
  readonly now: Ms;
  readonly me: number;
};
/** Whether the messages have to wait for others (`behind`) or for older ones of ours (`inLine`), and whether something that was held may go. */
export type Added = { readonly behind?: true; readonly inLine?: true; readonly released: boolean };
export const nothingAdded: Added = { released: false };

/** Everything a batch of turns writes, by table. There is at most one turn of a person in it. */
export class Plan {
  readonly contacts: ContactRow[] = [];
  readonly lookups: { readonly blind: Uint8Array; readonly contact: ContactId }[] = [];
  readonly drops: Drop[] = [];
  readonly releases: { readonly contact: ContactId; readonly now: Ms }[] = [];
  readonly fireRemovals: FireName[] = [];
  readonly fireClears: ContactId[] = [];
  readonly fires: (FireName & { readonly at: Ms })[] = [];
  readonly fireRetries: Retry[] = [];
  readonly leaves: { readonly contact: ContactId; readonly topic: string }[] = [];
  readonly leavesAll: ContactId[] = [];
  readonly joins: { readonly contact: ContactId; readonly topic: string }[] = [];
  readonly cases: {
    readonly contact: ContactId;
    readonly id: number;
    readonly reason: Uint8Array;
    readonly now: Ms;
  }[] = [];
  readonly forgets: { readonly contact: ContactId; readonly tombstone: Uint8Array }[] = [];
  readonly outbox: Placed[] = [];
  readonly counts = new Map<string, number>();
  readonly inboxFinished: (InboxKey & { readonly now: Ms })[] = [];
  readonly inboxKept: Failed[] = [];
  readonly inboxUndone: InboxKey[] = [];
  /** Those whose line has to be formed anew. */
  readonly lines: ContactId[] = [];
  /** Those of whom other processes may have something in memory that is no longer true. */
  readonly stale: ContactId[] = [];

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** Adds what a turn decided. Throws Problem `busy`, having added nothing, when it was decided on an older version. */
  add(changes: Changes, about: About): Added {
    const { contact } = changes;
    const { found, line, me } = about;
    if (contact !== undefined) this.#save(contact, changes.blinds, found);
    const subject = contact?.id ?? found?.id;
    const left = subject === undefined ? [] : this.#about(subject, changes, about);
    for (const name of changes.counts) this.count(name);
    const released = line.length > 0 && this.#release(subject, changes, left, about.now);
    if (changes.outbox.length === 0) return { released };
    const { rows, behind, inLine } = placed(changes.outbox, released ? lettingGo(left) : left, me);
    this.outbox.push(...rows);
    return { released, ...(behind ? { behind } : {}), ...(inLine ? { inLine } : {}) };
  }

  #save(contact: ContactRow, blinds: readonly Uint8Array[], found: ContactRow | undefined): void {
    if (contact.version !== (found?.id === contact.id ? found.version : 0))
      throw new Problem("busy", "the contact was changed meanwhile: read it again and repeat");
    this.contacts.push(contact);
    for (const blind of blinds) this.lookups.push({ blind, contact: contact.id });
  }

  /** Adds what concerns one person; gives what still waits for them. */
  #about(contact: ContactId, changes: Changes, { line, now, me }: About): readonly Waiting[] {
    this.#moments(contact, changes);
    this.#topics(contact, changes);
    for (const { id, reason } of changes.openCases) this.cases.push({ contact, id, reason, now });
    const { drop, forget } = changes;
    for (const lane of drop?.lanes ?? []) this.drops.push({ contact, lane, reason: drop?.reason ?? "" });
    const dropped = new Set<number>(drop?.lanes.map((lane) => laneNumber[lane]));
    const ended = forget === undefined ? line.filter(({ lane }) => dropped.has(lane)) : line;
    if (forget !== undefined) this.forgets.push({ contact, tombstone: forget.tombstone });
    if (forget !== undefined || ended.some(({ owner }) => owner !== undefined && owner !== me))
      this.stale.push(contact);
    return line.filter((row) => !ended.includes(row));
  }

  #moments(contact: ContactId, { schedule, unschedule }: Changes): void {
    if (unschedule === "all") this.fireClears.push(contact);
    else for (const ref of unschedule) this.fireRemovals.push({ contact, ref });
    for (const { ref, at } of new Map(schedule.map((one) => [one.ref, one])).values())
      this.fires.push({ contact, ref, at });
  }

  #topics(contact: ContactId, { subscribe, unsubscribe }: Changes): void {
    if (unsubscribe === "all") this.leavesAll.push(contact);
    else for (const topic of unsubscribe) this.leaves.push({ contact, topic });
    for (const topic of subscribe) this.joins.push({ contact, topic });
  }

  /** Lets go what was held for this person; their line is formed anew then. */
  #release(contact: ContactId | undefined, changes: Changes, left: readonly Waiting[], now: Ms): boolean {
    if (contact === undefined || !changes.release || !left.some(({ state }) => state === 2)) return false;
    this.releases.push({ contact, now });
    this.lines.push(contact);
    return true;
  }
}
