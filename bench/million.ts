import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compile } from "../src/core/flow/compile.ts";
import { projectRoot } from "../tests/project-root.ts";
import { startBotApiProcess } from "../tests/stand-ins/bot-api-process.ts";
import { seeded } from "../tests/stand-ins/wire/seeded.ts";
import { benchSource } from "./flows.ts";
import { lookUp } from "./million/look-ups.ts";
import { plot } from "./million/plot.ts";
import { type Place, populate } from "./million/population.ts";
import { firstChat, latencyMs, makeGround, token, warmMs } from "./pipeline/ground.ts";
import { Load } from "./pipeline/load.ts";
import { type Figures, measure } from "./pipeline/measure.ts";
import { publicUrl, secret, startProduct } from "./pipeline/servers.ts";
import { floorTable, machineLine, percentile, shown, table, writeSection } from "./report.ts";
import { answers } from "./ten-questions.ts";

// The whole path (bench:pipeline) over stores of a thousand to a million people: does it matter how many there are?
// Everyone who writes is somebody whom the server has not heard of lately, as far as there are enough of them.

const { values } = parseArgs({
  options: {
    most: { type: "string", default: "1000000" },
    seconds: { type: "string", default: "4" },
    write: { type: "boolean", default: false },
  },
});
const counts = [1_000, 10_000, 100_000, 1_000_000].filter((count) => count <= Number(values.most));
const most = counts.at(-1) ?? 1_000;
const ms = Number(values.seconds) * 1000;
/** People who write in turn: more than the server keeps in memory. */
const writers = 32_000;
const writersStride = Math.max(1, Math.floor(most / writers));
const lookUps = 20_000;

const { folder, product } = makeGround();
const server = join(folder, "server");
const place: Place = { dataDir: join(server, "data"), keyFile: join(server, "parwana.key") };

type Stage = {
  readonly people: number;
  readonly figures: Figures;
  readonly readyAfter: number;
  readonly fileMB: number;
};

async function stage(people: number): Promise<Stage> {
  const fileMB = statSync(join(place.dataDir, "parwana.db")).size / 1e6;
  await using api = await startBotApiProcess({ token, strict: false, latencyMs, publicUrl });
  const running = await startProduct(product, { folder: server, apiRoot: api.url, token, nodeArguments: [] });
  const load = new Load();
  try {
    const stride = Math.max(1, Math.floor(people / writers));
    const { port, path, opening } = running;
    const whom = { conversations: Math.min(people, writers), firstChat, stride, opening, answers, seed: 1 };
    // Each stage goes on in the store of the one before.
    const lastUpdate = 500_000_000 + 1_000 * people;
    await load.run({ kind: "target", target: { port, path, secret, connections: 64, lastUpdate, ...whom } });
    const figures = await measure(
      { server: running, load, api },
      { kind: "saturate", ms: warmMs + ms },
      { warmMs, ms },
    );
    return { people, figures, readyAfter: running.readyAfter, fileMB };
  } finally {
    load.close();
    await running.stop();
  }
}

/** Processor milliseconds that the server spends on a reply: steadier than a rate where others use the machine too. */
function cpuPerReply({ cpuSeconds, delivered }: Figures): number {
  return (cpuSeconds * 1_000_000) / (Math.max(1, delivered) * ms);
}

/** The first start after a change reads the whole content; later ones, which are measured, find it kept. */
async function startOnce(): Promise<void> {
  await using api = await startBotApiProcess({ token, strict: false, publicUrl });
  const options = { folder: join(folder, "first"), apiRoot: api.url, token, nodeArguments: [] };
  await (await startProduct(product, options)).stop();
}

function report(stages: readonly Stage[], took: readonly number[]): string {
  const last = stages.at(-1);
  const rows = stages.map(({ people, figures, readyAfter, fileMB }) => [
    people.toLocaleString("en-US"),
    shown(figures.accepted),
    shown(figures.delivered),
    `${shown(figures.webhookP50)} / ${shown(figures.webhookP99)}`,
    shown(cpuPerReply(figures), 2),
    shown(figures.peakMiB, 0),
    shown(readyAfter, 0),
    shown(fileMB, 0),
  ]);
  const head = [
    "Contacts",
    "accepted/s",
    "replies/s",
    "webhook p50 / p99 ms",
    "CPU ms a reply",
    "peak MiB",
    "ready after ms",
    "file MB",
  ];
  const slowest = Math.min(...stages.map(({ figures }) => figures.delivered));
  const fastest = Math.max(...stages.map(({ figures }) => figures.delivered));
  return `\`npm run bench:million\` on ${machineLine(new Date())}

The whole path as in the pipeline's bench (64 connections, a Bot API 20 ms away, ${values.seconds} s after ${warmMs / 1000} s of warm-up), over stores of different sizes. Up to ${writers.toLocaleString("en-US")} people, spread over the whole store, write in turn: more than the server keeps in memory, so that from ${(100_000).toLocaleString("en-US")} contacts on each message finds a stranger. A look-up is the way from an address to an opened session, ${lookUps.toLocaleString("en-US")} one after another, in a store that was only just opened.

${table(head, rows)}

![Replies a second and the 99th percentile of webhooks over the number of contacts](images/contacts.svg)

Look-up among ${(last?.people ?? 0).toLocaleString("en-US")}: p50 ${shown(percentile(took, 0.5), 3)} ms, p99 ${shown(percentile(took, 0.99), 3)} ms. Replies a second, slowest : fastest size: ${shown(slowest / fastest, 2)}.

${floorTable([
  { what: "the database file", value: last?.fileMB ?? 0, unit: " MB", most: 2_000 },
  { what: "peak resident memory", value: last?.figures.peakMiB ?? 0, unit: " MiB", most: 2_000 },
  { what: "look-up p99", value: percentile(took, 0.99), unit: " ms", most: 2 },
  { what: "ready after the start", value: last?.readyAfter ?? 0, unit: " ms", most: 2_000 },
])}
`;
}

try {
  const { program } = compile(benchSource(projectRoot));
  if (program === undefined) throw new Error("the content can't be used");
  await startOnce();
  const stages: Stage[] = [];
  for (const [at, people] of counts.entries()) {
    const isReal = (number: number) => people < most || number % writersStride === 0;
    await populate(place, { program, firstChat, from: counts[at - 1] ?? 0, to: people, isReal });
    stages.push(await stage(people));
    console.error(`${people} contacts: ${shown(stages.at(-1)?.figures.delivered ?? 0)} replies/s`);
  }
  const random = seeded(3);
  const chats = Array.from(
    { length: lookUps },
    () => firstChat + writersStride * Math.floor(random() * Math.floor(most / writersStride)),
  );
  const text = report(stages, await lookUp(place, chats));
  console.log(text);
  if (values.write) {
    const series = [
      { title: "Replies a second, saturated", values: stages.map(({ figures }) => figures.delivered) },
      { title: "Webhook, 99th percentile, ms", values: stages.map(({ figures }) => figures.webhookP99) },
      {
        title: "The server's processor time a reply, ms",
        values: stages.map(({ figures }) => cpuPerReply(figures)),
      },
    ];
    writeFileSync(join(projectRoot, "docs/images/contacts.svg"), plot(counts, series));
    writeSection("million", "A million contacts", text);
  }
} finally {
  rmSync(folder, { recursive: true });
}
