import { People } from "../../src/app/people.ts";
import type { Session } from "../../src/core/conversation/session.ts";
import type { Renderer } from "../../src/core/render/render.ts";
import { openStore } from "../../src/wiring/open-store.ts";
import type { Place } from "../crash/place.ts";
import { contentOf, isSameSession, startReplay } from "../crash/replay.ts";
import { silent } from "../logs.ts";
import { inboundsOf, type Talker } from "./echo-load.ts";
import type { Databases } from "./place.ts";

type Where = {
  readonly databases: Pick<Databases, "postgres">;
  readonly database: string;
  readonly place: Pick<Place, "dataDir" | "keyFile">;
  readonly root: string;
};

/** Somebody who is in the database. */
export type Known = { readonly contact: number; readonly session: Session };

/** Who is in the database, by their chat. */
export async function everybody({
  place: { dataDir, keyFile },
  databases: { postgres },
  database,
}: Where): Promise<ReadonlyMap<number, Known>> {
  const { store, vault } = await openStore({
    config: { dataDir, keyFile, databaseUrl: postgres.url(database) },
    log: silent,
    clock: { now: () => Date.now() },
  });
  try {
    const people = new People(vault);
    const opened = (await store.contactsAfter(0, 1_000)).map((row) => people.open(row));
    return new Map(
      opened.map(({ id, addresses, session }) => [Number(addresses[0]), { contact: id, session }]),
    );
  } finally {
    await store.close();
  }
}

/** Only a process that has been taken for dead, and writes all the same, leaves messages that are nobody's to take. */
export async function unowned({ databases: { postgres }, database }: Where): Promise<readonly string[]> {
  const rows = await postgres.run(
    `SELECT id FROM outbox WHERE state IN (0, 1) AND owner IS NOT NULL AND NOT EXISTS
      (SELECT 1 FROM workers w WHERE w.id = owner)`,
    database,
  );
  return rows.length > 0 ? [`${rows.length} messages belong to a process that is gone`] : [];
}

/** `words`: in the order in which they were answered, which is that of the turns. */
type Heard = { readonly talker: Talker; readonly words: readonly number[] };

/**
 * What a database that is at rest holds otherwise than the core makes of what people said: inputs, sessions and outbox, each
 * whole and once. Gives how many messages there were, too.
 */
export async function wrongInStore(
  where: Where,
  people: ReadonlyMap<number, Known>,
  heard: readonly Heard[],
): Promise<{ readonly messages: number; readonly violations: readonly string[] }> {
  const { databases, database, root } = where;
  const renderer = contentOf(root);
  const rows = await databases.postgres.run(
    `SELECT contact_id AS contact, count(*)::integer AS rows, (count(*) FILTER (WHERE state <> 3))::integer AS unsent
      FROM outbox GROUP BY contact_id`,
    database,
  );
  const outbox = new Map(
    rows.map((row) => [Number(row["contact"]), { all: Number(row["rows"]), unsent: Number(row["unsent"]) }]),
  );
  const read = heard.map((one) => {
    const known = people.get(one.talker.chat);
    return wrongOf(renderer, one, known, outbox.get(known?.contact ?? 0) ?? { all: 0, unsent: 0 });
  });
  return {
    messages: read.reduce((sum, { messages }) => sum + messages, 0),
    violations: [
      ...(await wrongInbox(
        where,
        heard.map(({ talker }) => talker),
      )),
      ...read.flatMap(({ violations }) => violations),
    ],
  };
}

async function wrongInbox(
  { databases: { postgres }, database }: Where,
  talkers: readonly Talker[],
): Promise<readonly string[]> {
  const kept = await postgres.run("SELECT external_id, state FROM inbox", database);
  const done = new Set(kept.filter((row) => row["state"] === 0).map((row) => String(row["external_id"])));
  const acknowledged = talkers.flatMap((talker) => talker.acknowledged);
  const missing = acknowledged.filter((id) => !done.has(String(id)));
  return [
    ...missing.map((id) => `update ${id} was acknowledged and is not in the inbox`),
    ...(kept.length > acknowledged.length
      ? [`the inbox holds ${kept.length - acknowledged.length} updates that nobody sent`]
      : []),
  ];
}

function wrongOf(
  renderer: Renderer,
  { talker, words }: Heard,
  known: Known | undefined,
  outbox: { readonly all: number; readonly unsent: number },
) {
  const { chat, acknowledged } = talker;
  const replay = startReplay(renderer);
  for (const inbound of inboundsOf(talker, words)) replay.take(inbound);
  const messages = replay.messages();
  const turns = known?.session.turn;
  return {
    messages,
    violations: [
      // A session counts its turns: as many as inputs were acknowledged, no more and no fewer.
      ...(turns === acknowledged.length ? [] : [`${chat}: ${turns} turns for ${acknowledged.length} inputs`]),
      ...(known !== undefined && isSameSession(known.session, replay.session())
        ? []
        : [`${chat}: the session is not what the inputs lead to`]),
      ...(outbox.all === messages
        ? []
        : [`${chat}: ${outbox.all} rows in the outbox for ${messages} messages`]),
      ...(outbox.unsent > 0 ? [`${chat}: ${outbox.unsent} rows in the outbox are not marked as sent`] : []),
    ],
  };
}
