import type { Advanced } from "../core/conversation/advance.ts";
import type { Effect } from "../core/nouns/effect.ts";
import type { ChannelId, OutboxId } from "../core/nouns/ids.ts";
import type { Lane } from "../core/nouns/message.ts";
import type { Say } from "../core/nouns/say.ts";
import { day, type Ms } from "../core/nouns/time.ts";
import type { Renderer } from "../core/render/render.ts";
import { type Body, bodyOf } from "./outbox-body.ts";
import type { People, Person } from "./people.ts";
import type { ContactState, Vault } from "./ports.ts";
import type { Changes, ContactRow, NewOutboxRow } from "./ports-store.ts";

/** How long a message of each lane is worth sending, where it does not say so itself. */
export const worthSendingFor: Readonly<Record<Lane, Ms>> = { reply: day, nudge: 2 * day, bulk: 7 * day };

/** A message that was just decided, in the clear, on its way to the one who sends once it is committed. */
export type Prepared = {
  readonly id: OutboxId;
  readonly lane: Lane;
  readonly notAfter: Ms;
  readonly body: Body;
};

/** What a turn needs to know of the contact besides the session. */
export type Circumstances = {
  readonly row: ContactRow | undefined;
  readonly channel: ChannelId;
  readonly now: Ms;
  /** When the person wrote, if this input opens the channel's reply window. */
  readonly wroteAt: Ms | undefined;
  /** The platform's id of the message whose buttons this input used up; undefined where it used up none. */
  readonly spent: string | undefined;
  readonly blinds: readonly Uint8Array[];
  readonly nextId: () => number;
};

type Writing = {
  -readonly [K in keyof Changes]: Changes[K] extends readonly (infer Item)[] ? Item[] : Changes[K];
};

/** A turn's effects as rows to write, everything personal sealed; and the messages to hand on after the commit. */
export function changesOf(
  parts: { readonly people: People; readonly vault: Vault; readonly renderer: Renderer },
  person: Person,
  advanced: Advanced,
  at: Circumstances,
): { readonly changes: Changes; readonly prepared: readonly Prepared[]; readonly person: Person } {
  const after: Person = { ...person, session: advanced.session };
  const forget = advanced.effects.find((effect) => effect.kind === "forget");
  if (forget !== undefined) return forgetting(parts, after, forget.receipt, at);
  const prepared: Prepared[] = [];
  const changes = emptyChanges(at.wroteAt !== undefined);
  const reachable = stateOnceReached(after);
  let state: ContactState = stateBefore(at, reachable);
  for (const effect of advanced.effects) {
    if (effect.kind === "say") prepared.push(queue(parts, after, effect.say, at, changes));
    else if (effect.kind === "open-case")
      changes.openCases.push(sealedCase(parts.vault, after, effect.reason, at.nextId()));
    else if (effect.kind !== "forget") state = write(effect, changes, state, reachable);
  }
  changes.contact = sealedContact(parts.people, after, state, at);
  if (at.row === undefined || !areSame(after.sealedAddresses, at.row.address))
    changes.blinds = [...at.blinds];
  return { changes, prepared, person: after };
}

function areSame(some: Uint8Array, others: Uint8Array): boolean {
  return some === others || (some.length === others.length && some.every((byte, at) => byte === others[at]));
}

function sealedContact(people: People, person: Person, state: ContactState, at: Circumstances): ContactRow {
  const { row } = at;
  return people.seal(person, {
    channel: at.channel,
    state,
    version: row?.version ?? 0,
    lastSeen: at.now,
    lastInbound: at.wroteAt ?? row?.lastInbound,
    openKeyboard: row?.openKeyboard,
  });
}

/** The state of a person whom we can reach: a "stop" outlives a block. */
function stateOnceReached({ session }: Person): ContactState {
  return session.stopped ? "stopped" : "active";
}

/** Whoever writes can be reached again. */
function stateBefore({ row, wroteAt }: Circumstances, reachable: ContactState): ContactState {
  if (row === undefined) return "active";
  return row.state === "blocked" && wroteAt !== undefined ? reachable : row.state;
}

/** Changes that change nothing yet. `release`: what waited for a reply may go. */
export function emptyChanges(release: boolean): Writing {
  return {
    contact: undefined,
    blinds: [],
    outbox: [],
    drop: undefined,
    release,
    schedule: [],
    unschedule: [],
    subscribe: [],
    unsubscribe: [],
    openCases: [],
    counts: [],
    forget: undefined,
  };
}

function queue(
  parts: { readonly vault: Vault; readonly renderer: Renderer },
  person: Person,
  say: Say,
  at: Circumstances,
  changes: Writing,
): Prepared {
  const id = at.nextId();
  // Once is enough: the first message of several takes the buttons away.
  const spent = changes.outbox.length === 0 ? at.spent : undefined;
  const body = bodyOf(parts.renderer, say, person.session.language, at.now, spent);
  const notAfter = say.notAfter ?? at.now + worthSendingFor[say.lane];
  changes.outbox.push({
    id,
    contact: person.id,
    channel: at.channel,
    lane: say.lane,
    language: person.session.language,
    notBefore: at.now,
    notAfter,
    body: parts.vault.seal(person.key, { table: "outbox", column: "body", row: id }, JSON.stringify(body)),
  });
  return { id, lane: say.lane, notAfter, body };
}

function sealedCase(vault: Vault, person: Person, reason: string, id: number): Changes["openCases"][number] {
  return { id, reason: vault.seal(person.key, { table: "cases", column: "reason", row: id }, reason) };
}

/** Writes an effect that is neither a message nor the end; gives the contact's state after it. `reachable`: what it is where we get through. */
function write(
  effect: Exclude<Effect, { kind: "say" | "open-case" | "forget" }>,
  changes: Writing,
  state: ContactState,
  reachable: ContactState,
): ContactState {
  switch (effect.kind) {
    case "schedule":
      changes.schedule = [
        ...changes.schedule.filter(({ ref }) => ref !== effect.ref),
        { ref: effect.ref, at: effect.at },
      ];
      return state;
    case "unschedule":
      changes.schedule = changes.schedule.filter(({ ref }) => ref !== effect.ref);
      if (changes.unschedule !== "all") changes.unschedule = [...changes.unschedule, effect.ref];
      return state;
    case "subscribe":
      changes.subscribe.push(effect.topic);
      return state;
    case "unsubscribe":
      changes.subscribe = changes.subscribe.filter((topic) => topic !== effect.topic);
      if (changes.unsubscribe !== "all") changes.unsubscribe = [...changes.unsubscribe, effect.topic];
      return state;
    case "count":
      changes.counts.push(effect.name);
      return state;
    case "stop":
      changes.drop = { lanes: ["reply", "nudge", "bulk"], reason: "opted-out" };
      changes.unschedule = "all";
      changes.unsubscribe = "all";
      changes.release = false;
      return "stopped";
    case "resume":
      return "active";
    case "reachable":
      if (!effect.reachable) changes.drop = { lanes: ["reply", "nudge", "bulk"], reason: "blocked" };
      return effect.reachable ? reachable : "blocked";
  }
}

/** The person's last message lives on under a key of its own; everything else about them goes. */
function forgetting(
  parts: { readonly vault: Vault; readonly renderer: Renderer },
  person: Person,
  receipt: Say,
  at: Circumstances,
) {
  const id = at.nextId();
  // Where the question was answered in words, its buttons are those that the row of the person knew of.
  const spent = at.spent ?? at.row?.openKeyboard;
  const body = bodyOf(parts.renderer, receipt, person.session.language, at.now, spent);
  const { key, wrapped } = parts.vault.newPersonKey(id);
  const seal = (column: string, plain: string) =>
    parts.vault.seal(key, { table: "outbox", column, row: id }, plain);
  const row: NewOutboxRow = {
    id,
    contact: id,
    channel: at.channel,
    lane: "reply",
    language: person.session.language,
    notBefore: at.now,
    notAfter: at.now + day,
    body: seal("body", JSON.stringify(body)),
    lone: {
      wrappedKey: wrapped,
      address: seal("lone_address", JSON.stringify(person.addresses.slice(0, 1))),
    },
  };
  const changes: Changes = {
    ...emptyChanges(false),
    outbox: [row],
    counts: ["person forgotten"],
    forget: { tombstone: parts.vault.tombstone(person.id) },
  };
  return { changes, prepared: [], person };
}
