import { problemText } from "../../app/errors.ts";
import type { Log } from "../../app/ports.ts";
import type { ContactRow, DueFire, TurnRequest, TurnResult } from "../../app/ports-store.ts";
import { mostAttempts, pauseAfter } from "../schema/attempts.ts";
import type { InboxKey } from "../schema/inbox.ts";
import type { ApplyChanges } from "./changes.ts";
import type { ContactRows } from "./contact-rows.ts";
import type { FireRows } from "./fire-rows.ts";
import type { Ids } from "./ids.ts";
import type { InboxRows } from "./inbox-rows.ts";
import type { OutboxRows } from "./outbox-rows.ts";

/** The tables that a turn reads and writes, and what applies its changes. */
export type TurnNeeds = {
  readonly ids: Ids;
  readonly log: Log;
  readonly contacts: ContactRows;
  readonly inbox: InboxRows;
  readonly fires: FireRows;
  readonly outbox: OutboxRows;
  readonly apply: ApplyChanges;
  readonly count: (name: string) => void;
};

export type Turns = {
  /**
   * One turn inside the current transaction. `begun`: its attempt was written before by `begin`.
   * Throws when a write fails, or when `decide` throws and there is nothing to try again by.
   */
  readonly run: (request: TurnRequest, begun: boolean) => TurnResult;
  /** Writes that an attempt begins, for the case that the attempt ends this process. */
  readonly begin: (request: TurnRequest) => void;
};

/** What makes the turn happen once, and how often it was tried in vain before. */
type Origin = {
  readonly inbox: InboxKey | undefined;
  readonly fire: DueFire | undefined;
  /** Whether the delivery was there before, and whether it has just been written as done, in case all goes well. */
  readonly known: boolean;
  readonly taken: boolean;
  readonly inboxId: number | undefined;
  readonly attempts: number;
};

/** Gives what runs turns over these tables; it begins and ends no transaction itself. */
export function turns(needs: TurnNeeds): Turns {
  return {
    run: (request, begun) => {
      const origin = taken(needs, request) ?? originOf(needs, request);
      if (origin === undefined) return { kind: "duplicate" };
      const contact = needs.contacts.find(request.who);
      const counted = begun || request.inbox?.counted === true;
      const earlier = counted ? { ...origin, attempts: origin.attempts - 1 } : origin;
      if (earlier.attempts >= mostAttempts)
        return putAway(needs, request, earlier, contact, "it ended the process");
      return decideAndWrite(needs, request, earlier, contact);
    },
    begin: (request) => {
      if (request.inbox?.counted === true) return;
      const origin = originOf(needs, request);
      if (origin === undefined) return;
      const { inbox, fire, attempts } = origin;
      if (inbox !== undefined) needs.inbox.begin(inbox, attempts + 1, request.now);
      if (fire !== undefined) needs.fires.retry(fire, attempts + 1, fire.at);
    },
  };
}

const nothing: Origin = {
  inbox: undefined,
  fire: undefined,
  known: false,
  taken: false,
  inboxId: undefined,
  attempts: 0,
};

/** A delivery that is new, as nearly all are: one statement looks for it and writes it. */
function taken(needs: TurnNeeds, { inbox, now }: TurnRequest): Origin | undefined {
  if (inbox === undefined || inbox.retry === true || !needs.inbox.take(inbox, now)) return undefined;
  return { ...nothing, inbox, taken: true };
}

/** Undefined for what was handled before, is kept for a retry that is not this one, or has been moved. */
function originOf(needs: TurnNeeds, { inbox, fire, who }: TurnRequest): Origin | undefined {
  if (inbox !== undefined) return deliveryOrigin(needs, inbox);
  if (fire === undefined || who.kind !== "contact") return nothing;
  const due = { contact: who.id, ...fire };
  const attempts = needs.fires.attempts(due);
  return attempts === undefined ? undefined : { ...nothing, fire: due, attempts };
}

function deliveryOrigin(needs: TurnNeeds, inbox: InboxKey): Origin | undefined {
  const state = needs.inbox.look(inbox);
  if (state === undefined) return inbox.retry === true ? undefined : { ...nothing, inbox };
  if (state.kind === "tried") return { ...nothing, inbox, known: true, attempts: state.attempts };
  if (state.kind === "kept" && inbox.retry === true) {
    return { ...nothing, inbox, known: true, inboxId: state.id, attempts: state.attempts };
  }
  return undefined;
}

function decideAndWrite(
  needs: TurnNeeds,
  request: TurnRequest,
  origin: Origin,
  contact: ContactRow | undefined,
): TurnResult {
  let changes: ReturnType<TurnRequest["decide"]>;
  try {
    changes = request.decide(contact, needs.outbox.waits);
  } catch (problem) {
    if (origin.inbox === undefined && origin.fire === undefined) throw problem;
    return putAway(needs, request, origin, contact, problemText(problem));
  }
  if (origin.fire !== undefined) needs.fires.take(origin.fire);
  const applied = changes === undefined ? undefined : needs.apply(changes, contact, request.now);
  if (origin.inbox !== undefined && !origin.taken) needs.inbox.done(origin.inbox, origin.known, request.now);
  return {
    kind: "done",
    changes,
    released: applied?.released === true,
    ...(applied?.inLine === true ? { inLine: true } : {}),
  };
}

/** After an attempt failed: keeps the sealed input for another, or sets it aside after the last. */
function putAway(
  needs: TurnNeeds,
  request: TurnRequest,
  origin: Origin,
  contact: ContactRow | undefined,
  reason: string,
): TurnResult {
  const attempts = Math.min(origin.attempts + 1, mostAttempts);
  const pause = origin.attempts < mostAttempts ? pauseAfter(attempts) : undefined;
  const tryAt = pause === undefined ? undefined : request.now + pause;
  needs.log.warn("turn-failed", { attempts, reason, setAside: tryAt === undefined });
  if (origin.fire !== undefined && tryAt !== undefined) {
    needs.fires.retry(origin.fire, attempts, tryAt);
    return { kind: "kept", attempts };
  }
  const kept = request.keep(contact);
  needs.apply(kept.changes, contact, request.now);
  const key = origin.inbox ?? takeFire(needs, origin.fire, contact);
  if (key !== undefined) {
    const id = origin.inboxId ?? needs.ids.next();
    const input = kept.input(id);
    needs.inbox.keep({ ...key, id, contact: kept.contact, attempts, tryAt, reason, input, now: request.now });
  }
  if (tryAt !== undefined) return { kind: "kept", attempts };
  needs.count("set-aside");
  return { kind: "set-aside" };
}

/** A moment that failed for the last time leaves the schedule; the inbox keeps it, under a key no platform gives. */
function takeFire(
  needs: TurnNeeds,
  fire: DueFire | undefined,
  contact: ContactRow | undefined,
): InboxKey | undefined {
  if (fire === undefined || contact === undefined) return undefined;
  needs.fires.take(fire);
  return { channel: contact.channel, externalId: `fire ${fire.contact} ${fire.ref} ${fire.at}` };
}
