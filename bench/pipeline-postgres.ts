import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type RealPostgres, startPostgres } from "../tests/postgres/real-postgres.ts";
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
  token,
} from "./pipeline/ground.ts";
import { Load } from "./pipeline/load.ts";
import { allSent, type Figures, measure, medianFigures, type Stage } from "./pipeline/measure.ts";
import { publicUrl, type Running, secret, startPeer, startProduct } from "./pipeline/servers.ts";
import { floorTable, machineLine, medianOf, shown, table, writeSection } from "./report.ts";
import { answers } from "./ten-questions.ts";

// Webhook → durable and encrypted → reply delivered, with the data in PostgreSQL: one process, two on one database, and a path
// with nothing on it. Servers, database, load and the platform's stand-in share the machine. All are started and warmed
// first and then measured in turn, a few seconds each: a machine that is shared is twice as fast in one minute as in another.

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "4" },
    rounds: { type: "string", default: "9" },
    /** The most processes on one database. */
    processes: { type: "string", default: "2" },
    write: { type: "boolean", default: false },
    /** A folder for the servers' processor profiles. */
    "cpu-prof": { type: "string" },
  },
});
const ms = Number(values.seconds) * 1000;
const rounds = Number(values.rounds);
/** Under load, until V8 has compiled what runs often: longer than elsewhere, because of two processes each sees half of it. */
const warmMs = 60_000;
/** Under load again, before each measured part. */
const againMs = 1000;

const { folder, product } = makeGround();

let started = 0;
/** So many processes of the product, or the bare path in one. */
type Contender = number | "bare path";

function startBare(apiRoot: string, url: string): Promise<Running> {
  started += 1;
  const environment = { DATABASE_URL: url };
  return startPeer(
    { folder: join(folder, `run-${started}`), apiRoot, token, nodeArguments: [], environment },
    join(projectRoot, "bench/pipeline/peer-bare.ts"),
  );
}

/** Several processes of the server on a database of their own, told as one. */
async function startProcesses(count: number, apiRoot: string, url: string): Promise<Running> {
  started += 1;
  const home = join(folder, `run-${started}`);
  const nodeArguments = profiling(values["cpu-prof"]);
  const key = { PARWANA_KEY_FILE: join(home, "parwana.key"), DATABASE_URL: url };
  const all: Running[] = [];
  for (let at = 0; at < count; at++) {
    const options = { folder: join(home, String(at)), apiRoot, token, nodeArguments, environment: key };
    all.push(await startProduct(product, options));
  }
  const [first, ...beside] = all;
  if (first === undefined) throw new Error("no process");
  const stop = async () => {
    await Promise.all(all.map((one) => one.stop()));
  };
  return { ...first, beside, stop };
}

type Result = { readonly figures: Figures; readonly databaseCpu: number };

/** Processor seconds that a PostgreSQL has used, all its processes, those that have ended included. Linux only. */
async function cpuOf(postgres: RealPostgres): Promise<number> {
  const [row] = await postgres.run(
    "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer AS pid",
  );
  const server = Number(row?.["pid"]);
  const own = statOf(server);
  const children = readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || !existsSync(`/proc/${name}/stat`)) return [];
    const stat = statOf(Number(name));
    return stat[1] === server ? [ticks(stat)] : [];
  });
  return (ticks(own) + (own[13] ?? 0) + (own[14] ?? 0) + children.reduce((sum, one) => sum + one, 0)) / 100;
}

/** The fields of proc(5) from the third on: 1 is the parent, 11 and 12 are ticks of 1/100 s, 13 and 14 those of ended children. */
function statOf(pid: number): readonly number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
  } catch {
    return [];
  }
}

const ticks = (stat: readonly number[]): number => (stat[11] ?? 0) + (stat[12] ?? 0);

type Warm = Stage & { readonly stop: () => Promise<void> };

/** Starts a contender on a database of its own, opens its conversations, and loads it until it is warm. */
async function warmed(postgres: RealPostgres, contender: Contender): Promise<Warm> {
  const database = `bench_${started}`;
  await postgres.run(`CREATE DATABASE ${database}`);
  const api = await startBotApiProcess({ token, strict: false, latencyMs, publicUrl });
  const url = postgres.url(database);
  const server =
    contender === "bare path" ? await startBare(api.url, url) : await startProcesses(contender, api.url, url);
  const load = new Load();
  const stop = async (): Promise<void> => {
    load.close();
    await server.stop();
    await api[Symbol.asyncDispose]();
  };
  const { port, path, opening, beside = [] } = server;
  const otherPorts = beside.map((other) => other.port);
  const about = {
    port,
    otherPorts,
    path,
    secret,
    connections,
    conversations,
    firstChat,
    opening,
    answers,
    seed,
  };
  await load.run({ kind: "target", target: about });
  await load.run({ kind: "open" });
  await load.run({ kind: "saturate", ms: warmMs });
  await allSent(api);
  return { server, load, api, stop };
}

async function measured(postgres: RealPostgres, stage: Stage): Promise<Result> {
  const before = await cpuOf(postgres);
  const timing = { warmMs: againMs, ms };
  const figures = await measure(stage, { kind: "saturate", ms: againMs + ms }, timing);
  return { figures, databaseCpu: (await cpuOf(postgres)) - before };
}

function medianOfAll(results: readonly Result[]): Result {
  return {
    figures: medianFigures(results.map(({ figures }) => figures)),
    databaseCpu: medianOf(results.map(({ databaseCpu }) => databaseCpu)),
  };
}

/** Milliseconds of processor time for each message, of the processes and of the database: steadier than a rate. */
function cpuPerMessage({ figures, databaseCpu }: Result): readonly [processes: number, database: number] {
  const measured = Math.max(1, figures.accepted * (ms / 1000));
  const whole = Math.max(1, figures.accepted * ((againMs + ms) / 1000));
  return [(figures.cpuSeconds * 1000) / measured, (databaseCpu * 1000) / whole];
}

function rowOf(name: string, result: Result): readonly string[] {
  const { figures } = result;
  const [processes, database] = cpuPerMessage(result);
  return [
    name,
    shown(figures.accepted),
    `${shown(figures.webhookP50)} / ${shown(figures.webhookP99)}`,
    shown(figures.delivered),
    `${shown(figures.replyP50)} / ${shown(figures.replyP99)}`,
    shown(figures.peakMiB, 0),
    `${shown(processes, 2)} + ${shown(database, 2)}`,
    `${shown(figures.loadCpuSeconds)} + ${shown(figures.otherCpuSeconds)}`,
    `${figures.refused} / ${figures.astray}`,
  ];
}

const head = [
  "processes",
  "accepted/s",
  "webhook p50 / p99 ms",
  "replies/s",
  "reply p50 / p99 ms",
  "peak MiB of one",
  "CPU ms a message, processes + database",
  "CPU s of load + database and others",
  "refused / astray",
];

type Results = ReadonlyMap<Contender, readonly Result[]>;

/** How much more one contender takes in than another: the median over the rounds, each with its own minute. */
function ratioOf(results: Results, of: Contender, to: Contender): number {
  const rates = (who: Contender) => (results.get(who) ?? []).map(({ figures }) => figures.accepted);
  const below = rates(to);
  return medianOf(rates(of).map((rate, at) => rate / (below[at] ?? rate)));
}

function report(results: Results): string {
  const medians = new Map([...results].map(([contender, all]) => [contender, medianOfAll(all)]));
  const most = Number(values.processes);
  const floors = [
    {
      what: "accepted/s, one process",
      value: medians.get(1)?.figures.accepted ?? 0,
      unit: "/s",
      least: 3_500,
    },
    {
      what: `accepted/s, ${most} processes : one, the database on the same machine`,
      value: ratioOf(results, most, 1),
      unit: "×",
      least: 1,
    },
  ];
  return `\`npm run bench:pipeline:postgres\` on ${machineLine(new Date())}

Webhook → durable and encrypted → reply delivered to a Bot API ${latencyMs} ms away, the data in PostgreSQL (fsync and synchronous_commit on): ${connections} connections, ${conversations} conversations with one update on its way each, medians of ${rounds} rounds. All are started and loaded for ${warmMs / 1000} s first; in a round each is measured for ${values.seconds} s in turn, and a ratio is the median of those of the rounds. Servers, database, load and stand-in share the machine. The bare path is no bot: the same three rows and one call for each webhook as on SQLite, in the clear, a statement for all rows of a kind. It is what this machine gives at most beside this load.

${table(
  head,
  [...medians].map(([contender, result]) => rowOf(String(contender), result)),
)}

Of what the bare path takes in, one process takes ${shown(ratioOf(results, 1, "bare path"), 2)}.

${floorTable(floors)}
`;
}

const postgres = await startPostgres({ durable: true, below: tmpdir() });
const stages = new Map<Contender, Warm>();
try {
  const counts = Array.from({ length: Number(values.processes) }, (_, at) => at + 1);
  for (const contender of [...counts, "bare path"] as const)
    stages.set(contender, await warmed(postgres, contender));
  const done = new Map([...stages.keys()].map((contender): [Contender, Result[]] => [contender, []]));
  for (let at = 1; at <= rounds; at++) {
    // There and back, so that nobody is always after the same other.
    const inTurn = at % 2 === 1 ? [...stages] : [...stages].toReversed();
    for (const [contender, stage] of inTurn) {
      const result = await measured(postgres, stage);
      done.get(contender)?.push(result);
      const cpu = cpuPerMessage(result).map((one) => shown(one, 2));
      console.error(
        `round ${at}, ${contender}: ${shown(result.figures.accepted)} accepted/s, ${cpu.join(" + ")} ms, ${shown(result.figures.delivered)} replies/s`,
      );
    }
  }
  const text = report(done);
  console.log(text);
  if (values.write) writeSection("pipeline-postgres", "Pipeline on PostgreSQL", text);
} finally {
  for (const stage of stages.values()) await stage.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true });
}
