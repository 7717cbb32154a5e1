import { Bot, type Context, InlineKeyboard, type SessionFlavor, type StorageAdapter, session } from "grammy";
import { nextStep, notUnderstood, optionsOf, read, resultOf, textOf } from "./peer-flow.ts";

/** A conversation as grammY's session keeps it. */
export type Talk = { step: string; answers: Record<string, string | number> };
type Talking = Context & SessionFlavor<Talk>;

const keyboards: ReadonlyMap<string, InlineKeyboard> = new Map(
  Object.entries(optionsOf).map(([step, words]) => [
    step,
    words.reduce((rows, word) => rows.text(word, word), new InlineKeyboard()),
  ]),
);

async function ask(ctx: Talking, before: string): Promise<void> {
  const { step } = ctx.session;
  const keys = keyboards.get(step);
  await ctx.reply(before + textOf(step), keys === undefined ? {} : { reply_markup: keys });
}

/** The ten questions as a grammY bot in its usual shape: a session in `storage`, and a handler that looks where it stands. */
export function grammyBot(
  token: string,
  client: { readonly apiRoot?: string },
  storage: StorageAdapter<Talk>,
): Bot<Talking> {
  const bot = new Bot<Talking>(token, { client });
  bot.use(session({ initial: (): Talk => ({ step: "q1", answers: {} }), storage }));
  bot.command("start", async (ctx) => {
    ctx.session = { step: "q1", answers: {} };
    await ask(ctx, "");
  });
  bot.on("message:text", async (ctx) => {
    const talk = ctx.session;
    const value = read(talk.step, ctx.msg.text);
    if (value === undefined) return ask(ctx, notUnderstood);
    talk.answers[talk.step] = value;
    const over = talk.step === "q10" ? `${resultOf(talk.answers)}\n\n` : "";
    talk.step = nextStep(talk.step, value);
    if (over !== "") talk.answers = {};
    await ask(ctx, over);
  });
  return bot;
}
