import type { BotApiProcess, RemoteCall } from "../../tests/stand-ins/bot-api-process.ts";
import type { Load, Phase } from "../pipeline/load.ts";
import { percentile } from "../report.ts";

/** What people who write meanwhile wait for, ms. */
export type Waits = {
  readonly messages: number;
  readonly webhookP99: number;
  readonly replyP99: number;
};

/** A window of time, ms since the epoch. */
export type Window = { readonly from: number; readonly to: number };

/** Lets people write at a steady rate until told to stop; gives every message's phase. */
export function keepWriting(load: Load, perSecond: number) {
  let over = false;
  const phases: Phase[] = [];
  const running = (async () => {
    while (!over) phases.push(await load.run({ kind: "steady", ms: 1_000, perSecond }));
  })();
  return async (): Promise<readonly Phase[]> => {
    over = true;
    await running;
    return phases;
  };
}

/** How long those who wrote within a window waited. Each writes once, so that the first call to a chat is its reply. */
export async function waitsIn(api: BotApiProcess, phases: readonly Phase[], window: Window): Promise<Waits> {
  const replied = firstCalls(await api.ledger());
  const waits = phases
    .flatMap(messagesOf)
    .filter(({ begun }) => begun >= window.from && begun < window.to)
    .map(({ chat, begun, acknowledged }) => ({
      webhook: acknowledged - begun,
      reply: (replied.get(chat) ?? Infinity) - begun,
    }));
  return {
    messages: waits.length,
    webhookP99: percentile(
      waits.map(({ webhook }) => webhook),
      0.99,
    ),
    replyP99: percentile(
      waits.map(({ reply }) => reply),
      0.99,
    ),
  };
}

function messagesOf({ chats, begun, acknowledged }: Phase) {
  return Array.from(chats, (chat, at) => ({
    chat,
    begun: begun[at] ?? 0,
    acknowledged: acknowledged[at] ?? 0,
  }));
}

function firstCalls(calls: readonly RemoteCall[]): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (const { chat, at } of calls) if (chat !== undefined && !first.has(chat)) first.set(chat, at);
  return first;
}
