// The ten questions with grammY's conversations plugin, what it keeps in SQLite as durable as ours and in the clear. It
// answers while the webhook waits. Runs in the folder where the packages were installed.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { DatabaseSync } from "node:sqlite";

const { PEER_PORT, PEER_DB, PEER_TOKEN, PEER_API_ROOT, PEER_SECRET, PEER_FLOW } = process.env;
const { nextStep, notUnderstood, optionsOf, read, resultOf, textOf } = await import(PEER_FLOW);
const require = createRequire(import.meta.url);
const { Bot, InlineKeyboard, webhookCallback } = require("grammy");
const { conversations, createConversation } = require("@grammyjs/conversations");

const db = new DatabaseSync(PEER_DB);
db.exec(
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE session (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
);
const get = db.prepare("SELECT value FROM session WHERE key = ?");
const put = db.prepare("INSERT INTO session VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2");
const drop = db.prepare("DELETE FROM session WHERE key = ?");
const adapter = {
  read: (key) => {
    const row = get.get(key);
    return row === undefined ? undefined : JSON.parse(row.value);
  },
  write: (key, state) => void put.run(key, JSON.stringify(state)),
  delete: (key) => void drop.run(key),
};

function ask(ctx, step, before = "") {
  const words = optionsOf[step];
  const keys = words?.reduce((rows, word) => rows.text(word, word), new InlineKeyboard());
  return ctx.reply(before + textOf(step), keys === undefined ? {} : { reply_markup: keys });
}

/** One round; the message that begins it answers its first question. It ends with the first question of the next. */
async function tenQuestions(conversation, first) {
  const answers = {};
  let step = "q1";
  for (let ctx = first; ; ctx = await conversation.waitFor("message:text")) {
    const value = read(step, ctx.msg.text);
    if (value === undefined) {
      await ask(ctx, step, notUnderstood);
      continue;
    }
    answers[step] = value;
    if (step === "q10") return void (await ask(ctx, "q1", `${resultOf(answers)}\n\n`));
    step = nextStep(step, value);
    await ask(ctx, step);
  }
}

const bot = new Bot(PEER_TOKEN, { client: { apiRoot: PEER_API_ROOT } });
bot.use(conversations({ storage: adapter }));
bot.use(createConversation(tenQuestions));
bot.command("start", (ctx) => ask(ctx, "q1"));
bot.on("message:text", (ctx) => ctx.conversation.enter("tenQuestions"));

await bot.init();
const handle = webhookCallback(bot, "http", { secretToken: PEER_SECRET, timeoutMilliseconds: 30_000 });
const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  if (request.url === "/readyz") response.end("ok");
  else void handle(request, response);
});
server.listen(Number(PEER_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
