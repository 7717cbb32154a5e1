import { problemText } from "../../app/errors.ts";
import type { Log } from "../../app/ports.ts";
import type { ContactRow, DueFire, TurnRequest, TurnResult } from "../../app/ports-store.ts";
import { mostAttempts, pauseAfter } from "../schema/attempts.ts";
import type { InboxKey } from "../schema/inbox.ts";
import type { Ended } from "./batches.ts";
import type { Database } from "./connection.ts";
import { isLost } from "./failure.ts";
import { beginFire } from "./fires.ts";
import type { Ids } from "./ids.ts";
import { beginInbox, inboxText } from "./inbox.ts";
import { waitsIn } from "./line.ts";
import type { Session } from "./session.ts";
import { type Loaded, loadTurns, type Origin, type TurnItem } from "./turn-load.ts";
import { nothingAdded, Plan } from "./turn-plan.ts";
import { writePlan } from "./turn-write.ts";

export type TurnNeeds = {
  readonly db: Database;
  readonly ids: Ids;
  readonly log: Log;
  readonly session: Session;
};

/** What two turns must not have in common to be in one batch, or in two at the same time. */
export function turnKeys({ request: { who, inbox } }: TurnItem): readonly string[] {
  const people =
    who.kind === "contact"
      ? [`contact ${who.id}`]
      : who.blinds.map((blind) => `blind ${Buffer.from(blind).toString("latin1")}`);
  return inbox === undefined ? people : [...people, `inbox ${inboxText(inbox)}`];
}

/** Writes that an attempt begins, for the case that the attempt ends this process. */
export async function beginTurn({ db }: TurnNeeds, item: TurnItem): Promise<void> {
  if (item.begun) return;
  const { inbox, fire, who, now } = item.request;
  await db.transact(async (query) => {
    if (inbox !== undefined) await beginInbox(query, inbox, now);
    else if (fire !== undefined && who.kind === "contact")
      await beginFire(query, { contact: who.id, ...fire });
    return { value: undefined, writes: [] };
  });
  item.begun = true;
}

/** Carries a batch of turns out in one transaction: loads them all, decides each, and writes what they decided together. */
export async function runTurns(
  needs: TurnNeeds,
  items: readonly TurnItem[],
): Promise<readonly Ended<TurnResult>[]> {
  const plan = new Plan();
  try {
    return await transactTurns(needs, items, plan);
  } catch (problem) {
    if (isLost(problem)) needs.session.unsure.add(plan.outbox.map(({ row }) => row.id));
    throw problem;
  }
}

function transactTurns(
  needs: TurnNeeds,
  items: readonly TurnItem[],
  plan: Plan,
): Promise<readonly Ended<TurnResult>[]> {
  const { db, ids, session } = needs;
  return db.transact(async (query) => {
    const me = session.id;
    const [loaded] = await Promise.all([loadTurns(query, items), session.fence(query)]);
    for (const one of loaded) if (one.kind === "ready") for (const { id } of one.line) ids.above(id);
    const value = items.map((item, index) => endOf({ ...needs, plan, me }, item, loaded[index]));
    return { value, writes: writePlan(query, plan, ids, me) };
  });
}

type Deciding = TurnNeeds & { readonly plan: Plan; readonly me: number };
type Ready = Extract<Loaded, { readonly kind: "ready" }>;

function endOf(deciding: Deciding, item: TurnItem, loaded: Loaded | undefined): Ended<TurnResult> {
  const { plan, session, me } = deciding;
  if (loaded === undefined || loaded.kind === "later") {
    if (loaded?.undo !== undefined) plan.inboxUndone.push(loaded.undo);
    return { kind: "later" };
  }
  if (loaded.kind === "duplicate") return { kind: "done", value: { kind: "duplicate" } };
  const origin = item.begun ? { ...loaded.origin, attempts: loaded.origin.attempts - 1 } : loaded.origin;
  const line = knownLine(session, loaded.line, me);
  try {
    return { kind: "done", value: decideAndPlan(deciding, item.request, { ...loaded, origin, line }) };
  } catch (problem) {
    if (origin.entered && origin.inbox !== undefined) plan.inboxUndone.push(origin.inbox);
    return { kind: "failed", problem };
  }
}

/** What is ours and not in our memory is, for what comes after it, as good as nobody's yet. */
function knownLine({ unsure }: Session, line: Ready["line"], me: number): Ready["line"] {
  return line.map((row) => (row.owner === me && unsure.has(row.id) ? { ...row, owner: undefined } : row));
}

function decideAndPlan(deciding: Deciding, request: TurnRequest, ready: Ready): TurnResult {
  const { plan, me } = deciding;
  const { contact, line, origin } = ready;
  if (origin.attempts >= mostAttempts) return putAway(deciding, request, ready, "it ended the process");
  let changes: ReturnType<TurnRequest["decide"]>;
  try {
    changes = request.decide(contact, waitsIn(line));
  } catch (problem) {
    if (origin.inbox === undefined && origin.fire === undefined) throw problem;
    return putAway(deciding, request, ready, problemText(problem));
  }
  const about = { found: contact, line, now: request.now, me };
  const added = changes === undefined ? nothingAdded : plan.add(changes, about);
  if (origin.fire !== undefined) plan.fireRemovals.push(origin.fire);
  if (origin.inbox !== undefined && !origin.entered)
    plan.inboxFinished.push({ ...origin.inbox, now: request.now });
  return { kind: "done", changes, ...added };
}

/** After an attempt failed: keeps the sealed input for another, or sets it aside after the last. */
function putAway(deciding: Deciding, request: TurnRequest, ready: Ready, reason: string): TurnResult {
  const { plan, ids, log, me } = deciding;
  const { contact, line, origin } = ready;
  const attempts = Math.min(origin.attempts + 1, mostAttempts);
  const pause = origin.attempts < mostAttempts ? pauseAfter(attempts) : undefined;
  const tryAt = pause === undefined ? undefined : request.now + pause;
  log.warn("turn-failed", { attempts, reason, setAside: tryAt === undefined });
  if (origin.fire !== undefined && tryAt !== undefined) {
    plan.fireRetries.push({ ...origin.fire, attempts, tryAt });
    return { kind: "kept", attempts };
  }
  const kept = request.keep(contact);
  const id = origin.inboxId ?? ids.next();
  const input = kept.input(id);
  plan.add(kept.changes, { found: contact, line, now: request.now, me });
  const key = keyOf(plan, origin, contact);
  if (key !== undefined) {
    const { channel, externalId } = key;
    const { now } = request;
    plan.inboxKept.push({
      channel,
      externalId,
      id,
      contact: kept.contact,
      attempts,
      tryAt,
      reason,
      input,
      now,
    });
  }
  if (tryAt !== undefined) return { kind: "kept", attempts };
  plan.count("set-aside");
  return { kind: "set-aside" };
}

/** A moment that failed for the last time leaves the schedule; the inbox keeps it, under a key no platform gives. */
function keyOf(plan: Plan, origin: Origin, contact: ContactRow | undefined): InboxKey | undefined {
  if (origin.inbox !== undefined) return origin.inbox;
  if (origin.fire === undefined || contact === undefined) return undefined;
  plan.fireRemovals.push(origin.fire);
  return { channel: contact.channel, externalId: nameOf(origin.fire) };
}

function nameOf({ contact, ref, at }: DueFire): string {
  return `fire ${contact} ${ref} ${at}`;
}
