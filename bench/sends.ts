import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { numbersTree } from "../tests/crash/numbers-tree.ts";
import { telegram } from "../tests/crash/on-telegram.ts";
import type { CrashReport } from "../tests/crash/report.ts";
import { crashRun } from "../tests/crash/run.ts";
import { startBotApiProcess } from "../tests/stand-ins/bot-api-process.ts";
import { benchFolder } from "./folder.ts";
import { copiesOfLost, misdeedCells, misdeedHead, rarestOf } from "./misdeeds.ts";
import {
  connections,
  conversations,
  firstChat,
  latencyMs,
  makeGround,
  settleMs,
  token,
} from "./pipeline/ground.ts";
import { Load } from "./pipeline/load.ts";
import { allSent, type Figures, measure, type Stage } from "./pipeline/measure.ts";
import { publicUrl, secret, startProduct } from "./pipeline/servers.ts";
import { floorTable, machineLine, shown, table, writeSection } from "./report.ts";
import { answers } from "./ten-questions.ts";

// Many messages by one server that nobody kills, to a platform that misbehaves throughout: each is sent, none twice,
// and in order. Then what others wait while the platform answers nothing that is sent to some.

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "200000" },
    people: { type: "string", default: "600" },
    seed: { type: "string", default: "20261122" },
    write: { type: "boolean", default: false },
  },
});
const people = Number(values.people);
/** As the product's default. */
const sendsInFlight = 512;
const stuckPeople = 20;
const perSecond = 500;
const ms = 20_000;

type Soaked = { readonly report: CrashReport; readonly seconds: number };

async function soak(): Promise<Soaked> {
  const folder = benchFolder();
  try {
    const root = numbersTree(join(folder, "tree"));
    const began = performance.now();
    const report = await crashRun({
      root,
      platform: telegram,
      kills: 0,
      messages: Number(values.messages),
      people,
      seed: Number(values.seed),
      sendsInFlight,
      parent: folder,
    });
    return { report, seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Waits = { readonly before: Figures; readonly meanwhile: Figures };

/** What people wait for a reply, before and while the platform answers nothing that is sent to some of them. */
async function waits(): Promise<Waits> {
  const { folder, product } = makeGround();
  try {
    await using api = await startBotApiProcess({ token, strict: false, latencyMs, publicUrl });
    const server = await startProduct(product, {
      folder: join(folder, "run"),
      apiRoot: api.url,
      token,
      nodeArguments: [],
    });
    const load = new Load();
    try {
      return await waitsOf({ server, load, api });
    } finally {
      load.close();
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function waitsOf(stage: Stage): Promise<Waits> {
  const { server, load, api } = stage;
  const { port, path, opening } = server;
  const whom = { connections, conversations, firstChat, opening, answers, seed: Number(values.seed) };
  await load.run({ kind: "target", target: { port, path, secret, ...whom } });
  await load.run({ kind: "open" });
  await allSent(api);
  const steadily = () =>
    measure(stage, { kind: "steady", ms: settleMs + ms, perSecond }, { warmMs: settleMs, ms });
  const before = await steadily();
  for (let person = 0; person < stuckPeople; person++) {
    const chat = firstChat + person;
    await api.fault({ method: "sendMessage", chat, times: Number.MAX_SAFE_INTEGER, do: { kind: "hang" } });
  }
  return { before, meanwhile: await steadily() };
}

function textOf({ report, seconds }: Soaked, { before, meanwhile }: Waits): string {
  const { messages, acknowledged, platformCopies, violations } = report;
  return `\`npm run bench:sends\` on ${machineLine(new Date())}

The real server on SQLite, left alone while ${people} people write to it and the platform answers 429, 500 and 502, drops connections before and after it has accepted a message, and posts updates twice. Every text is unlike all others, so that one that is sent twice, or out of order, or never, is seen: ${shown(messages)} messages to ${shown(acknowledged)} updates in ${shown(seconds, 0)} s.

${table([...misdeedHead], [misdeedCells(report)])}

Telegram keeps no list of what a bot has sent, so that each message that was taken and not answered for (dropped after) leaves once more: ${shown(platformCopies)} did.

Then ${perSecond} updates a second from ${conversations} people, while the platform answers nothing at all that is sent to ${stuckPeople} of them. The others' replies: p50 ${shown(before.replyP50)} ms before and ${shown(meanwhile.replyP50)} ms meanwhile, p99 ${shown(before.replyP99)} and ${shown(meanwhile.replyP99)} ms.

${floorTable([
  { what: "messages", value: messages, unit: "", least: Number(values.messages) },
  { what: "lost, out of order or twice", value: violations.length, unit: "", most: 0 },
  copiesOfLost([report]),
  {
    what: "times that the platform did the rarest of its misdeeds",
    value: rarestOf([report]),
    unit: "",
    least: 1,
  },
  {
    what: `others' reply p99, while ${stuckPeople} are stuck : before`,
    value: meanwhile.replyP99 / before.replyP99,
    unit: "×",
    most: 2,
  },
])}
`;
}

const soaked = await soak();
for (const violation of soaked.report.violations) console.error(violation);
if (soaked.report.violations.length > 0 || rarestOf([soaked.report]) === 0) process.exitCode = 1;
const text = textOf(soaked, await waits());
console.log(text);
if (values.write) writeSection("sends", "Sends", text);
