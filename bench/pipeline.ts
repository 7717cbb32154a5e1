import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../tests/project-root.ts";
import { startBotApiProcess } from "../tests/stand-ins/bot-api-process.ts";
import {
  connections,
  conversations,
  firstChat,
  latencyMs,
  makeGround,
  profiling,
  seed,
  settleMs,
  token,
  warmMs,
} from "./pipeline/ground.ts";
import { Host } from "./pipeline/host.ts";
import { Load } from "./pipeline/load.ts";
import { allSent, type Figures, measure, medianFigures, type Stage } from "./pipeline/measure.ts";
import {
  copyProduct,
  publicUrl,
  type Running,
  type ServerName,
  type ServerOptions,
  secret,
  startPeer,
  startProduct,
} from "./pipeline/servers.ts";
import { floorTable, machineLine, medianOf, shown, table, writeSection } from "./report.ts";
import { answers } from "./ten-questions.ts";

// Webhook → durable and encrypted → reply delivered, in the real server, against a grammY bot with its sessions in
// SQLite on the same path, and against a path with nothing on it. Server, load and the platform's stand-in are three processes on one machine.

const steadyPerSecond = 1_000;
const coldStarts = 5;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    rounds: { type: "string", default: "5" },
    write: { type: "boolean", default: false },
    /** Without the peers. */
    alone: { type: "boolean", default: false },
    /** A folder for the product's processor profiles. */
    "cpu-prof": { type: "string" },
  },
});
const ms = Number(values.seconds) * 1000;
const rounds = Number(values.rounds);

const host = new Host();
const { folder, product } = makeGround();
const clearProduct = join(folder, "clear-product");
if (!values.alone) copyProduct(clearProduct, "clear");

type Result = { readonly saturated: Figures; readonly steady: Figures };

async function load(stage: Stage): Promise<Result> {
  const { server, load, api } = stage;
  const { port, path, opening } = server;
  await load.run({
    kind: "target",
    target: { port, path, secret, connections, conversations, firstChat, opening, answers, seed },
  });
  await load.run({ kind: "open" });
  await allSent(api);
  const saturated = await measure(stage, { kind: "saturate", ms: warmMs + ms }, { warmMs, ms });
  const steady = await measure(
    stage,
    { kind: "steady", ms: settleMs + ms, perSecond: steadyPerSecond },
    { warmMs: settleMs, ms },
  );
  return { saturated, steady };
}

let started = 0;
async function round(name: ServerName): Promise<Result> {
  started += 1;
  await using api = await startBotApiProcess({ token, strict: false, latencyMs, publicUrl });
  const nodeArguments = profiling(values["cpu-prof"]);
  const options = { folder: join(folder, `round-${started}`), apiRoot: api.url, token, nodeArguments };
  const server = await startServer(name, options);
  const generator = new Load();
  try {
    return await load({ server, load: generator, api });
  } finally {
    generator.close();
    await server.stop();
  }
}

function startServer(name: ServerName, options: ServerOptions): Promise<Running> {
  if (name === "Parwana") return startProduct(product, options);
  if (name === "Parwana in the clear") return startProduct(clearProduct, options);
  if (name === "bare path") return startPeer(options, join(projectRoot, "bench/pipeline/peer-bare.ts"));
  return startPeer({ ...options, environment: { PEER_TIDIES: name === "grammY" ? "yes" : "no" } });
}

/** Milliseconds from nothing to ready, of a server that has run before. */
async function coldStart(): Promise<number> {
  await using api = await startBotApiProcess({ token, strict: false, publicUrl });
  const times: number[] = [];
  for (let at = 0; at <= coldStarts; at++) {
    const server = await startProduct(product, {
      folder: join(folder, "cold"),
      apiRoot: api.url,
      token,
      nodeArguments: [],
    });
    times.push(server.readyAfter);
    await server.stop();
  }
  return medianOf(times.slice(1));
}

/** Processor milliseconds that the server spends on a reply: steadier than a rate where others use the machine too. */
function cpuPerReply({ cpuSeconds, delivered }: Figures): number {
  return cpuSeconds / (Math.max(1, delivered) * (ms / 1_000_000));
}

function rowOf(name: string, figures: Figures): readonly string[] {
  return [
    name,
    shown(figures.accepted),
    `${shown(figures.webhookP50)} / ${shown(figures.webhookP99)}`,
    shown(figures.delivered),
    `${shown(figures.replyP50)} / ${shown(figures.replyP99)}`,
    shown(figures.peakMiB, 0),
    `${shown(figures.cpuSeconds)} of ${values.seconds}`,
    shown(cpuPerReply(figures), 2),
    `${shown(figures.loadCpuSeconds)} + ${shown(figures.otherCpuSeconds)}`,
    `${shown(figures.callsPerReply, 2)} + ${shown(figures.carriedPerReply, 2)}`,
    `${figures.refused} / ${figures.astray}`,
  ];
}

const head = [
  "",
  "accepted/s",
  "webhook p50 / p99 ms",
  "replies/s",
  "reply p50 / p99 ms",
  "peak MiB",
  "CPU s",
  "CPU ms a reply",
  "CPU s of load + others",
  "calls + carried a reply",
  "refused / astray",
];

function encryption(sealed: Figures, clear: Figures): string {
  const less = (1 - sealed.accepted / clear.accepted) * 100;
  const dearer = (cpuPerReply(sealed) - cpuPerReply(clear)) * 1000;
  return `Encryption costs ${shown(less)} % of the messages taken in, ${shown(dearer)} µs of the processor each. In the clear is the same program with a vault that leaves everything as it is.`;
}

/** What each round came to: how far they lie apart says how much the machine was anybody else's. */
function roundByRound(): string {
  return [...done]
    .map(
      ([name, results]) => `${name} ${results.map(({ saturated }) => shown(saturated.accepted)).join(" / ")}`,
    )
    .join("; ");
}

function report(ours: Result, peers: ReadonlyMap<string, Result>, cold: number): string {
  const rows = [["Parwana", ours] as const, ...peers].flatMap(([name, { saturated, steady }]) => [
    rowOf(`${name}, saturated`, saturated),
    rowOf(`${name}, ${steadyPerSecond}/s`, steady),
  ]);
  const bare = peers.get("bare path");
  const clear = peers.get("Parwana in the clear");
  const bots = [...peers].filter(([name]) => name.startsWith("grammY"));
  const against = bots.map(([name, { saturated }]) => ({
    what: `replies/s, Parwana : ${name}`,
    value: ours.saturated.delivered / saturated.delivered,
    unit: "×",
    least: 3,
  }));
  const spent = [...bots, ...(bare === undefined ? [] : [["bare path", bare] as const])].map(
    ([name, { saturated }]) =>
      `${name} : Parwana ${shown(cpuPerReply(saturated) / cpuPerReply(ours.saturated), 2)}×`,
  );
  return `\`npm run bench:pipeline\` on ${machineLine(new Date())}

Webhook → durable and encrypted → reply delivered to a Bot API ${latencyMs} ms away: ${connections} connections, ${conversations} conversations with one update on its way each, medians of ${rounds} rounds of ${values.seconds} s after ${warmMs / 1000} s of warm-up. Server, load and stand-in share the machine. ${host.told} The peer is a grammY bot with the same flow, its sessions in SQLite (WAL, synchronous=FULL), in the clear: once taking answered keyboards away too, each with a call, and once in its usual shape, which leaves them. *Carried*: calls that are the body of the answer to a webhook, as Parwana takes keyboards away. The bare path is no bot: three rows and one call for each webhook, in the clear, many to a commit. It is what this machine gives at most beside this load.

${table(head, rows)}

Round by round, accepted/s: ${roundByRound()}.
${spent.length === 0 ? "" : `\nProcessor time a reply at saturation: ${spent.join(", ")}.\n`}${bare === undefined ? "" : `\nOf what the bare path takes in, Parwana takes ${shown(ours.saturated.accepted / bare.saturated.accepted, 2)}.\n`}${clear === undefined ? "" : `\n${encryption(ours.saturated, clear.saturated)}\n`}
${floorTable([
  { what: "accepted/s, saturated", value: ours.saturated.accepted, unit: "/s", least: 7_000 },
  { what: "webhook p99, saturated", value: ours.saturated.webhookP99, unit: " ms", most: 25 },
  { what: "replies/s, saturated", value: ours.saturated.delivered, unit: "/s", least: 5_500 },
  ...against,
  { what: "reply p99, saturated", value: ours.saturated.replyP99, unit: " ms", most: 1_000 },
  { what: `reply p99, ${steadyPerSecond}/s`, value: ours.steady.replyP99, unit: " ms", most: 60 },
  {
    what: "peak resident memory",
    value: Math.max(ours.saturated.peakMiB, ours.steady.peakMiB),
    unit: " MiB",
    most: 320,
  },
  { what: `cold start to ready, median of ${coldStarts}`, value: cold, unit: " ms", most: 1_000 },
])}
`;
}

const names: readonly ServerName[] = values.alone
  ? ["Parwana"]
  : ["Parwana", "Parwana in the clear", "grammY", "grammY, keyboards left", "bare path"];
const done = new Map<ServerName, Result[]>(names.map((name) => [name, []]));
try {
  const cold = await coldStart();
  for (let at = 1; at <= rounds; at++) {
    for (const name of names) {
      const result = await host.evenly(() => round(name));
      done.get(name)?.push(result);
      console.error(
        `round ${at}, ${name}: ${shown(result.saturated.accepted)} accepted/s, ${shown(result.saturated.delivered)} replies/s`,
      );
    }
  }
  const medians = (results: readonly Result[]): Result => ({
    saturated: medianFigures(results.map(({ saturated }) => saturated)),
    steady: medianFigures(results.map(({ steady }) => steady)),
  });
  const [[, ours = []] = [], ...theirs] = done;
  const peers = new Map(theirs.map(([name, results]) => [name, medians(results)]));
  const text = report(medians(ours), peers, cold);
  console.log(text);
  if (values.write) writeSection("pipeline", "Pipeline", text);
} finally {
  rmSync(folder, { recursive: true });
}
