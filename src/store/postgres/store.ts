import { Problem, problemText, troubleName } from "../../app/errors.ts";
import type { Clock, Log } from "../../app/ports.ts";
import type { Store, TurnResult } from "../../app/ports-store.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import { mostAttempts, takenBackFor } from "../schema/attempts.ts";
import { storeClosed } from "../schema/closed.ts";
import { laneNumber } from "../schema/codes.ts";
import { bytesIn, numberIn, optionalNumberIn } from "../schema/columns.ts";
import type { Retention } from "../schema/retention.ts";
import { asideFrom, contactFrom, dueFrom, keptFrom } from "../schema/rows.ts";
import { Batches } from "./batches.ts";
import { Claims } from "./claim.ts";
import { coalesced } from "./coalesce.ts";
import type { Database, Query, Statement } from "./connection.ts";
import { byId, contactsAfter, contactsById } from "./contacts.ts";
import { desk } from "./desk.ts";
import { failureCode, isCollision, unavailable } from "./failure.ts";
import { dueFires, nextFire } from "./fires.ts";
import type { Ids } from "./ids.ts";
import { type LeavingItem, runLeaving } from "./leaving.ts";
import { report } from "./report.ts";
import type { Session } from "./session.ts";
import { runSettlements, type SettleItem, settleKeys } from "./settle.ts";
import { sweep } from "./sweep.ts";
import { together } from "./together.ts";
import { beginTurn, runTurns, turnKeys } from "./turn.ts";
import type { TurnItem } from "./turn-load.ts";

export type Parts = {
  readonly db: Database;
  readonly session: Session;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
  readonly retention: Retention;
};

/** Transactions of turns, and of settlements, under way at once: while one waits for the disk, the next is being decided. */
const turnLanes = 3;
const settleLanes = 2;
const mostTries = 3;

/** Puts the store together from its parts. */
export function storeOf(parts: Parts): Store {
  const { db, session, ids } = parts;
  let closing: Promise<void> | undefined;
  const state: State = { closed: false, trouble: undefined, lastCommit: Number.NEGATIVE_INFINITY };
  const write = writer(parts, state);
  const turns = turnBatches(parts, state);
  const settlements = settleBatches(parts, state);
  const leavings = leavingBatches(parts, state);
  const claims = new Claims(db, session);
  session.hear(({ kind }) => {
    if (kind === "disowned") claims.forsake();
  });
  const close = async (): Promise<void> => {
    state.closed = true;
    await Promise.all([turns.close(), leavings.close(), settlements.close()]);
    await session.close();
    await db.end();
  };
  return {
    nextId: ids.next,
    turn: (request) => turns.add({ request, begun: request.inbox?.counted === true }),
    ...inboxSide(db, write),
    dueFires: async (now, limit) => (await db.read(dueFires, [now, limit])).rows.map(dueFrom),
    nextFireAt: async () => optional((await db.read(nextFire)).rows[0], "next"),
    claim: (now, lane, limit, except = []) =>
      unlessClosed(state, () => claims.take(now, lane, limit, except)),
    leaving: ({ id, contact }) => leavings.add({ id, contact }),
    settle: async (settled) => {
      await settlements.add(settled);
      for (const { contact, id } of settled) claims.free(contact, id);
    },
    reportStatus: (status, now) => tried(state, () => report(db, session, status, now)),
    backlog: () => backlog(parts),
    contactsAfter: async (id, limit) => (await db.read(contactsAfter, [id, limit])).rows.map(contactFrom),
    contact: coalesced(async (keys) => byId((await db.read(contactsById, [keys])).rows)),
    desk: desk({ ...parts, write }),
    ...metaSide(db, write),
    sweep: (now) => sweep({ ...parts, write }, now),
    health: () => health(parts, state, write),
    together: together(parts),
    close: () => (closing ??= close()),
  };
}

type State = {
  closed: boolean;
  trouble: Problem | undefined;
  lastCommit: number;
  /** The look at the health that is waited for: where the database is silent, each keeps a connection. */
  looking?: Promise<void> | undefined;
};
type Write = <T>(work: (query: Query) => Promise<T>) => Promise<T>;

async function unlessClosed<T>(state: State, work: () => Promise<T>): Promise<T> {
  if (state.closed) throw storeClosed();
  try {
    return await work();
  } catch (problem) {
    throw unavailable(problem) ?? problem;
  }
}

/** Work that may be done again where another transaction was in its way. */
function tried<T>(state: State, work: () => Promise<T>): Promise<T> {
  return unlessClosed(state, async () => {
    for (let tries = 1; ; tries++) {
      try {
        const value = await work();
        state.lastCommit = performance.now();
        return value;
      } catch (problem) {
        if (!isCollision(problem) || tries >= mostTries) throw problem;
      }
    }
  });
}

function writer({ db }: Parts, state: State): Write {
  return (work) =>
    tried(state, () => db.transact(async (query) => ({ value: await work(query), writes: [] })));
}

/** Remembers whether it works, and says so once where that has changed. */
function note({ log }: Parts, state: State, trouble: Problem | undefined): void {
  const changed = trouble?.trouble !== state.trouble?.trouble;
  state.trouble = trouble;
  if (trouble === undefined) state.lastCommit = performance.now();
  if (!changed) return;
  if (trouble === undefined) log.info("store-available");
  else log.error("store-unavailable", { trouble: trouble.trouble, postgres: failureCode(trouble.cause) });
}

function batchNeeds(parts: Parts, state: State) {
  const { session } = parts;
  return {
    ended: (trouble: Problem | undefined) => note(parts, state, trouble),
    repeated: () => session.emit({ kind: "waiting" }),
    disowned: () => session.entered(),
  };
}

function turnBatches(parts: Parts, state: State): Batches<TurnItem, TurnResult> {
  return new Batches({
    ...batchNeeds(parts, state),
    run: (items: readonly TurnItem[]) => runTurns(parts, items),
    keys: turnKeys,
    lanes: turnLanes,
    careful: () => parts.session.careful,
    first: (item) => beginTurn(parts, item),
  });
}

function settleBatches(parts: Parts, state: State): Batches<SettleItem, void> {
  return new Batches({
    ...batchNeeds(parts, state),
    run: (items: readonly SettleItem[]) => runSettlements(parts, items),
    keys: settleKeys,
    lanes: settleLanes,
  });
}

function leavingBatches(parts: Parts, state: State): Batches<LeavingItem, void> {
  return new Batches({
    ...batchNeeds(parts, state),
    run: (items: readonly LeavingItem[]) => runLeaving(parts, items),
    keys: ({ id }) => [`outbox ${id}`],
    lanes: 1,
  });
}

function optional(
  row: Parameters<typeof optionalNumberIn>[0] | undefined,
  column: string,
): number | undefined {
  return row === undefined ? undefined : optionalNumberIn(row, column);
}

const kept: Statement = {
  name: "inbox-kept",
  text: `SELECT id, channel, external_id, contact_id, attempts, input FROM inbox
    WHERE state = 2 AND try_at <= $1 ORDER BY try_at LIMIT $2`,
};
const aside: Statement = {
  name: "inbox-aside",
  text: "SELECT id, channel, contact_id, received_at, attempts, reason FROM inbox WHERE state = 3 ORDER BY id",
};
const takeBack: Statement = {
  name: "inbox-take-back",
  text: `UPDATE inbox SET state = 2, attempts = ${mostAttempts}, try_at = $2 WHERE state = 3 AND id = $1
    RETURNING id, channel, external_id, contact_id, attempts, input`,
};

function inboxSide({ read }: Database, write: Write): Pick<Store, "keptInputs" | "setAside" | "takeBack"> {
  return {
    keptInputs: async (now, limit) => (await read(kept, [now, limit])).rows.map(keptFrom),
    setAside: async () => (await read(aside)).rows.map(asideFrom),
    takeBack: async (id, now) => {
      const { rows } = await write((query) => query(takeBack, [id, now + takenBackFor]));
      return rows[0] === undefined ? undefined : keptFrom(rows[0]);
    },
  };
}

const waiting: Statement = {
  name: "backlog",
  text: "SELECT lane, count(*) AS count FROM outbox WHERE state IN (0, 1) AND not_before <= $1 GROUP BY lane",
};

async function backlog({ db, clock }: Parts): ReturnType<Store["backlog"]> {
  const { rows } = await db.read(waiting, [clock.now()]);
  const counts = new Map(rows.map((row) => [numberIn(row, "lane"), numberIn(row, "count")]));
  const of = (lane: number): number => counts.get(lane) ?? 0;
  return { reply: of(laneNumber.reply), nudge: of(laneNumber.nudge), bulk: of(laneNumber.bulk) };
}

const readMeta: Statement = { name: "meta-read", text: "SELECT value FROM meta WHERE key = $1" };
const writeMeta: Statement = {
  name: "meta-write",
  text: "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
};

function metaSide({ read }: Database, write: Write): Pick<Store, "readMeta" | "writeMeta"> {
  return {
    readMeta: async (key) => {
      const [row] = (await read(readMeta, [key])).rows;
      return row === undefined ? undefined : bytesIn(row, "value");
    },
    writeMeta: (key, value) =>
      write(async (query) => {
        await query(writeMeta, [key, value]);
      }),
  };
}

const probe: Statement = {
  name: "probe",
  text: "INSERT INTO meta (key, value) VALUES ('probe', '') ON CONFLICT (key) DO UPDATE SET value = excluded.value",
};

async function health(parts: Parts, state: State, write: Write): ReturnType<Store["health"]> {
  const age = performance.now() - state.lastCommit;
  if (!state.closed && state.trouble === undefined && age < second && parts.session.isSure())
    return { ok: true };
  try {
    await look(parts, state, write);
    note(parts, state, undefined);
    return { ok: true };
  } catch (problem) {
    return { ok: false, code: troubleName(problem), reason: problemText(problem) };
  }
}

/** Whoever asks while a look is waited for is told the same. */
async function look(parts: Parts, state: State, write: Write): Promise<void> {
  state.looking ??= write((query) => query(probe)).then(() => parts.session.renewed());
  const { looking } = state;
  try {
    await inTime(looking);
  } finally {
    if (state.looking === looking) state.looking = undefined;
  }
}

/** How long a look at the health waits: whoever asks wants to know now. */
const longestLook: Ms = 5 * second;

async function inTime(look: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(noAnswer()), longestLook);
  });
  try {
    await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}

const noAnswer = (): Problem =>
  new Problem(
    "store-unavailable",
    "the database does not answer: look at its load, at the network between, and for long transactions",
    { trouble: "no-answer" },
  );
