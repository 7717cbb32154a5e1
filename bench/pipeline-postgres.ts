import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type RealPostgres, startPostgres } from "../tests/postgres/real-postgres.ts";
import { startBotApiProcess } from "../tests/stand-ins/bot-api-process.ts";
import {
  connections,
  conversations,
  firstChat,
  latencyMs,
  makeGround,
  profiling,
  root,
  seed,
  token,
  warmMs,
} from "./pipeline/ground.ts";
import { Load } from "./pipeline/load.ts";
import { allSent, type Figures, measure, medianFigures } from "./pipeline/measure.ts";
import { publicUrl, type Running, secret, startPeer, startProduct } from "./pipeline/servers.ts";
import { floorTable, machineLine, medianOf, shown, table, writeSection } from "./report.ts";
import { answers } from "./ten-questions.ts";

// Webhook → durable and encrypted → reply delivered, with the data in PostgreSQL: one process, then two on one database, and
// a path with nothing on it. Servers, database, load and the platform's stand-in share the machine.

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    rounds: { type: "string", default: "3" },
    /** The most processes on one database. */
    processes: { type: "string", default: "2" },
    write: { type: "boolean", default: false },
    /** A folder for the servers' processor profiles. */
    "cpu-prof": { type: "string" },
  },
});
const ms = Number(values.seconds) * 1000;
const rounds = Number(values.rounds);

const { folder, product } = makeGround();

let started = 0;
/** So many processes of the product, or the bare path in one. */
type Contender = number | "bare path";

function startBare(apiRoot: string, url: string): Promise<Running> {
  started += 1;
  const environment = { DATABASE_URL: url };
  return startPeer(
    { folder: join(folder, `run-${started}`), apiRoot, token, nodeArguments: [], environment },
    join(root, "bench/pipeline/peer-bare.ts"),
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

async function round(postgres: RealPostgres, contender: Contender): Promise<Result> {
  const database = `bench_${started}`;
  await postgres.run(`CREATE DATABASE ${database}`);
  await using api = await startBotApiProcess({ token, strict: false, latencyMs, publicUrl });
  const url = postgres.url(database);
  const server =
    contender === "bare path" ? await startBare(api.url, url) : await startProcesses(contender, api.url, url);
  const load = new Load();
  try {
    const { port, path, opening, beside = [] } = server;
    const otherPorts = beside.map((other) => other.port);
    const target = {
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
    await load.run({ kind: "target", target });
    await load.run({ kind: "open" });
    await allSent(api);
    const before = await cpuOf(postgres);
    const figures = await measure(
      { server, load, api },
      { kind: "saturate", ms: warmMs + ms },
      { warmMs, ms },
    );
    return { figures, databaseCpu: (await cpuOf(postgres)) - before };
  } finally {
    load.close();
    await server.stop();
    await postgres.run(`DROP DATABASE ${database} WITH (FORCE)`);
  }
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
  const whole = Math.max(1, figures.accepted * ((warmMs + ms) / 1000));
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

function report(results: ReadonlyMap<Contender, Result>): string {
  const one = results.get(1)?.figures;
  const most = results.get(Number(values.processes))?.figures;
  const bare = results.get("bare path")?.figures;
  const floors =
    one === undefined || most === undefined
      ? []
      : [
          { what: "accepted/s, one process", value: one.accepted, unit: "/s", least: 3_500 },
          {
            what: `accepted/s, ${values.processes} processes : one, the database on the same machine`,
            value: most.accepted / one.accepted,
            unit: "×",
            least: 1,
          },
        ];
  return `\`npm run bench:pipeline:postgres\` on ${machineLine(new Date())}

Webhook → durable and encrypted → reply delivered to a Bot API ${latencyMs} ms away, the data in PostgreSQL (fsync and synchronous_commit on): ${connections} connections, ${conversations} conversations with one update on its way each, medians of ${rounds} rounds of ${values.seconds} s after ${warmMs / 1000} s of warm-up. Servers, database, load and stand-in share the machine. The bare path is no bot: the same three rows and one call for each webhook as on SQLite, in the clear, a statement for all rows of a kind. It is what this machine gives at most beside this load.

${table(
  head,
  [...results].map(([contender, result]) => rowOf(String(contender), result)),
)}
${one === undefined || bare === undefined ? "" : `\nOf what the bare path takes in, one process takes ${shown(one.accepted / bare.accepted, 2)}.\n`}
${floorTable(floors)}
`;
}

const postgres = await startPostgres({ durable: true, below: tmpdir() });
try {
  const done = new Map<Contender, Result[]>();
  const counts = Array.from({ length: Number(values.processes) }, (_, at) => at + 1);
  for (let at = 1; at <= rounds; at++) {
    for (const contender of [...counts, "bare path"] as const) {
      const result = await round(postgres, contender);
      const { figures } = result;
      done.set(contender, [...(done.get(contender) ?? []), result]);
      console.error(
        `round ${at}, ${contender}: ${shown(figures.accepted)} accepted/s, ${cpuPerMessage(result)
          .map((cpu) => shown(cpu, 2))
          .join(" + ")} ms, ${shown(figures.delivered)} replies/s`,
      );
    }
  }
  const text = report(new Map([...done].map(([contender, results]) => [contender, medianOfAll(results)])));
  console.log(text);
  if (values.write) writeSection("pipeline-postgres", "Pipeline on PostgreSQL", text);
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true });
}
