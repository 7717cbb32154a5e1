import { setTimeout as after } from "node:timers/promises";
import type { BotApiProcess, RemoteCall } from "../../tests/stand-ins/bot-api-process.ts";
import { medianOf, percentile } from "../report.ts";
import type { Load, LoadCommand, Phase } from "./load.ts";
import { machineCpuSeconds, type Running, usageOfAll } from "./servers.ts";

/** What a server did in the measured part of a phase. Rates a second, times in ms, memory in MiB. */
export type Figures = {
  readonly accepted: number;
  readonly webhookP50: number;
  readonly webhookP99: number;
  readonly delivered: number;
  readonly replyP50: number;
  readonly replyP99: number;
  readonly peakMiB: number;
  readonly cpuSeconds: number;
  /** Of the load and the platform's stand-in, which share the machine. */
  readonly loadCpuSeconds: number;
  /** Of everything else that ran on the machine: what disturbed the measurement. */
  readonly otherCpuSeconds: number;
  /** Calls of the Bot API for each reply. */
  readonly callsPerReply: number;
  /** … and those that were the answer to a webhook. */
  readonly carriedPerReply: number;
  readonly refused: number;
  /** Updates without exactly one reply. */
  readonly astray: number;
};

export type Stage = { readonly server: Running; readonly load: Load; readonly api: BotApiProcess };
export type Timing = { readonly warmMs: number; readonly ms: number };

/** Runs a phase of load and reads off its measured part, after the warm-up; returns when every reply has left. */
export async function measure(stage: Stage, command: LoadCommand, { warmMs, ms }: Timing): Promise<Figures> {
  const { server, load, api } = stage;
  await api.clear();
  const apiBefore = await api.counts();
  const machineBefore = machineCpuSeconds();
  const serverBefore = usageOfAll(server).cpuSeconds;
  const running = load.run(command);
  await after(warmMs);
  const before = usageOfAll(server);
  await after(ms);
  const used = usageOfAll(server);
  const phase = await running;
  await allSent(api);
  const loadCpuSeconds = ((await api.counts()).cpuMs - apiBefore.cpuMs + phase.cpuMs) / 1000;
  const ownCpuSeconds = usageOfAll(server).cpuSeconds - serverBefore + loadCpuSeconds;
  const otherCpuSeconds = Math.max(0, machineCpuSeconds() - machineBefore - ownCpuSeconds);
  const calls = await api.ledger();
  const from = phase.startedAt + warmMs;
  return {
    ...webhookFigures(phase, from, ms),
    ...replyFigures(phase, calls, from, ms),
    peakMiB: used.peakMiB,
    cpuSeconds: used.cpuSeconds - before.cpuSeconds,
    loadCpuSeconds,
    otherCpuSeconds,
    refused: phase.refused,
  };
}

/** Resolves when the platform has heard nothing new for a while. */
export async function allSent(api: BotApiProcess): Promise<void> {
  for (let last = -1, quiet = 0; quiet < 5; ) {
    const { accepted } = await api.counts();
    quiet = accepted === last ? quiet + 1 : 0;
    last = accepted;
    await after(100);
  }
}

function webhookFigures({ begun, acknowledged }: Phase, from: number, ms: number) {
  const took: number[] = [];
  let accepted = 0;
  for (const [at, start] of begun.entries()) {
    const end = acknowledged[at] ?? 0;
    if (end >= from && end < from + ms) accepted += 1;
    if (start >= from && start < from + ms) took.push(end - start);
  }
  return {
    accepted: (accepted * 1000) / ms,
    webhookP50: percentile(took, 0.5),
    webhookP99: percentile(took, 0.99),
  };
}

/** Each person has one update on its way at most, and replies leave in order: the n-th reply answers the n-th update. */
function replyFigures(phase: Phase, calls: readonly RemoteCall[], from: number, ms: number) {
  const replies = calls.filter(({ method }) => method === "sendMessage");
  const asked = byChat(phase.chats, phase.begun);
  const answered = byChat(
    replies.map(({ chat }) => chat ?? 0),
    replies.map(({ at }) => at),
  );
  const took: number[] = [];
  let astray = 0;
  for (const [chat, starts] of asked) {
    const ends = answered.get(chat) ?? [];
    astray += Math.abs(starts.length - ends.length);
    for (const [at, start] of starts.entries()) {
      const end = ends[at];
      if (end !== undefined && start >= from && start < from + ms) took.push(end - start);
    }
  }
  const delivered = replies.filter(({ at }) => at >= from && at < from + ms).length;
  return {
    delivered: (delivered * 1000) / ms,
    replyP50: percentile(took, 0.5),
    replyP99: percentile(took, 0.99),
    callsPerReply: calls.length / Math.max(1, replies.length),
    carriedPerReply: phase.carried / Math.max(1, replies.length),
    astray,
  };
}

function byChat(chats: ArrayLike<number>, times: ArrayLike<number>): Map<number, number[]> {
  const all = new Map<number, number[]>();
  for (let at = 0; at < chats.length; at++) {
    const chat = chats[at] ?? 0;
    const own = all.get(chat) ?? [];
    own.push(times[at] ?? 0);
    all.set(chat, own);
  }
  return all;
}

/** The median of each figure over several rounds. */
export function medianFigures(rounds: readonly Figures[]): Figures {
  const [first] = rounds;
  if (first === undefined) throw new Error("there was no round");
  const middle = (key: keyof Figures) => medianOf(rounds.map((round) => round[key]));
  return {
    accepted: middle("accepted"),
    webhookP50: middle("webhookP50"),
    webhookP99: middle("webhookP99"),
    delivered: middle("delivered"),
    replyP50: middle("replyP50"),
    replyP99: middle("replyP99"),
    peakMiB: middle("peakMiB"),
    cpuSeconds: middle("cpuSeconds"),
    loadCpuSeconds: middle("loadCpuSeconds"),
    otherCpuSeconds: middle("otherCpuSeconds"),
    callsPerReply: middle("callsPerReply"),
    carriedPerReply: middle("carriedPerReply"),
    refused: middle("refused"),
    astray: Math.max(...rounds.map(({ astray }) => astray)),
  };
}
