import { Problem } from "../../app/errors.ts";
import type { AudienceGroup, DeskStore } from "../../app/ports-desk.ts";
import type { Language } from "../../core/nouns/language.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { channels, contactStates, laneNumber, reportName } from "../schema/codes.ts";
import {
  bytesIn,
  numberIn,
  oneOfIn,
  optionalNumberIn,
  type Row,
  textIn,
  textsIn,
} from "../schema/columns.ts";
import { broadcastFrom, countsFrom } from "../schema/rows.ts";
import type { Database, Query, Statement } from "./connection.ts";
import type { Ids } from "./ids.ts";
import { endBroadcasts } from "./line.ts";
import type { Session } from "./session.ts";

export type DeskNeeds = {
  readonly db: Database;
  readonly ids: Ids;
  readonly session: Session;
  /** Runs a write, with words for what goes wrong. */
  readonly write: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
};

/** The organisations' side of the store. */
export function desk(needs: DeskNeeds): DeskStore {
  return { ...registry(needs), ...broadcasts(needs), ...overviews(needs) };
}

const statement = (name: string, text: string): Statement => ({ name: `desk-${name}`, text });

const addOrganisation = statement(
  "add-org",
  "INSERT INTO orgs (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
);
const hasOrganisation = statement("has-org", "SELECT 1 FROM orgs WHERE id = $1");
const addTopic = statement(
  "add-topic",
  "INSERT INTO topics (id, org_id, titles, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
);
const organisations = statement("orgs", 'SELECT id, name FROM orgs ORDER BY id COLLATE "C"');
const topics = statement("topics", 'SELECT id, org_id, titles FROM topics ORDER BY id COLLATE "C"');

type Registry = Pick<DeskStore, "addOrganisation" | "organisations" | "addTopic" | "topics">;

function registry({ db, session, write }: DeskNeeds): Registry {
  return {
    addOrganisation: (id, name, now) =>
      write(async (query) =>
        (await query(addOrganisation, [id, name, now])).count > 0 ? "added" : "exists",
      ),
    organisations: async () =>
      (await db.read(organisations)).rows.map((row) => ({
        id: textIn(row, "id"),
        name: textIn(row, "name"),
      })),
    addTopic: ({ id, organisation, titles }, now) =>
      write(async (query) => {
        if ((await query(hasOrganisation, [organisation])).count === 0) return "no-organisation";
        const added = await query(addTopic, [id, organisation, JSON.stringify(titles), now]);
        await session.tell(query, { kind: "topics" });
        return added.count > 0 ? "added" : "exists";
      }),
    topics: async () =>
      (await db.read(topics)).rows.map((row) => ({
        id: textIn(row, "id"),
        organisation: textIn(row, "org_id"),
        titles: textsIn(row, "titles"),
      })),
  };
}

const create = statement(
  "create-broadcast",
  "INSERT INTO broadcasts (id, topic_id, org_id, texts, state, created_at) VALUES ($1, $2, $3, $4, 'planning', $5)",
);
const one = statement("broadcast", "SELECT * FROM broadcasts WHERE id = $1");
const inState = statement("broadcasts-in", "SELECT * FROM broadcasts WHERE state = $1 ORDER BY id");
const status = statement(
  "broadcast-status",
  `SELECT name, sum(count) AS count FROM (
    SELECT ${reportName} AS name, count(*) AS count FROM outbox WHERE broadcast_id = $1 GROUP BY 1
    UNION ALL SELECT name, count FROM broadcast_counts WHERE broadcast_id = $1
  ) all_rows GROUP BY name ORDER BY name COLLATE "C"`,
);

type Broadcasts = Pick<
  DeskStore,
  "createBroadcast" | "broadcast" | "broadcastsIn" | "queueBroadcastChunk" | "broadcastStatus"
>;

function broadcasts(needs: DeskNeeds): Broadcasts {
  const { db, write } = needs;
  return {
    createBroadcast: ({ id, topic, organisation, texts, createdAt }) =>
      write(async (query) => {
        await query(create, [id, topic, organisation, JSON.stringify(texts), createdAt]);
      }),
    broadcast: async (id) => {
      const [row] = (await db.read(one, [id])).rows;
      return row === undefined ? undefined : broadcastFrom(row);
    },
    broadcastsIn: async (state) => (await db.read(inState, [state])).rows.map(broadcastFrom),
    queueBroadcastChunk: (id, chunk, languages, now, notAfter) =>
      write((query) => queueChunk(needs, query, { id, chunk, languages, now, notAfter })),
    broadcastStatus: async (id) => countsFrom((await db.read(status, [id])).rows),
  };
}

type Chunk = {
  readonly id: number;
  readonly chunk: number;
  readonly languages: readonly Language[];
  readonly now: Ms;
  readonly notAfter: Ms;
};

const lockBroadcast = statement(
  "lock-broadcast",
  "SELECT topic_id, queued_to_id, state FROM broadcasts WHERE id = $1 FOR UPDATE",
);
const span = statement(
  "span",
  `SELECT max(contact_id) AS last, count(*) AS size FROM
    (SELECT contact_id FROM subscriptions WHERE topic_id = $1 AND contact_id > $2 ORDER BY contact_id LIMIT $3) s`,
);
const lockAudience = statement(
  "lock-audience",
  `SELECT c.id FROM contacts c JOIN subscriptions s ON s.contact_id = c.id
    WHERE s.topic_id = $1 AND s.contact_id > $2 AND s.contact_id <= $3 AND c.state = 'active' AND c.language = ANY($4::text[])
    ORDER BY c.id FOR UPDATE OF c`,
);
const queueRows = statement(
  "queue-rows",
  `INSERT INTO outbox (id, contact_id, channel, lane, language, not_before, not_after, broadcast_id, state)
    SELECT $1::bigint + $2::bigint * (row_number() OVER (ORDER BY s.contact_id) - 1), c.id, c.channel, ${laneNumber.bulk},
      c.language, $3, $4, $5, (EXISTS (SELECT 1 FROM outbox o
        WHERE o.contact_id = c.id AND o.lane = ${laneNumber.bulk} AND o.state IN (0, 1)))::integer
    FROM subscriptions s JOIN contacts c ON c.id = s.contact_id
    WHERE s.topic_id = $6 AND s.contact_id > $7 AND s.contact_id <= $8 AND c.state = 'active'
      AND c.language = ANY($9::text[])
    ON CONFLICT (broadcast_id, contact_id) WHERE broadcast_id IS NOT NULL DO NOTHING`,
);
const goOn = statement("queued-to", "UPDATE broadcasts SET queued_to_id = $2, state = $3 WHERE id = $1");

/**
 * Queues a broadcast's next rows. It goes through a topic's subscribers by id, so that another process goes on where the last
 * chunk was committed; their locks keep each one's line in order.
 */
async function queueChunk(
  { ids, session }: DeskNeeds,
  query: Query,
  { id, chunk, languages, now, notAfter }: Chunk,
): Promise<{ readonly queued: number; readonly more: boolean }> {
  const [row] = (await query(lockBroadcast, [id])).rows;
  if (row === undefined) throw new Problem("not-found", `there is no broadcast ${id}`);
  if (textIn(row, "state") !== "planning") return { queued: 0, more: false };
  const topic = textIn(row, "topic_id");
  const from = numberIn(row, "queued_to_id");
  const [found] = (await query(span, [topic, from, chunk])).rows;
  const to = (found === undefined ? undefined : optionalNumberIn(found, "last")) ?? from;
  const size = found === undefined ? 0 : numberIn(found, "size");
  await query(lockAudience, [topic, from, to, languages]);
  const { first, step } = ids.block(size);
  const { count } = await query(queueRows, [first, step, now, notAfter, id, topic, from, to, languages]);
  const more = size === chunk;
  await query(goOn, [id, to, more ? "planning" : "sending"]);
  if (!more) await query(endBroadcasts);
  await session.tell(query, { kind: "waiting" });
  return { queued: count, more };
}

const audience = statement(
  "audience",
  `SELECT c.channel, c.language, c.state, coalesce(c.last_inbound >= $2, false) AS open, count(*) AS count
    FROM subscriptions s JOIN contacts c ON c.id = s.contact_id WHERE s.topic_id = $1 GROUP BY 1, 2, 3, 4`,
);
const cases = statement("cases", "SELECT id, contact_id, reason, opened_at, state FROM cases ORDER BY id");
const counts = statement("counts", 'SELECT name, count FROM counters ORDER BY name COLLATE "C"');

function overviews({ db }: DeskNeeds): Pick<DeskStore, "audience" | "cases" | "counts"> {
  return {
    audience: async (topic, windowOpenSince) =>
      (await db.read(audience, [topic, windowOpenSince])).rows.map(groupFrom),
    cases: async () =>
      (await db.read(cases)).rows.map((row) => ({
        id: numberIn(row, "id"),
        contact: numberIn(row, "contact_id"),
        reason: bytesIn(row, "reason"),
        at: numberIn(row, "opened_at"),
        state: textIn(row, "state"),
      })),
    counts: async () => countsFrom((await db.read(counts)).rows),
  };
}

function groupFrom(row: Row): AudienceGroup {
  return {
    channel: oneOfIn(row, "channel", channels),
    language: textIn(row, "language"),
    state: oneOfIn(row, "state", contactStates),
    window: row["open"] === true ? "open" : "closed",
    count: numberIn(row, "count"),
  };
}
