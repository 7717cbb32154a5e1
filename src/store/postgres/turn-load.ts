import type { ContactRow, DueFire, TurnRequest } from "../../app/ports-store.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import { bytesIn, numberIn } from "../schema/columns.ts";
import type { InboxKey, InboxState } from "../schema/inbox.ts";
import type { Query, Statement } from "./connection.ts";
import { byId, lockContacts } from "./contacts.ts";
import { fireAttempts } from "./fires.ts";
import { enterInbox, inboxText, lookInbox } from "./inbox.ts";
import { linesFrom, linesOf, type Waiting } from "./line.ts";
import { addressKeys, locks } from "./locks.ts";

/** A turn as it waits for its batch. */
export type TurnItem = {
  readonly request: TurnRequest;
  /** Its attempt was written before it. */
  begun: boolean;
};

/** What makes a turn happen once, and how often it was tried in vain before. */
export type Origin = {
  readonly inbox: InboxKey | undefined;
  /** The delivery was entered by this very transaction. */
  readonly entered: boolean;
  readonly inboxId: number | undefined;
  readonly fire: DueFire | undefined;
  readonly attempts: number;
};

/** A turn with all it needs to be decided. */
export type Loaded =
  | {
      readonly kind: "ready";
      readonly contact: ContactRow | undefined;
      readonly line: readonly Waiting[];
      readonly origin: Origin;
    }
  | { readonly kind: "duplicate" }
  /** Another turn of the same person is in this batch; `undo`: the delivery that was entered too early. */
  | { readonly kind: "later"; readonly undo: InboxKey | undefined };

const lookUp: Statement = {
  name: "lookups-find",
  text: "SELECT blind, contact_id FROM lookups WHERE blind = ANY($1::bytea[])",
};

const textOf = (blind: Uint8Array): string =>
  Buffer.from(blind.buffer, blind.byteOffset, blind.byteLength).toString("latin1");

/**
 * Loads a batch: enters the deliveries, finds and locks the people, and reads what waits for them, all asked for at once.
 * Locks are taken in one order (deliveries, people, new addresses, each sorted), so that batches hardly ever wait for one
 * another in a ring.
 */
export async function loadTurns(query: Query, items: readonly TurnItem[]): Promise<readonly Loaded[]> {
  const blinds = items.flatMap(({ request: { who } }) => (who.kind === "address" ? who.blinds : []));
  const named = items.flatMap(({ request: { who } }) => (who.kind === "contact" ? [who.id] : []));
  const fires = items.map(({ request }) => fireOf(request));
  const due = fires.filter((fire) => fire !== undefined);
  const [deliveries, known, found, attempts] = await Promise.all([
    enterDeliveries(query, items),
    blinds.length === 0 ? new Map<string, ContactId>() : leadTo(query, blinds),
    lockPeople(query, blinds, named),
    due.length === 0 ? new Map<ContactId, number>() : fireAttempts(query, due),
  ]);
  const whom = await letIn(query, items, known);
  const ids = new Set(whom.filter((id) => id !== undefined));
  const late = [...ids].filter((id) => !found.contacts.has(id));
  const others = late.length === 0 ? undefined : await lockPeople(query, [], late);
  const people = { found: others === undefined ? [found] : [found, others], taken: new Set<ContactId>() };
  return items.map(({ request }, index) =>
    loadedFrom(originOf(request, deliveries, fires[index], attempts), whom[index], people),
  );
}

type Found = {
  readonly contacts: ReadonlyMap<ContactId, ContactRow>;
  readonly lines: ReadonlyMap<ContactId, readonly Waiting[]>;
};

/** Locks those whom these look-ups lead to and these others, and reads them and what waits for them. */
async function lockPeople(
  query: Query,
  blinds: readonly Uint8Array[],
  ids: readonly ContactId[],
): Promise<Found> {
  const [locked, lines] = await Promise.all([
    query(lockContacts, [blinds, ids]),
    query(linesOf, [blinds, ids]),
  ]);
  return { contacts: byId(locked.rows), lines: linesFrom(lines.rows) };
}

type People = {
  readonly found: readonly Found[];
  /** Those who have their turn in this batch. */
  readonly taken: Set<ContactId>;
};

function loadedFrom(origin: Origin | undefined, id: ContactId | undefined, people: People): Loaded {
  if (id === undefined)
    return origin === undefined
      ? { kind: "duplicate" }
      : { kind: "ready", contact: undefined, line: [], origin };
  if (people.taken.has(id))
    return { kind: "later", undo: origin?.entered === true ? origin.inbox : undefined };
  if (origin === undefined) return { kind: "duplicate" };
  people.taken.add(id);
  const own = people.found.find(({ contacts }) => contacts.has(id));
  return { kind: "ready", contact: own?.contacts.get(id), line: own?.lines.get(id) ?? [], origin };
}

function fireOf({ fire, who, inbox }: TurnRequest): DueFire | undefined {
  return inbox !== undefined || fire === undefined || who.kind !== "contact"
    ? undefined
    : { contact: who.id, ...fire };
}

type Deliveries = {
  readonly entered: ReadonlySet<string>;
  readonly known: ReadonlyMap<string, InboxState>;
};

async function enterDeliveries(query: Query, items: readonly TurnItem[]): Promise<Deliveries> {
  const keys = items.flatMap(({ request: { inbox, now } }) =>
    inbox === undefined ? [] : [{ ...inbox, now }],
  );
  const fresh = keys.filter(({ retry }) => retry !== true);
  const entered = fresh.length === 0 ? new Set<string>() : await enterInbox(query, fresh);
  const before = keys.filter((key) => !entered.has(inboxText(key)));
  return { entered, known: before.length === 0 ? new Map() : await lookInbox(query, before) };
}

/** Whom each turn is about, by where look-ups lead; undefined for somebody new, whose addresses are locked then. */
async function letIn(
  query: Query,
  items: readonly TurnItem[],
  known: ReadonlyMap<string, ContactId>,
): Promise<readonly (ContactId | undefined)[]> {
  const whom = items.map((item) => idOf(item, known));
  const strangers = items.flatMap(({ request: { who } }, index) =>
    who.kind === "address" && whom[index] === undefined ? who.blinds : [],
  );
  if (strangers.length === 0) return whom;
  // Two processes may meet the same stranger at once: the second waits here, and then finds whom the first has let in.
  const [, again] = await Promise.all([
    query(locks.addresses, [addressKeys(strangers)]),
    leadTo(query, strangers),
  ]);
  return items.map((item, index) => whom[index] ?? idOf(item, again));
}

function idOf({ request: { who } }: TurnItem, known: ReadonlyMap<string, ContactId>): ContactId | undefined {
  if (who.kind === "contact") return who.id;
  return who.blinds.map((blind) => known.get(textOf(blind))).find((id) => id !== undefined);
}

async function leadTo(query: Query, blinds: readonly Uint8Array[]): Promise<Map<string, ContactId>> {
  const { rows } = await query(lookUp, [blinds]);
  return new Map(rows.map((row) => [textOf(bytesIn(row, "blind")), numberIn(row, "contact_id")]));
}

/** Undefined for what was handled before, is kept for a retry that is not this one, or has been moved. */
function originOf(
  { inbox }: TurnRequest,
  deliveries: Deliveries,
  fire: DueFire | undefined,
  attempts: ReadonlyMap<ContactId, number>,
): Origin | undefined {
  const nothing = { inbox, entered: false, inboxId: undefined, fire: undefined, attempts: 0 };
  if (inbox !== undefined) return deliveryOrigin(inbox, deliveries, nothing);
  if (fire === undefined) return nothing;
  const tried = attempts.get(fire.contact);
  return tried === undefined ? undefined : { ...nothing, fire, attempts: tried };
}

function deliveryOrigin(
  inbox: InboxKey,
  { entered, known }: Deliveries,
  nothing: Origin,
): Origin | undefined {
  const text = inboxText(inbox);
  if (entered.has(text) && inbox.retry !== true) return { ...nothing, entered: true };
  const state = known.get(text);
  if (state?.kind === "tried") return { ...nothing, attempts: state.attempts };
  if (state?.kind !== "kept" || inbox.retry !== true) return undefined;
  return { ...nothing, inboxId: state.id, attempts: state.attempts };
}
