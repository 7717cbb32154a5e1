import { type ChildProcess, fork } from "node:child_process";
import type { BotApiOptions } from "./bot-api.ts";
import type { BotApiFault } from "./telegram/faults.ts";
import type { Fault } from "./wire/faults.ts";

/** What the parent asks of the child. */
export type BotApiCommand =
  | { readonly kind: "counts" }
  | { readonly kind: "ledger" }
  | { readonly kind: "wait-for-accepted"; readonly count: number; readonly limitMs: number }
  | { readonly kind: "clear" }
  | { readonly kind: "say"; readonly chats: readonly number[]; readonly text: string }
  | { readonly kind: "tap"; readonly chat: number; readonly labelOrData: string }
  | { readonly kind: "block"; readonly chat: number }
  | { readonly kind: "fault"; readonly fault: Fault<BotApiFault> };

/** What the child says. */
export type BotApiReport =
  | { readonly url: string; readonly token: string }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

export interface RemoteCall {
  /** Milliseconds since the epoch, with fractions. */
  readonly at: number;
  readonly method: string;
  readonly chat?: number;
  readonly text?: string;
  readonly copies: number;
}

export interface Counts {
  readonly accepted: number;
  readonly pending: number;
  /** Processor time that the stand-in has used, to be taken off a machine-wide figure. */
  readonly cpuMs: number;
}

/** A stand-in for the Bot API in a process of its own, for benches and crash tests. */
export interface BotApiProcess extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly counts: () => Promise<Counts>;
  readonly ledger: () => Promise<readonly RemoteCall[]>;
  /** Resolves when so many calls are in the ledger. */
  readonly waitForAccepted: (count: number, limitMs?: number) => Promise<void>;
  readonly clear: () => Promise<void>;
  /** Each of these people sends `text`; gives the message ids. */
  readonly say: (chats: readonly number[], text: string) => Promise<readonly number[]>;
  /** Taps a button of the latest message; gives the query's id. */
  readonly tap: (chat: number, labelOrData: string) => Promise<string>;
  readonly block: (chat: number) => Promise<void>;
  readonly fault: (fault: Fault<BotApiFault>) => Promise<void>;
  readonly close: () => Promise<void>;
}

type Settle = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };

/** Starts the stand-in as a child of this process; it ends with it. */
export async function startBotApiProcess(options: Omit<BotApiOptions, "now"> = {}): Promise<BotApiProcess> {
  const child = fork(new URL("./bot-api-child.ts", import.meta.url), [JSON.stringify(options)], {
    execArgv: [],
    serialization: "advanced",
  });
  const asked = new Map<number, Settle>();
  const { url, token } = await firstReport(child);
  listen(child, asked);
  let lastId = 0;
  const ask = (command: BotApiCommand): Promise<unknown> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      asked.set(lastId, { resolve, reject });
      child.send({ id: lastId, command });
    });
  const close = () => ended(child);
  return {
    url,
    token,
    counts: async () => checked(await ask({ kind: "counts" }), isCounts),
    ledger: async () => checked(await ask({ kind: "ledger" }), isCalls),
    waitForAccepted: async (count, limitMs = 60_000) => {
      await ask({ kind: "wait-for-accepted", count, limitMs });
    },
    clear: async () => void (await ask({ kind: "clear" })),
    say: async (chats, text) => checked(await ask({ kind: "say", chats, text }), isNumbers),
    tap: async (chat, labelOrData) => String(await ask({ kind: "tap", chat, labelOrData })),
    block: async (chat) => void (await ask({ kind: "block", chat })),
    fault: async (fault) => void (await ask({ kind: "fault", fault })),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function firstReport(child: ChildProcess): Promise<{ readonly url: string; readonly token: string }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the stand-in ended with ${code} before it listened`)));
    child.once("message", (report: BotApiReport) => {
      child.removeAllListeners("exit");
      if ("url" in report) resolve(report);
      else reject(new Error("the stand-in did not say where it listens"));
    });
  });
}

function listen(child: ChildProcess, asked: Map<number, Settle>): void {
  child.on("message", (report: BotApiReport) => {
    if ("url" in report) return;
    const settle = asked.get(report.id);
    asked.delete(report.id);
    if ("error" in report) settle?.reject(new Error(report.error));
    else settle?.resolve(report.result);
  });
  child.on("exit", () => {
    for (const settle of asked.values()) settle.reject(new Error("the stand-in has ended"));
    asked.clear();
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

function checked<Value>(value: unknown, is: (value: unknown) => value is Value): Value {
  if (is(value)) return value;
  throw new TypeError("the stand-in answered something else");
}

function isCounts(value: unknown): value is Counts {
  return typeof value === "object" && value !== null && "accepted" in value && "pending" in value;
}

function isCalls(value: unknown): value is readonly RemoteCall[] {
  return Array.isArray(value);
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}
