import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { AdminRequest } from "../src/app/admin.ts";
import { askServer } from "../src/cli/ask-server.ts";
import { compile } from "../src/core/flow/compile.ts";
import { controlPath } from "../src/web/control-path.ts";
import { type MovedTable, moveStore } from "../src/wiring/move-store.ts";
import { startPostgres } from "../tests/postgres/real-postgres.ts";
import { projectRoot } from "../tests/project-root.ts";
import { type BotApiProcess, startBotApiProcess } from "../tests/stand-ins/bot-api-process.ts";
import { keepWriting, type Waits, waitsIn } from "./broadcast/interactive.ts";
import { benchSource } from "./flows.ts";
import { noLog, type Place, populate } from "./million/population.ts";
import { firstChat, latencyMs, makeGround, token } from "./pipeline/ground.ts";
import { Load } from "./pipeline/load.ts";
import { publicUrl, type Running, secret, startProduct, usageOf } from "./pipeline/servers.ts";
import { floorTable, machineLine, shown, table, writeSection } from "./report.ts";
import { answers } from "./ten-questions.ts";

// A broadcast to a million subscribers, asked of the real server as the command asks it, while people write to the bot:
// how long planning takes, what those people wait meanwhile, what it holds in memory; then what sending costs.

const { values } = parseArgs({
  options: {
    subscribers: { type: "string", default: "1000000" },
    "per-second": { type: "string", default: "200" },
    /** `sqlite` or `postgres`. */
    store: { type: "string", default: "sqlite" },
    write: { type: "boolean", default: false },
  },
});
const subscribers = Number(values.subscribers);
const perSecond = Number(values["per-second"]);
const baselineMs = 10_000;
const drainMs = 20_000;
const storeName = values.store === "postgres" ? "PostgreSQL on the same machine" : "SQLite";
const organisation = "helpline";
const topic = "news";
const languages = ["en", "fa-AF", "ps", "es"] as const;
/** The first of them are sent to; others of them write to the bot meanwhile, each once. */
const sentTo = Math.min(subscribers / 2, 20_000);
const writers = Math.min(subscribers / 2, 20_000);
const stride = Math.floor((subscribers - sentTo) / writers);

const { folder, product } = makeGround();
const server = join(folder, "server");
const place: Place = { dataDir: join(server, "data"), keyFile: join(server, "parwana.key") };

type Measured = {
  readonly preflightMs: number;
  readonly queueMs: number;
  /** Processor seconds of the server while planning, those for the people who wrote included. */
  readonly planCpuSeconds: number;
  readonly before: Waits;
  readonly meanwhile: Waits;
  readonly memoryBefore: number;
  readonly peakMiB: number;
  readonly drained: number;
  readonly drainCpuShare: number;
  readonly idleCpuShare: number;
  readonly queued: number;
};

const text = "The office is closed on Friday. The telephone is answered from Monday on, as always.";
const order = { organisation, topic, texts: Object.fromEntries(languages.map((tag) => [tag, text])) };

async function ask(request: AdminRequest): Promise<unknown> {
  const answer = await askServer(controlPath(place.dataDir), request);
  if (answer.kind === "absent") throw new Error("the server does not listen to commands");
  return answer.result;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const from = performance.now();
  const value = await work();
  return { ms: performance.now() - from, value };
}

const clock = () => performance.timeOrigin + performance.now();

/** The share of one core that a server takes over some time. */
async function cpuShare({ pid }: Running, ms: number): Promise<number> {
  const before = usageOf(pid).cpuSeconds;
  await after(ms);
  return ((usageOf(pid).cpuSeconds - before) * 1000) / ms;
}

async function measured(running: Running, load: Load, api: BotApiProcess): Promise<Measured> {
  const { port, path, opening } = running;
  const whom = { conversations: writers, firstChat: firstChat + sentTo, stride, opening, answers, seed: 1 };
  await load.run({ kind: "target", target: { port, path, secret, connections: 16, ...whom } });
  // What a start does in its first seconds (the index of questions) is not measured.
  await after(3_000);
  const idleCpuShare = await cpuShare(running, 5_000);
  const stopWriting = keepWriting(load, perSecond);
  await after(2_000);
  const begun = clock();
  await after(baselineMs);
  const { peakMiB: memoryBefore, cpuSeconds } = usageOf(running.pid);
  const planned = clock();
  const preflight = await timed(() => ask({ command: "broadcast send", dryRun: true, ...order }));
  const queue = await timed(() => ask({ command: "broadcast send", dryRun: false, ...order }));
  const over = clock();
  const { peakMiB, cpuSeconds: cpuSecondsOver } = usageOf(running.pid);
  const phases = await stopWriting();
  await after(3_000);
  const sent = (await api.counts()).accepted;
  const drainCpuShare = await cpuShare(running, drainMs);
  const drained = (await api.counts()).accepted - sent;
  return {
    preflightMs: preflight.ms,
    queueMs: queue.ms,
    planCpuSeconds: cpuSecondsOver - cpuSeconds,
    before: await waitsIn(api, phases, { from: begun, to: planned }),
    meanwhile: await waitsIn(api, phases, { from: planned, to: over }),
    memoryBefore,
    peakMiB,
    drained: (drained * 1000) / drainMs,
    drainCpuShare,
    idleCpuShare,
    queued: await rowsOf(queue.value),
  };
}

/** How many rows a broadcast has, whatever became of them. */
async function rowsOf(sent: unknown): Promise<number> {
  if (typeof sent !== "object" || sent === null || !("broadcast" in sent))
    throw new Error("nothing was sent");
  const status = await ask({ command: "broadcast status", id: Number(sent.broadcast) });
  if (typeof status !== "object" || status === null || !("counts" in status)) throw new Error("no status");
  return Object.values(status.counts ?? {}).reduce((sum: number, count) => sum + Number(count), 0);
}

/** A PostgreSQL with everybody in it, moved there as a host would; none for SQLite. */
async function database(): Promise<{
  readonly environment: NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
}> {
  if (values.store !== "postgres") return { environment: {}, stop: async () => undefined };
  const postgres = await startPostgres({ durable: true, below: tmpdir() });
  await postgres.run("CREATE DATABASE bench");
  const url = postgres.url("bench");
  const told = ({ table: name, rows }: MovedTable) => console.error(`moved ${rows} of ${name}`);
  await moveStore({ dataDir: place.dataDir, keyFile: place.keyFile, url, log: noLog, told });
  await postgres.run("ANALYZE", "bench");
  return { environment: { DATABASE_URL: url }, stop: postgres.stop };
}

function report(found: Measured): string {
  const { before, meanwhile } = found;
  const row = (what: string, { messages, webhookP99, replyP99 }: Waits) => [
    what,
    String(messages),
    shown(webhookP99),
    shown(replyP99),
  ];
  const planSeconds = (found.preflightMs + found.queueMs) / 1000;
  return `\`npm run bench:broadcast${values.store === "postgres" ? " -- --store postgres" : ""}\` on ${machineLine(new Date())}

To ${subscribers.toLocaleString("en-US")} subscribers in ${languages.length} languages on Telegram, in the real server over ${storeName}, while ${perSecond} people a second write to the bot and are answered. Planning is the dry run, which counts audience, consent, language and window, and then the queueing of a row for everyone, durable, in chunks between which other work gets its turn. Afterwards it is sent at Telegram's pace, for ${drainMs / 1000} s.

${table(
  ["People who write meanwhile", "messages", "webhook p99 ms", "reply p99 ms"],
  [row("before", before), row("while it is planned", meanwhile)],
)}

Dry run ${shown(found.preflightMs / 1000, 2)} s, queueing ${shown(found.queueMs / 1000, 2)} s: ${shown(found.queued)} rows; ${shown(found.planCpuSeconds)} s of the processor, those for the people who wrote included. Peak resident memory ${shown(found.memoryBefore, 0)} MiB before, ${shown(found.peakMiB, 0)} MiB afterwards. Sending ${shown(found.drained)} a second takes ${shown(found.drainCpuShare * 100)} % of one core; the idle server took ${shown(found.idleCpuShare * 100)} %.

${floorTable([
  { what: "planned whole", value: planSeconds, unit: " s", most: 30 },
  { what: "rows for each subscriber", value: found.queued / subscribers, unit: "", least: 1, most: 1 },
  { what: "peak resident memory", value: found.peakMiB, unit: " MiB", most: 350 },
  {
    what: "reply p99, while planning : before",
    value: meanwhile.replyP99 / before.replyP99,
    unit: "×",
    most: 2,
  },
  { what: "sent a second", value: found.drained, unit: "/s", least: 28 },
  { what: "one core's share while sending", value: found.drainCpuShare * 100, unit: " %", most: 5 },
])}
`;
}

try {
  const { program } = compile(benchSource(projectRoot));
  if (program === undefined) throw new Error("the content can't be used");
  await populate(place, {
    program,
    firstChat,
    from: 0,
    to: subscribers,
    isReal: (number) => number < sentTo || (number - sentTo) % stride === 0,
    topic: `${organisation}/${topic}`,
    languageOf: (number) => languages[number % languages.length] ?? "en",
  });
  const { environment, stop } = await database();
  await using api = await startBotApiProcess({ token, strict: false, latencyMs, publicUrl });
  const options = { folder: server, apiRoot: api.url, token, nodeArguments: [], environment };
  // The first start after a change reads the whole content; later ones, of which this is to be one, find it kept.
  await (await startProduct(product, { ...options, folder: join(folder, "first"), environment: {} })).stop();
  const running = await startProduct(product, options);
  const load = new Load();
  try {
    const found = await measured(running, load, api);
    const words = report(found);
    console.log(words);
    const title = values.store === "postgres" ? "Broadcast on PostgreSQL" : "Broadcast";
    if (values.write) writeSection(title.toLowerCase().replaceAll(" ", "-"), title, words);
  } finally {
    load.close();
    await running.stop();
    await stop();
  }
} finally {
  rmSync(folder, { recursive: true });
}
