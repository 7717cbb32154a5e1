import { answers } from "../ten-questions.ts";
import { grammyBot, type Talk } from "./grammy-bot.ts";

/** Conversations on their way at once: one at a time would leave an engine that awaits something idle. */
const inFlight = 64;

/**
 * Walks so many conversations through the ten questions with grammY's session and a switch, the sessions as JSON in memory,
 * nothing sent. Gives milliseconds for each of the answers, over all conversations.
 */
export async function grammyLap(conversations: number): Promise<readonly number[]> {
  const stored = new Map<string, string>();
  let calls = 0;
  const bot = grammyBot(
    "1:bench",
    {},
    {
      read: (key) => {
        const text = stored.get(key);
        return text === undefined ? undefined : talkIn(text);
      },
      write: (key, talk) => void stored.set(key, JSON.stringify(talk)),
      delete: (key) => void stored.delete(key),
    },
  );
  bot.botInfo = botInfo;
  const done = { ok: true, result: true } as const;
  bot.api.config.use(async () => {
    calls += 1;
    // What the Bot API would answer is of no use to the flow, and of as many kinds as it has methods.
    return done as never;
  });
  const lap: number[] = [];
  for (const text of answers) lap.push(await oneAnswer(bot.handleUpdate.bind(bot), conversations, text));
  if (calls !== conversations * answers.length || !stored.get("1")?.includes('"q1"'))
    throw new Error("the flow was not walked");
  return lap;
}

function talkIn(text: string): Talk {
  return JSON.parse(text);
}

type Handle = ReturnType<typeof grammyBot>["handleUpdate"];

async function oneAnswer(handle: Handle, conversations: number, text: string): Promise<number> {
  let next = 1;
  const run = async (): Promise<void> => {
    while (next <= conversations) await handle(updateOf(next++, text));
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: inFlight }, run));
  return performance.now() - from;
}

function updateOf(chat: number, text: string): Parameters<Handle>[0] {
  const from = { id: chat, is_bot: false, first_name: "P", language_code: "en" };
  const where = { id: chat, type: "private", first_name: "P" } as const;
  return { update_id: chat, message: { message_id: 1, from, chat: where, date: 1_767_000_000, text } };
}

const botInfo: ReturnType<typeof grammyBot>["botInfo"] = {
  id: 1,
  is_bot: true,
  first_name: "Bench",
  username: "bench_bot",
  can_join_groups: false,
  can_read_all_group_messages: false,
  can_manage_bots: false,
  supports_inline_queries: false,
  supports_join_request_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
};
