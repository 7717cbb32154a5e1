import { DatabaseSync } from "node:sqlite";
import { type Answer, bodyFor, type Keep, type Posted, textsWith } from "./bare-keep.ts";

/** Three rows in the clear for each update, in a file as durable as the product's. */
export function keepInSqlite(path: string): Keep {
  const db = new DatabaseSync(path);
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000;
    CREATE TABLE inbox (id INTEGER PRIMARY KEY);
    CREATE TABLE person (id INTEGER PRIMARY KEY, texts TEXT NOT NULL);
    CREATE TABLE outbox (id INTEGER PRIMARY KEY, body TEXT NOT NULL)`,
  );
  const take = db.prepare("INSERT INTO inbox VALUES (?) ON CONFLICT (id) DO NOTHING");
  const read = db.prepare("SELECT texts FROM person WHERE id = ?");
  const write = db.prepare("INSERT INTO person VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET texts = ?2");
  const queue = db.prepare("INSERT INTO outbox (body) VALUES (?)");
  const strike = db.prepare("DELETE FROM outbox WHERE id = ?");
  const turn = ({ id, chat, text }: Posted): readonly Answer[] => {
    if (take.run(id).changes === 0) return [];
    write.run(chat, textsWith(read.get(chat)?.["texts"], text));
    const body = bodyFor(chat);
    return [{ id: queue.run(body).lastInsertRowid, body }];
  };
  return {
    side: 1,
    commit: async (left, posted) => {
      db.exec("BEGIN IMMEDIATE");
      for (const id of left) strike.run(id);
      const answers = posted.flatMap(turn);
      db.exec("COMMIT");
      return answers;
    },
  };
}
