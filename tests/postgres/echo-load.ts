import type { Inbound } from "../../src/app/ports-channel.ts";
import { readUpdate } from "../../src/channels/telegram/receive.ts";
import type { Twice } from "../crash/load.ts";
import { webhookSecret } from "../crash/on-telegram.ts";
import type { Trouble } from "../crash/platform.ts";
import { dealt } from "../crash/troubles.ts";
import type { BotApi } from "../stand-ins/bot-api.ts";
import type { LedgerCall } from "../stand-ins/telegram/ledger.ts";
import type { Random } from "../stand-ins/wire/seeded.ts";
import { answerPattern, opening } from "./echo-tree.ts";

/** One person: the updates that were acknowledged, and the words said so far, those said at the same moment together. */
export type Talker = {
  readonly chat: number;
  readonly acknowledged: number[];
  readonly said: (readonly number[])[];
  /** Which messages the platform took and then dropped the connection, by their number: nobody could know. */
  readonly dropped: Set<number>;
  /** When each word was acknowledged (ms since the epoch), and by which process. */
  readonly taken: Map<number, { readonly at: number; readonly by: string }>;
  /** What the platform was told to do wrong with a message to them, and from when on. */
  readonly troubles: { readonly kind: string; readonly at: number }[];
};

export type LoadNeeds = {
  readonly bot: BotApi;
  readonly random: Random;
  readonly talkers: number;
  /** Where the next update is posted to: any of the processes. */
  readonly url: () => string;
  readonly onAcknowledged: () => void;
};

/** How long to wait for an answer before the next word, ms: people are not always patient. */
const patience = 40;
/** How long a platform waits for an acknowledgement before it posts again, and between two tries, ms; in turn, by person. */
const platformPatience = [1_000, 20_000] as const;
const betweenTries = 20;
/** How often two words are said at the same moment, an update is posted twice at the same moment, and again after it was acknowledged. */
const often = { together: 0.05, sideBySide: 0.05, repeated: 0.1, troubled: 0.03 };

export type EchoLoad = {
  readonly talkers: readonly Talker[];
  readonly twice: () => Twice;
  /** Lets each end what they are saying; resolves when all have. */
  readonly finish: () => Promise<void>;
};

/** People who say words, each posted until it is acknowledged. */
export function startEchoLoad(needs: LoadNeeds): EchoLoad {
  const twice = { sideBySide: 0, again: 0 };
  const nextTrouble = dealt(needs.random);
  const state = { finishing: false, nextUpdate: 900_000_001 };
  const answers = answersOf(needs.bot);
  const talkers = Array.from({ length: needs.talkers }, (_, index): Talker => {
    const nothing = { acknowledged: [], said: [], dropped: new Set<number>(), troubles: [] };
    return { chat: 5_500_000 + index, ...nothing, taken: new Map() };
  });
  const tell = async (talker: Talker, update: Update) => {
    const id = state.nextUpdate++;
    const body = JSON.stringify({ update_id: id, ...update });
    const patient = platformPatience[talker.chat % platformPatience.length] ?? 1_000;
    const copies = needs.random() < often.sideBySide ? 2 : 1;
    const posts = await Promise.all(
      Array.from({ length: copies }, () => untilAcknowledged(needs, body, patient)),
    );
    // Only the first tries go out together.
    if (copies > 1 && posts.every(({ tries }) => tries === 1)) twice.sideBySide += 1;
    const [{ by } = { by: "" }] = posts;
    const at = Date.now();
    talker.acknowledged.push(id);
    needs.onAcknowledged();
    if (needs.random() < often.repeated && (await post(needs.url(), body, patient))) twice.again += 1;
    return { at, by };
  };
  const talk = async (talker: Talker) => {
    await tell(talker, tapOf(talker));
    let words = 0;
    let calm = 0;
    while (!state.finishing) {
      // One at a time for each person: the pauses between the tries of one answer would add up to minutes.
      if (answers.count(talker.chat) >= calm && needs.random() < often.troubled) {
        trouble(needs, talker, nextTrouble(), answers.taken(talker.chat));
        calm = words + 1;
      }
      const together = Array.from({ length: needs.random() < often.together ? 2 : 1 }, () => ++words);
      talker.said.push(together);
      await Promise.all(
        together.map(async (word) => talker.taken.set(word, await tell(talker, wordOf(talker, word)))),
      );
      await needs.bot
        .waitFor(() => answers.count(talker.chat) >= words, "an answer", patience)
        .catch(() => undefined);
    }
  };
  const talking = talkers.map(talk);
  return {
    talkers,
    twice: () => twice,
    finish: async () => {
      state.finishing = true;
      await Promise.all(talking);
    },
  };
}

type Update = Readonly<Record<string, unknown>>;

/** What a server is to read: the tap that opens the flow, then these words. */
export function inboundsOf(talker: Talker, words: readonly number[]): readonly Inbound[] {
  return [tapOf(talker), ...words.map((word) => wordOf(talker, word))].map((update, index) => {
    const received = readUpdate("telegram", { update_id: index + 1, ...update });
    if (received.kind !== "inbound") throw new Error("the update is none");
    return received.inbound;
  });
}

const fromOf = ({ chat }: Talker) => ({
  id: chat,
  is_bot: false,
  first_name: "Somebody",
  language_code: "en",
});
const aboutOf = ({ chat }: Talker) => ({
  message_id: 1,
  date: 1_790_000_000,
  chat: { id: chat, type: "private" },
});

function tapOf(talker: Talker): Update {
  const tap = { id: String(talker.chat), chat_instance: "1", data: opening };
  return { callback_query: { ...tap, from: fromOf(talker), message: aboutOf(talker) } };
}

function wordOf(talker: Talker, word: number): Update {
  return { message: { ...aboutOf(talker), from: fromOf(talker), text: `n${word}` } };
}

/** `taken`: how many messages to them the platform has taken so far; the next is the one that it drops. */
function trouble({ bot }: LoadNeeds, talker: Talker, kind: Trouble, taken: number): void {
  talker.troubles.push({ kind, at: Date.now() });
  const fault = kind === "429" ? ({ kind, retryAfter: 1 } as const) : ({ kind } as const);
  if (kind === "drop-after") talker.dropped.add(Math.max(taken, 1 + Math.max(-1, ...talker.dropped)));
  bot.faults.push({ method: "sendMessage", chat: talker.chat, times: 1, do: fault });
}

/** Posts an update again and again; gives where it was acknowledged, and at which try. */
async function untilAcknowledged(needs: LoadNeeds, body: string, patient: number) {
  for (let tries = 1; ; tries += 1) {
    const by = needs.url();
    if (await post(by, body, patient)) return { by, tries };
    await new Promise((resolve) => setTimeout(resolve, betweenTries));
  }
}

/** Posts an update as the platform would; whether it was acknowledged. */
async function post(url: string, body: string, patient: number): Promise<boolean> {
  const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": webhookSecret };
  const signal = AbortSignal.timeout(patient);
  const answer = await fetch(`${url}/webhooks/telegram`, { method: "POST", headers, body, signal }).catch(
    () => undefined,
  );
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.status === 200;
}

/** An answer that the platform took, and which of the messages to that person it was. */
export type Answer = { readonly word: number; readonly at: number; readonly number: number };

/** What the platform has taken so far, by chat; each call of the ledger is looked at once. */
export function answersOf({ ledger }: Pick<BotApi, "ledger">) {
  const heard = new Map<number, Heard>();
  let looked = 0;
  const heardOf = (chat: number): Heard => {
    const one = heard.get(chat) ?? { taken: 0, answers: [] };
    heard.set(chat, one);
    return one;
  };
  const upToNow = (chat: number): Heard => {
    for (; looked < ledger.calls.length; looked += 1) {
      const call = ledger.calls[looked];
      if (call?.chat !== undefined && call.method === "sendMessage") hear(heardOf(call.chat), call);
    }
    return heardOf(chat);
  };
  return {
    of: (chat: number): readonly Answer[] => upToNow(chat).answers,
    count: (chat: number): number => new Set(upToNow(chat).answers.map(({ word }) => word)).size,
    /** How many messages of any kind. */
    taken: (chat: number): number => upToNow(chat).taken,
  };
}

type Heard = { taken: number; readonly answers: Answer[] };

function hear(heard: Heard, { at, payload }: LedgerCall): void {
  const number = heard.taken;
  heard.taken += 1;
  const word = answerPattern.exec(String(payload["text"]))?.[1];
  if (word !== undefined) heard.answers.push({ word: Number(word), at, number });
}
