import { Bot, type Context, InlineKeyboard, type SessionFlavor, type StorageAdapter, session } from "grammy";
import { nextStep, notUnderstood, optionsOf, read, resultOf, textOf } from "./peer-flow.ts";

/** A conversation as grammY's session keeps it. `keyboard`: the message whose buttons are shown. */
export type Talk = { step: string; answers: Record<string, string | number>; keyboard?: number };
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

/** The same, and takes the buttons of the question before away, both calls at once. */
async function askTidily(ctx: Talking, before: string): Promise<void> {
  const { step, keyboard } = ctx.session;
  const keys = keyboards.get(step);
  const [sent] = await Promise.all([
    ctx.reply(before + textOf(step), keys === undefined ? {} : { reply_markup: keys }),
    keyboard === undefined ? undefined : ctx.api.editMessageReplyMarkup(ctx.chatId ?? 0, keyboard),
  ]);
  if (keys === undefined) delete ctx.session.keyboard;
  else ctx.session.keyboard = sent.message_id;
}

/**
 * The ten questions as a grammY bot in its usual shape: a session in `storage`, and a handler that looks where it stands.
 * `tidies`: whether it takes buttons away once they are answered.
 */
export function grammyBot(
  token: string,
  client: { readonly apiRoot?: string },
  storage: StorageAdapter<Talk>,
  tidies = false,
): Bot<Talking> {
  const asks = tidies ? askTidily : ask;
  const bot = new Bot<Talking>(token, { client });
  bot.use(session({ initial: (): Talk => ({ step: "q1", answers: {} }), storage }));
  bot.command("start", async (ctx) => {
    ctx.session = { ...ctx.session, step: "q1", answers: {} };
    await asks(ctx, "");
  });
  bot.on("message:text", async (ctx) => {
    const talk = ctx.session;
    const value = read(talk.step, ctx.msg.text);
    if (value === undefined) return asks(ctx, notUnderstood);
    talk.answers[talk.step] = value;
    const over = talk.step === "q10" ? `${resultOf(talk.answers)}\n\n` : "";
    talk.step = nextStep(talk.step, value);
    if (over !== "") talk.answers = {};
    await asks(ctx, over);
  });
  return bot;
}
