import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { advance } from "../src/core/conversation/advance.ts";
import { newSession } from "../src/core/conversation/session.ts";
import { compile } from "../src/core/flow/compile.ts";
import { projectRoot } from "../tests/project-root.ts";
import { startBotApiProcess } from "../tests/stand-ins/bot-api-process.ts";
import { benchSource } from "./flows.ts";
import { firstChat, latencyMs, makeGround, settleMs, token, warmMs } from "./pipeline/ground.ts";
import { Load } from "./pipeline/load.ts";
import { allSent, type Figures, measure } from "./pipeline/measure.ts";
import {
  peerFlow,
  publicUrl,
  type Running,
  type ServerOptions,
  secret,
  startPeer,
  startProduct,
} from "./pipeline/servers.ts";
import { floorTable, machineLine, medianOf, shown, table, writeSection } from "./report.ts";
import { answers } from "./ten-questions.ts";

// Peers that are no packages of this project, installed into a folder of the bench's own for as long as it runs: FLOIP's
// flow-runner beside the engine, grammY's conversations and BuilderBot beside the whole path.

const packages = [
  "@floip/flow-runner@1.0.11",
  "@grammyjs/conversations@2.1.1",
  "grammy@1.46.0",
  "@builderbot/bot@1.3.13",
];

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    rounds: { type: "string", default: "1" },
    conversations: { type: "string", default: "300" },
    write: { type: "boolean", default: false },
  },
});
const ms = Number(values.seconds) * 1000;
const rounds = Number(values.rounds);
const conversations = Number(values.conversations);
const steadyPerSecond = 1_000;
const people = 1_000;

const { folder, product } = makeGround();

/** A script where it finds the installed packages. */
function placed(script: string): string {
  const to = join(folder, basename(script));
  copyFileSync(join(projectRoot, "bench", script), to);
  return to;
}

type Laps = readonly (readonly number[])[];
/** Steps a second, the middle of several laps. */
function rateOf(laps: Laps, count: number): number {
  return medianOf(
    laps.map((lap) => (count * answers.length * 1000) / lap.reduce((sum, one) => sum + one, 0)),
  );
}

function floipRate(): number {
  const out = execFileSync(process.execPath, [placed("engine-peers/floip.mjs"), String(conversations), "3"], {
    env: { ...process.env, PEER_FLOW: peerFlow },
    encoding: "utf8",
  });
  const laps: Laps = JSON.parse(out);
  return rateOf(laps, conversations);
}

/** The engine with its session from JSON and to JSON at every step, as the peer has it. */
function ourRate(): number {
  const { program } = compile(benchSource(projectRoot));
  if (program === undefined) throw new Error("the content can't be used");
  const now = Date.UTC(2026, 0, 5, 12);
  const begun = { ...newSession("en", program.hash), met: true };
  const opened = advance(program, begun, { kind: "tap", button: "f:bench" }, now).session;
  const lap = () => {
    const states = Array.from({ length: conversations * 10 }, () => JSON.stringify(opened));
    return answers.map((text) => {
      const from = performance.now();
      for (const [at, state] of states.entries())
        states[at] = JSON.stringify(advance(program, JSON.parse(state), { kind: "text", text }, now).session);
      return performance.now() - from;
    });
  };
  lap();
  return rateOf([lap(), lap(), lap()], conversations * 10);
}

const names = ["Parwana", "grammY conversations", "BuilderBot"] as const;
type Name = (typeof names)[number];
const starts: Readonly<Record<Name, (options: ServerOptions) => Promise<Running>>> = {
  Parwana: (options) => startProduct(product, options),
  "grammY conversations": (options) => startPeer(options, placed("pipeline/peer-conversations.mjs")),
  BuilderBot: (options) => startPeer(options, placed("pipeline/peer-builderbot.mjs")),
};

type Result = { readonly saturated: Figures; readonly steady: Figures | undefined };

let started = 0;
async function round(name: Name): Promise<Result> {
  started += 1;
  await using api = await startBotApiProcess({ token, strict: false, latencyMs, publicUrl });
  const options = {
    folder: join(folder, `round-${started}`),
    apiRoot: api.url,
    token,
    nodeArguments: [],
  };
  const server = await starts[name](options);
  const load = new Load();
  const stage = { server, load, api };
  try {
    const { port, path, opening } = server;
    const whom = { conversations: people, firstChat, opening, answers, seed: 1 };
    await load.run({ kind: "target", target: { port, path, secret, connections: 64, ...whom } });
    await load.run({ kind: "open" });
    await allSent(api);
    const saturated = await measure(stage, { kind: "saturate", ms: warmMs + ms }, { warmMs, ms });
    // BuilderBot would still be at work on what it has taken in.
    if (name === "BuilderBot") return { saturated, steady: undefined };
    const steadily = { kind: "steady", ms: settleMs + ms, perSecond: steadyPerSecond } as const;
    return { saturated, steady: await measure(stage, steadily, { warmMs: settleMs, ms }) };
  } finally {
    load.close();
    await server.stop();
  }
}

/** Processor milliseconds that the server spends on a reply: steadier than a rate where others use the machine too. */
function cpuPerReply({ cpuSeconds, delivered }: Figures): number {
  return (cpuSeconds * 1_000_000) / (Math.max(1, delivered) * ms);
}

function rowOf(what: string, figures: Figures): readonly string[] {
  return [
    what,
    shown(figures.accepted),
    shown(figures.delivered),
    shown(cpuPerReply(figures), 2),
    shown(figures.peakMiB, 0),
    String(figures.astray),
  ];
}

function report(floip: number, ours: number, done: Readonly<Record<Name, readonly Result[]>>): string {
  const saturated = (name: Name, figure: keyof Figures) =>
    medianOf(done[name].map((result) => result.saturated[figure]));
  // A reply's share: on a busy machine not everybody reaches the rate.
  const steadyCpu = (name: Name) =>
    medianOf(done[name].map(({ steady }) => (steady === undefined ? 0 : cpuPerReply(steady))));
  const share = (name: Name) => medianOf(done[name].map((result) => cpuPerReply(result.saturated)));
  const cpuTimes = (name: Name) => shown(share(name) / share("Parwana"), 2);
  const times = (name: Name) => saturated("Parwana", "delivered") / saturated(name, "delivered");
  const rows = names.flatMap((name) =>
    done[name].flatMap(({ saturated: one, steady }) => [
      rowOf(`${name}, saturated`, one),
      ...(steady === undefined ? [] : [rowOf(`${name}, ${steadyPerSecond}/s`, steady)]),
    ]),
  );
  return `\`npm run bench:peers\` on ${machineLine(new Date())}

Installed by the bench: ${packages.map((name) => `\`${name}\``).join(", ")}. The ten questions of the other benches. FLOIP's context and the engine's session are read from JSON and written to it at every step. In the whole path, 64 connections and ${people.toLocaleString("en-US")} conversations, a Bot API 20 ms away, ${values.seconds} s after ${warmMs / 1000} s of warm-up; grammY's conversations in SQLite (WAL, synchronous=FULL) in the clear; BuilderBot in memory, so that it acknowledges what it may lose. "Astray": messages without exactly one reply.

Engine with JSON: ${shown(ours)} steps/s; FLOIP flow-runner: ${shown(floip)} steps/s.

${table(["", "accepted/s", "replies/s", "CPU ms a reply", "peak MiB", "astray"], rows)}

Processor time a reply, saturated: grammY conversations ${cpuTimes("grammY conversations")} ×, BuilderBot ${cpuTimes("BuilderBot")} × that of Parwana.

${floorTable([
  { what: "engine with JSON : FLOIP flow-runner", value: ours / floip, unit: "×", least: 25 },
  { what: "replies/s : grammY conversations", value: times("grammY conversations"), unit: "×", least: 4 },
  { what: "replies/s : BuilderBot", value: times("BuilderBot"), unit: "×", least: 7 },
  {
    what: `CPU a reply at ${steadyPerSecond}/s : grammY conversations`,
    value: steadyCpu("Parwana") / steadyCpu("grammY conversations"),
    unit: "×",
    most: 0.8,
  },
])}
`;
}

try {
  const npm = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"];
  execFileSync("npm", [...npm, ...packages], { stdio: ["ignore", "ignore", "inherit"] });
  const floip = floipRate();
  const ours = ourRate();
  console.error(`engine: ${shown(ours)} steps/s, FLOIP ${shown(floip)} steps/s`);
  const done: Readonly<Record<Name, Result[]>> = { Parwana: [], "grammY conversations": [], BuilderBot: [] };
  for (let at = 0; at < rounds; at++) {
    for (const name of names) {
      const result = await round(name);
      done[name].push(result);
      console.error(`${name}: ${shown(result.saturated.delivered)} replies/s`);
    }
  }
  const text = report(floip, ours, done);
  console.log(text);
  if (values.write) writeSection("peers", "Peers", text);
} finally {
  rmSync(folder, { recursive: true });
}
