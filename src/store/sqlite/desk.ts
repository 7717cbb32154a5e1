import type { DatabaseSync } from "node:sqlite";
import type { DeskStore } from "../../app/ports-desk.ts";
import { reportName } from "../schema/codes.ts";
import { bytesIn, numberIn, textIn, textsIn } from "../schema/columns.ts";
import { broadcastFrom, countsFrom } from "../schema/rows.ts";
import { audienceCounter } from "./audience.ts";
import type { QueueChunk } from "./broadcast-queue.ts";

export type DeskNeeds = {
  readonly db: DatabaseSync;
  readonly write: <T>(work: () => T) => Promise<T>;
  readonly queueChunk: QueueChunk;
  /** Brings the log file into the database. */
  readonly catchUp: () => void;
};

/**
 * Rows of a broadcast after which the log file is brought into the database: a few milliseconds. Planning would else meet
 * the automatic checkpoint, which stands still for a tenth of a second.
 */
const rowsToCatchUp = 7_000;

/** The organisations' side of the store. */
export function desk(needs: DeskNeeds): DeskStore {
  return { ...registry(needs), ...broadcasts(needs), ...overviews(needs.db) };
}

type Registry = Pick<DeskStore, "addOrganisation" | "organisations" | "addTopic" | "topics">;

function registry({ db, write }: DeskNeeds): Registry {
  const addOrganisation = db.prepare(
    "INSERT INTO orgs (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const hasOrganisation = db.prepare("SELECT 1 FROM orgs WHERE id = ?");
  const addTopic = db.prepare(
    "INSERT INTO topics (id, org_id, titles, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const organisations = db.prepare("SELECT id, name FROM orgs ORDER BY id");
  const topics = db.prepare("SELECT id, org_id, titles FROM topics ORDER BY id");
  return {
    addOrganisation: (id, name, now) =>
      write(() => (addOrganisation.run(id, name, now).changes > 0 ? "added" : "exists")),
    organisations: async () =>
      organisations.all().map((row) => ({ id: textIn(row, "id"), name: textIn(row, "name") })),
    addTopic: ({ id, organisation, titles }, now) =>
      write(() => {
        if (hasOrganisation.get(organisation) === undefined) return "no-organisation";
        return addTopic.run(id, organisation, JSON.stringify(titles), now).changes > 0 ? "added" : "exists";
      }),
    topics: async () =>
      topics.all().map((row) => ({
        id: textIn(row, "id"),
        organisation: textIn(row, "org_id"),
        titles: textsIn(row, "titles"),
      })),
  };
}

type Broadcasts = Pick<
  DeskStore,
  "createBroadcast" | "broadcast" | "broadcastsIn" | "queueBroadcastChunk" | "broadcastStatus"
>;

function broadcasts(needs: DeskNeeds): Broadcasts {
  const { db, write } = needs;
  const create = db.prepare(
    "INSERT INTO broadcasts (id, topic_id, org_id, texts, state, created_at) VALUES (?, ?, ?, ?, 'planning', ?)",
  );
  const one = db.prepare("SELECT * FROM broadcasts WHERE id = ?");
  const inState = db.prepare("SELECT * FROM broadcasts WHERE state = ? ORDER BY id");
  return {
    createBroadcast: ({ id, topic, organisation, texts, createdAt }) =>
      write(() => {
        create.run(id, topic, organisation, JSON.stringify(texts), createdAt);
      }),
    broadcast: async (id) => {
      const row = one.get(id);
      return row === undefined ? undefined : broadcastFrom(row);
    },
    broadcastsIn: async (state) => inState.all(state).map(broadcastFrom),
    queueBroadcastChunk: chunkQueuer(needs),
    broadcastStatus: statusReader(db),
  };
}

function chunkQueuer({ write, queueChunk, catchUp }: DeskNeeds): DeskStore["queueBroadcastChunk"] {
  let behind = 0;
  return async (...chunk) => {
    const queued = await write(() => queueChunk(...chunk));
    behind += queued.queued;
    if (behind >= rowsToCatchUp) {
      behind = 0;
      catchUp();
    }
    return queued;
  };
}

function statusReader(db: DatabaseSync): DeskStore["broadcastStatus"] {
  const status = db.prepare(
    `SELECT name, sum(count) AS count FROM (
      SELECT ${reportName} AS name, count(*) AS count FROM outbox WHERE broadcast_id = ?1 GROUP BY name
      UNION ALL SELECT name, count FROM broadcast_counts WHERE broadcast_id = ?1
    ) GROUP BY name ORDER BY name`,
  );
  return async (id) => countsFrom(status.all(id));
}

type Overviews = Pick<DeskStore, "audience" | "cases" | "counts">;

function overviews(db: DatabaseSync): Overviews {
  const cases = db.prepare("SELECT id, contact_id, reason, opened_at, state FROM cases ORDER BY id");
  const counts = db.prepare("SELECT name, count FROM counters ORDER BY name");
  return {
    audience: audienceCounter(db),
    cases: async () =>
      cases.all().map((row) => ({
        id: numberIn(row, "id"),
        contact: numberIn(row, "contact_id"),
        reason: bytesIn(row, "reason"),
        at: numberIn(row, "opened_at"),
        state: textIn(row, "state"),
      })),
    counts: async () => countsFrom(counts.all()),
  };
}
