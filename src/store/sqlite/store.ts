import type { DatabaseSync } from "node:sqlite";
import { problemText, troubleName } from "../../app/errors.ts";
import type { Clock, Log } from "../../app/ports.ts";
import type { Store } from "../../app/ports-store.ts";
import { alone } from "../../app/ports-together.ts";
import type { Lane } from "../../core/nouns/message.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import type { Retention } from "../schema/retention.ts";
import { backlogReader } from "./backlog.ts";
import { broadcastQueue } from "./broadcast-queue.ts";
import { changesWriter, counter } from "./changes.ts";
import { claims, type Taken } from "./claim.ts";
import type { ContactCache } from "./contact-cache.ts";
import { contactRows } from "./contact-rows.ts";
import { desk } from "./desk.ts";
import { erasureWalk } from "./erasure-walk.ts";
import { fireRows } from "./fire-rows.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Ids } from "./ids.ts";
import { inboxRows } from "./inbox-rows.ts";
import type { KnownLines } from "./known-lines.ts";
import type { Meta } from "./meta.ts";
import { outboxRows } from "./outbox-rows.ts";
import { reporter } from "./report.ts";
import { settler } from "./settle.ts";
import { unavailable } from "./store-failure.ts";
import { sweeper } from "./sweep.ts";
import { turns } from "./turn.ts";

export type Parts = {
  readonly db: DatabaseSync;
  readonly log: Log;
  readonly clock: Clock;
  readonly commit: GroupCommit;
  /** Of contacts; emptied by whoever undoes a transaction. */
  readonly cache: ContactCache;
  /** Of what waits for whom; emptied likewise. */
  readonly lines: KnownLines;
  readonly meta: Meta;
  readonly ids: Ids;
  readonly retention: Retention;
  readonly erased: () => void;
  /** Brings the log file into the database. */
  readonly catchUp: () => void;
  /** Empties the log file, which still holds what was removed. */
  readonly truncate: () => void;
  readonly lastCommit: () => number;
  readonly close: () => Promise<void>;
};

/** Puts the store together from its parts; each statement is prepared here, once. */
export function storeOf(parts: Parts): Store {
  const { db, ids, meta, commit } = parts;
  const rows = {
    contacts: contactRows(db, parts.cache),
    outbox: outboxRows(db, parts.lines),
    fires: fireRows(db),
    inbox: inboxRows(db),
  };
  const queue = broadcastQueue(db, ids);
  const sweep = sweeper({ ...parts, outbox: rows.outbox, write: commit.write, endBroadcasts: queue.end });
  return {
    nextId: ids.next,
    ...turnSide(parts, rows),
    ...outboxSide(parts, rows, queue.end),
    contact: (id) => read(() => rows.contacts.find({ kind: "contact", id })),
    contactsAfter: (id, limit) => read(() => rows.contacts.after(id, limit)),
    desk: desk({ db, write: commit.write, queueChunk: queue.queueChunk, catchUp: parts.catchUp }),
    readMeta: (key) => read(() => meta.read(key)),
    writeMeta: (key, value) => commit.write(() => meta.write(key, value)),
    sweep: async (now) => {
      const removed = await sweep(now);
      parts.truncate();
      return removed;
    },
    health: healthCheck(parts),
    together: alone,
    close: parts.close,
  };
}

/**
 * How long what became of a message may wait for a turn to be committed with: no person waits for it, and a commit of its
 * own costs as much as a turn's. It lengthens the time in which a crash would send the message twice.
 */
const sharesFor: Ms = 4;

type Rows = {
  readonly contacts: ReturnType<typeof contactRows>;
  readonly outbox: ReturnType<typeof outboxRows>;
  readonly fires: ReturnType<typeof fireRows>;
  readonly inbox: ReturnType<typeof inboxRows>;
};

type TurnSide = Pick<Store, "turn" | "keptInputs" | "setAside" | "takeBack" | "dueFires" | "nextFireAt">;

function turnSide(parts: Parts, rows: Rows): TurnSide {
  const { walk } = erasureWalk({ ...parts, write: parts.commit.write });
  // Also what an earlier process did not finish.
  const walkSoon = (): void => {
    setImmediate(() => void walk());
  };
  walkSoon();
  const erased = (): void => {
    parts.erased();
    walkSoon();
  };
  const apply = changesWriter({ ...parts, ...rows, erased });
  const turn = turns({ ...parts, ...rows, apply, count: counter(parts.db) });
  return {
    turn: (request) => {
      let begun = false;
      const first = (): void => {
        turn.begin(request);
        begun = true;
      };
      return parts.commit.write(() => turn.run(request, begun), { first });
    },
    keptInputs: (now, limit) => read(() => rows.inbox.kept(now, limit)),
    setAside: () => read(() => rows.inbox.setAside()),
    takeBack: (id, now) => parts.commit.write(() => rows.inbox.takeBack(id, now)),
    dueFires: (now, limit) => read(() => rows.fires.due(now, limit)),
    nextFireAt: () => read(() => rows.fires.nextAt()),
  };
}

type OutboxSide = Pick<Store, "claim" | "leaving" | "settle" | "reportStatus" | "backlog">;

function outboxSide(parts: Parts, rows: Rows, endBroadcasts: () => void): OutboxSide {
  const { db, ids, commit } = parts;
  const { outbox, contacts } = rows;
  const { take, free, inHand } = claims(db, contacts);
  const settle = settler({
    db,
    ids,
    outbox,
    lines: parts.lines,
    setKeyboard: contacts.setKeyboard,
    endBroadcasts,
  });
  const report = reporter({
    db,
    outbox,
    lines: parts.lines,
    inHand,
    closeWindow: contacts.closeWindow,
    endBroadcasts,
  });
  const backlog = backlogReader(db, parts.clock);
  return {
    claim: async (now, lane, limit) => {
      for (;;) {
        const taken = await read(() => take(now, lane, limit));
        if (taken.kind === "taken") return taken.rows;
        await commit.write(() => {
          endWaiting(outbox, taken, lane, now);
          endBroadcasts();
        });
      }
    },
    leaving: ({ id }) => commit.write(() => outbox.leaving(id), { shares: sharesFor }),
    settle: async (settled) => {
      await commit.write(() => settle(settled), { shares: sharesFor });
      for (const { contact, id } of settled) free(contact, id);
    },
    reportStatus: (status, now) => commit.write(() => report(status, now)),
    backlog: () => read(backlog),
  };
}

/** Ends what waits and is not to leave any more. */
function endWaiting(
  outbox: Rows["outbox"],
  found: Exclude<Taken, { readonly kind: "taken" }>,
  lane: Lane,
  now: Ms,
): void {
  if (found.kind === "late") for (const contact of found.contacts) outbox.expire(contact, now);
  else for (const { id, contact } of found.rows) outbox.lose(id, contact, lane);
}

function healthCheck({ db, clock, commit, lastCommit }: Parts): Store["health"] {
  // More than a turn writes, so that there is room for a turn where there is room for this.
  const put = db.prepare("INSERT INTO meta (key, value) VALUES ('probe', zeroblob(32768))");
  const remove = db.prepare("DELETE FROM meta WHERE key = 'probe'");
  return async () => {
    const age = clock.now() - lastCommit();
    if (commit.trouble() === undefined && age >= 0 && age < second) return { ok: true };
    try {
      await commit.write(
        () => {
          put.run();
          remove.run();
        },
        { patience: second },
      );
      return { ok: true };
    } catch (problem) {
      return { ok: false, code: troubleName(problem), reason: problemText(problem) };
    }
  };
}

/** A read; what concerns the whole store comes out as Problem `store-unavailable`. */
async function read<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (problem) {
    throw unavailable(problem) ?? problem;
  }
}
