import { createServer, type ServerResponse } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { Pool } from "undici";

// Not a bot but what the machine gives at most: each webhook is one row for the delivery, one for the person and one for
// the answer, in the clear, many to a commit; the same answer goes to everyone in one call. No engine, no rendering, no
// order, no second try. What the product adds is measured against this.

const { PEER_PORT, PEER_DB = "", PEER_TOKEN, PEER_API_ROOT = "" } = process.env;
/** As many calls under way, and as many answers waiting for one, as the product has. */
const mostCalls = 256;
const mostWaiting = 1_000;
const mostInCommit = 200;

type Posted = {
  readonly id: number;
  readonly chat: number;
  readonly text: string;
  readonly response: ServerResponse;
};
type Answer = { readonly id: number | bigint; readonly body: string };

const db = new DatabaseSync(PEER_DB);
db.exec(
  `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000;
  CREATE TABLE inbox (id INTEGER PRIMARY KEY);
  CREATE TABLE person (id INTEGER PRIMARY KEY, answers TEXT NOT NULL);
  CREATE TABLE outbox (id INTEGER PRIMARY KEY, body TEXT NOT NULL)`,
);
const take = db.prepare("INSERT INTO inbox VALUES (?) ON CONFLICT (id) DO NOTHING");
const read = db.prepare("SELECT answers FROM person WHERE id = ?");
const write = db.prepare("INSERT INTO person VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET answers = ?2");
const queue = db.prepare("INSERT INTO outbox (body) VALUES (?)");
const sent = db.prepare("DELETE FROM outbox WHERE id = ?");

const root = new URL(PEER_API_ROOT);
const pool = new Pool(root.origin, { connections: mostCalls, pipelining: 1 });
const call = {
  path: `/bot${PEER_TOKEN}/sendMessage`,
  method: "POST",
  headers: { "content-type": "application/json" },
} as const;

const posted: Posted[] = [];
let over: (number | bigint)[] = [];
let waiting: Answer[] = [];
let calls = 0;
let scheduled = false;

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(commit);
}

function commit(): void {
  scheduled = false;
  const batch = waiting.length < mostWaiting ? posted.splice(0, mostInCommit) : [];
  const marks = over;
  over = [];
  db.exec("BEGIN IMMEDIATE");
  for (const id of marks) sent.run(id);
  const answers = batch.flatMap(turn);
  db.exec("COMMIT");
  for (const { response } of batch) response.end();
  waiting.push(...answers);
  send();
  if (posted.length > 0 && batch.length > 0) schedule();
}

function turn({ id, chat, text }: Posted): readonly Answer[] {
  if (take.run(id).changes === 0) return [];
  const before = read.get(chat)?.["answers"];
  const answers: unknown[] = typeof before === "string" ? JSON.parse(before) : [];
  write.run(chat, JSON.stringify([...answers.slice(-9), text]));
  const buttons = ["Yes", "No"].map((label) => [{ text: label, callback_data: label }]);
  const body = JSON.stringify({
    chat_id: chat,
    text: "This is the text of a question, of about the length that a question has.",
    reply_markup: { inline_keyboard: buttons },
  });
  return [{ id: queue.run(body).lastInsertRowid, body }];
}

function send(): void {
  const room = mostCalls - calls;
  const leaving = waiting.slice(0, room);
  waiting = waiting.slice(room);
  for (const { id, body } of leaving) {
    calls += 1;
    const ended = (): void => {
      calls -= 1;
      over.push(id);
      schedule();
    };
    const nothing = (): void => undefined;
    pool.dispatch(
      { ...call, body },
      {
        onRequestStart: nothing,
        onResponseStart: nothing,
        onResponseData: nothing,
        onResponseEnd: ended,
        onResponseError: ended,
      },
    );
  }
}

const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  if (request.url === "/readyz") {
    response.end("ok");
    return;
  }
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => {
    const update: {
      readonly update_id: number;
      readonly message: { readonly chat: { readonly id: number }; readonly text: string };
    } = JSON.parse(body);
    posted.push({ id: update.update_id, chat: update.message.chat.id, text: update.message.text, response });
    schedule();
  });
});
server.listen(Number(PEER_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
