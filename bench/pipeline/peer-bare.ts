import { createServer, type ServerResponse } from "node:http";
import { Pool } from "undici";
import type { Answer, Posted } from "./bare-keep.ts";
import { keepInPostgres } from "./bare-postgres.ts";
import { keepInSqlite } from "./bare-sqlite.ts";

// Not a bot but what the machine gives at most: each webhook is one row for the delivery, one for the person and one for
// the answer, in the clear, many to a commit; the same answer goes to everyone in one call. No engine, no rendering, no
// order, no second try. What the product adds is measured against this.

const { PEER_PORT, PEER_DB = "", PEER_TOKEN, PEER_API_ROOT = "", DATABASE_URL } = process.env;
/** As many calls under way, and as many answers waiting for one, as the product has. */
const mostCalls = 256;
const mostWaiting = 1_000;
const mostInCommit = 200;

type Held = Posted & { readonly response: ServerResponse };

const keep = DATABASE_URL === undefined ? keepInSqlite(PEER_DB) : await keepInPostgres(DATABASE_URL);
const root = new URL(PEER_API_ROOT);
const pool = new Pool(root.origin, { connections: mostCalls, pipelining: 1 });
const call = {
  path: `/bot${PEER_TOKEN}/sendMessage`,
  method: "POST",
  headers: { "content-type": "application/json" },
} as const;

const posted: Held[] = [];
let left: Answer["id"][] = [];
let waiting: Answer[] = [];
let calls = 0;
let commits = 0;
let scheduled = false;

function schedule(): void {
  if (scheduled || commits >= keep.side) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    void commit();
  });
}

async function commit(): Promise<void> {
  const batch = waiting.length < mostWaiting ? posted.splice(0, mostInCommit) : [];
  const marks = left;
  left = [];
  commits += 1;
  const answers = await keep.commit(marks, batch);
  commits -= 1;
  for (const { response } of batch) response.end();
  waiting.push(...answers);
  send();
  if ((posted.length > 0 && waiting.length < mostWaiting) || left.length > 0) schedule();
}

function send(): void {
  const room = mostCalls - calls;
  const leaving = waiting.slice(0, room);
  waiting = waiting.slice(room);
  for (const { id, body } of leaving) {
    calls += 1;
    const ended = (): void => {
      calls -= 1;
      left.push(id);
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
