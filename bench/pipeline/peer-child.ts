import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import {
  Bot,
  type Context,
  InlineKeyboard,
  type SessionFlavor,
  type StorageAdapter,
  session,
  webhookCallback,
} from "grammy";
import { textOf } from "../ten-questions.ts";

// The peer: the same flow as a grammY bot in its usual shape, the session in one SQLite row a person, as durable as
// ours (synchronous=FULL) and in the clear. It answers while the webhook waits, as grammY bots do.

const { PEER_PORT, PEER_DB, PEER_TOKEN, PEER_API_ROOT, PEER_SECRET } = process.env;

type Talk = { step: string; answers: Record<string, string | number> };
type Talking = Context & SessionFlavor<Talk>;

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

const oneOf = (...words: string[]) => new Map(words.map((word) => [word, word]));
const yesNo = oneOf("yes", "no");
const colours = oneOf("red", "green", "blue");
const counts = oneOf("one", "two", "three");

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function read(step: string, text: string): string | number | undefined {
  switch (step) {
    case "q1":
    case "q4":
    case "q8":
    case "q10":
      return yesNo.get(text.trim().toLowerCase());
    case "q2":
      return colours.get(text.trim().toLowerCase());
    case "q6":
      return counts.get(text.trim().toLowerCase());
    case "q3":
      return wholeNumber(text, 0, 120);
    case "q7":
      return wholeNumber(text, 0, 10);
    default:
      return text;
  }
}

const after: Readonly<Record<string, string>> = {
  q1: "q2",
  q2: "q3",
  q3: "q4",
  q5: "q6",
  q6: "q7",
  q7: "q8",
  q8: "q9",
  q9: "q10",
  q10: "q1",
};

function nextStep(step: string, value: string | number): string {
  return step === "q4" ? (value === "yes" ? "q5" : "q6") : (after[step] ?? "q1");
}

const keyboard = (words: ReadonlyMap<string, string>) =>
  [...words.keys()].reduce((rows, word) => rows.text(word, word), new InlineKeyboard());
const [yesNoKeys, colourKeys, countKeys] = [keyboard(yesNo), keyboard(colours), keyboard(counts)];
const keyboards: Readonly<Record<string, InlineKeyboard>> = {
  q1: yesNoKeys,
  q2: colourKeys,
  q4: yesNoKeys,
  q6: countKeys,
  q8: yesNoKeys,
  q10: yesNoKeys,
};

async function ask(ctx: Talking, before: string): Promise<void> {
  const { step } = ctx.session;
  const keys = keyboards[step];
  await ctx.reply(before + textOf(step), keys === undefined ? {} : { reply_markup: keys });
}

/** What a finished round is answered with: the decision table of the flow. */
function result({ answers }: Talk): string {
  return textOf(answers["q1"] === "yes" && Number(answers["q3"]) >= 18 ? "grown" : "other");
}

const bot = new Bot<Talking>(PEER_TOKEN ?? "", { client: { apiRoot: PEER_API_ROOT ?? "" } });
bot.use(session({ initial: (): Talk => ({ step: "q1", answers: {} }), storage: rows(PEER_DB ?? "") }));
bot.command("start", async (ctx) => {
  ctx.session = { step: "q1", answers: {} };
  await ask(ctx, "");
});
bot.on("message:text", async (ctx) => {
  const talk = ctx.session;
  const value = read(talk.step, ctx.msg.text);
  if (value === undefined) return ask(ctx, "Please answer in one of the ways shown.\n\n");
  talk.answers[talk.step] = value;
  const over = talk.step === "q10" ? `${result(talk)}\n\n` : "";
  talk.step = nextStep(talk.step, value);
  if (over !== "") talk.answers = {};
  await ask(ctx, over);
});

await bot.init();
const handle = webhookCallback(bot, "http", { secretToken: PEER_SECRET ?? "", timeoutMilliseconds: 30_000 });
const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  if (request.url === "/readyz") response.end("ok");
  else void handle(request, response);
});
server.listen(Number(PEER_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
