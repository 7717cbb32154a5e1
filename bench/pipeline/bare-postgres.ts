import { Pool } from "pg";
import { type Answer, bodyFor, type Keep, type Posted, textsWith } from "./bare-keep.ts";

const connections = 4;
const tables = `CREATE TABLE inbox (id bigint PRIMARY KEY);
  CREATE TABLE person (id bigint PRIMARY KEY, texts text NOT NULL);
  CREATE TABLE outbox (id bigserial PRIMARY KEY, body text NOT NULL)`;
const take = {
  name: "take",
  text: "INSERT INTO inbox SELECT unnest($1::bigint[]) ON CONFLICT DO NOTHING RETURNING id",
};
const read = { name: "read", text: "SELECT id, texts FROM person WHERE id = ANY($1::bigint[]) FOR UPDATE" };
const write = {
  name: "write",
  text: `INSERT INTO person SELECT * FROM unnest($1::bigint[], $2::text[])
    ON CONFLICT (id) DO UPDATE SET texts = excluded.texts`,
};
const queue = { name: "queue", text: "INSERT INTO outbox (body) SELECT unnest($1::text[]) RETURNING id" };
const strike = { name: "strike", text: "DELETE FROM outbox WHERE id = ANY($1::bigint[])" };

/** The same rows in a PostgreSQL, a statement for all of a kind, and what needs no answer of another sent with it. */
export async function keepInPostgres(url: string): Promise<Keep> {
  const pool = new Pool({ connectionString: url, max: connections, pipeline: true });
  await pool.query(tables);
  return {
    side: connections,
    commit: async (left, posted) => {
      const client = await pool.connect();
      try {
        const begun = [
          client.query("BEGIN"),
          ...(left.length > 0 ? [client.query({ ...strike, values: [left.map(String)] })] : []),
        ];
        const answers = posted.length > 0 ? await turns(client.query.bind(client), posted) : [];
        await Promise.all([...begun, client.query("COMMIT")]);
        return answers;
      } finally {
        client.release();
      }
    },
  };
}

type Query = (query: {
  readonly name: string;
  readonly text: string;
  readonly values: readonly (readonly unknown[])[];
}) => Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;

async function turns(query: Query, posted: readonly Posted[]): Promise<readonly Answer[]> {
  const [taken, known] = await Promise.all([
    query({ ...take, values: [posted.map(({ id }) => id)] }),
    query({ ...read, values: [posted.map(({ chat }) => chat)] }),
  ]);
  const fresh = new Set(taken.rows.map(({ id }) => Number(id)));
  const texts = new Map(known.rows.map((row) => [Number(row["id"]), row["texts"]]));
  const turned = posted.filter(({ id }) => fresh.has(id));
  const bodies = turned.map(({ chat }) => bodyFor(chat));
  const [, queued] = await Promise.all([
    query({
      ...write,
      values: [
        turned.map(({ chat }) => chat),
        turned.map(({ chat, text }) => textsWith(texts.get(chat), text)),
      ],
    }),
    query({ ...queue, values: [bodies] }),
  ]);
  return queued.rows.flatMap(({ id }, at) => {
    const body = bodies[at];
    return body === undefined ? [] : [{ id: BigInt(String(id)), body }];
  });
}
