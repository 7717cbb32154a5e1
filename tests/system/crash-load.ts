import type { BotApi } from "../stand-ins/bot-api.ts";
import type { Random } from "../stand-ins/wire/seeded.ts";
import { webhookSecret } from "./world.ts";

/** What every conversation says, over and over: commands whose answers differ, typed and tapped in turn. */
const script = ["menu", "help", "person", "urgent"] as const;

/** One person's side: the updates that were acknowledged, in order. */
export type Conversation = { readonly chat: number; readonly acknowledged: number[] };

export type LoadOptions = {
  readonly url: string;
  readonly bot: BotApi;
  readonly random: Random;
  readonly conversations: number;
  /** Resolves when a server is there again. */
  readonly serverIsUp: () => Promise<void>;
  /** Told of each acknowledgement, before anything else happens. */
  readonly onAcknowledged: () => void;
};

/** How long to wait for an answer before the next input, ms: people are not always patient. */
const patience = 40;
/** How often an update is posted twice at the same time, and how often again after it was acknowledged. */
const sideBySide = 0.05;
const repeated = 0.1;

/**
 * People who write to the webhook, each with one update outstanding, posted until it is acknowledged. Gives their
 * conversations, and `finish`, which lets each end its update and resolves when all have.
 */
export function startLoad(options: LoadOptions) {
  let finishing = false;
  let nextUpdate = 900_000_001;
  const conversations = Array.from({ length: options.conversations }, (_, index): Conversation => {
    return { chat: 5_500_000 + index, acknowledged: [] };
  });
  const talk = async (conversation: Conversation) => {
    while (!finishing) {
      const id = nextUpdate++;
      const body = updateOf(id, conversation);
      const copies = options.random() < sideBySide ? 2 : 1;
      await Promise.all(Array.from({ length: copies }, () => untilAcknowledged(options, body)));
      conversation.acknowledged.push(id);
      options.onAcknowledged();
      const again = options.random() < repeated ? post(options, body) : undefined;
      await Promise.all([again, answered(options.bot, conversation)]);
    }
  };
  const talking = conversations.map(talk);
  return {
    conversations,
    finish: async () => {
      finishing = true;
      await Promise.all(talking);
    },
  };
}

function updateOf(id: number, { chat, acknowledged }: Conversation): string {
  const from = { id: chat, is_bot: false, first_name: "Somebody", language_code: "en" };
  const about = { message_id: id, date: 1_790_000_000, chat: { id: chat, type: "private" } };
  const word = script[acknowledged.length % script.length] ?? "menu";
  const isTyped = Math.floor(acknowledged.length / script.length) % 2 === 0;
  return JSON.stringify(
    isTyped
      ? { update_id: id, message: { ...about, from, text: word } }
      : {
          update_id: id,
          callback_query: { id: String(id), from, message: about, chat_instance: "1", data: `c:${word}` },
        },
  );
}

type Server = Pick<LoadOptions, "url" | "serverIsUp">;

async function untilAcknowledged(options: Server, body: string): Promise<void> {
  while (!(await post(options, body))) await options.serverIsUp();
}

async function post({ url }: Pick<LoadOptions, "url">, body: string): Promise<boolean> {
  const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": webhookSecret };
  const answer = await fetch(`${url}/webhooks/telegram`, { method: "POST", headers, body }).catch(
    () => undefined,
  );
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.status === 200;
}

/** Resolves when there are as many different answers as inputs, or patience has ended. */
function answered(bot: BotApi, { chat, acknowledged }: Conversation): Promise<unknown> {
  return bot
    .waitFor(() => bot.ledger.of("sendMessage", chat).length >= acknowledged.length, "an answer", patience)
    .catch(() => undefined);
}

/** When a message was taken once more, and when the time before. */
export type Copy = { readonly at: number; readonly before: number };
export type Replies = { readonly wrong: readonly string[]; readonly copies: readonly Copy[] };

/**
 * Reads what the platform took for one conversation: the answers have to come in the order of the inputs, none left
 * out; a copy may follow its original only.
 */
export function readReplies(
  bot: BotApi,
  { chat, acknowledged }: Conversation,
  answers: readonly string[],
): Replies {
  const copies: Copy[] = [];
  const wrong: string[] = [];
  let answeredTo = 0;
  let before = 0;
  for (const { payload, at } of bot.ledger.of("sendMessage", chat)) {
    const said = answers.indexOf(String(payload["text"]));
    if (said === answeredTo % answers.length && answeredTo < acknowledged.length) answeredTo += 1;
    else if (answeredTo > 0 && said === (answeredTo - 1) % answers.length) copies.push({ at, before });
    else wrong.push(`${chat}: after ${answeredTo} answers came that of place ${said}`);
    before = at;
  }
  if (answeredTo < acknowledged.length)
    wrong.push(`${chat}: ${answeredTo} answers to ${acknowledged.length} inputs`);
  return { wrong, copies };
}

/** Learns what each word of the script is answered with, from somebody who says them one by one. */
export async function learnAnswers(options: Pick<LoadOptions, "url" | "bot">): Promise<readonly string[]> {
  const { bot } = options;
  const conversation: Conversation = { chat: 5_400_000, acknowledged: [] };
  const answers: string[] = [];
  // The first round begins a conversation: what is said from the second on is what is always said.
  for (let id = 800_000_001; conversation.acknowledged.length < 2 * script.length; id += 1) {
    const body = updateOf(id, conversation);
    conversation.acknowledged.push(id);
    await untilAcknowledged({ ...options, serverIsUp: failed }, body);
    const sent = await bot.waitFor(
      () => bot.ledger.of("sendMessage", conversation.chat)[conversation.acknowledged.length - 1],
      "an answer to learn",
    );
    answers.push(String(sent.payload["text"]));
  }
  return answers.slice(script.length);
}

function failed(): Promise<void> {
  return Promise.reject(new Error("the server did not take an update"));
}
