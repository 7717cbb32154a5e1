import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { type StorageAdapter, webhookCallback } from "grammy";
import { grammyBot, type Talk } from "../engine-peers/grammy-bot.ts";

// The peer: the same flow as a grammY bot in its usual shape, the session in one SQLite row a person, as durable as
// ours (synchronous=FULL) and in the clear. It answers while the webhook waits, as grammY bots do.

const { PEER_PORT, PEER_DB, PEER_TOKEN, PEER_API_ROOT, PEER_SECRET, PEER_TIDIES } = process.env;

function rows(path: string): StorageAdapter<Talk> {
  const db = new DatabaseSync(path);
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE session (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
  );
  const get = db.prepare("SELECT value FROM session WHERE key = ?");
  const put = db.prepare("INSERT INTO session VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2");
  const drop = db.prepare("DELETE FROM session WHERE key = ?");
  return {
    read: (key) => {
      const value = get.get(key)?.["value"];
      return typeof value === "string" ? JSON.parse(value) : undefined;
    },
    write: (key, value) => void put.run(key, JSON.stringify(value)),
    delete: (key) => void drop.run(key),
  };
}

const bot = grammyBot(
  PEER_TOKEN ?? "",
  { apiRoot: PEER_API_ROOT ?? "" },
  rows(PEER_DB ?? ""),
  PEER_TIDIES === "yes",
);
await bot.init();
const handle = webhookCallback(bot, "http", { secretToken: PEER_SECRET ?? "", timeoutMilliseconds: 30_000 });
const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  if (request.url === "/readyz") response.end("ok");
  else void handle(request, response);
});
server.listen(Number(PEER_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
