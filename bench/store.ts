import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadContent } from "../src/content/load.ts";
import { openSqliteStore } from "../src/store/sqlite/open.ts";
import { benchFolder } from "./folder.ts";
import { noLog } from "./million/population.ts";
import { copyProduct } from "./pipeline/servers.ts";
import { floorTable, machineLine, medianOf, shown, table, writeSection } from "./report.ts";
import { openBare } from "./store/bare.ts";
import { openTalk } from "./store/talk.ts";
import { abreast, inFlight, join as joins, people, settle, turn, turnOnly } from "./store/turns.ts";

// What the store alone bears: beside the same rows written to the same tables by bare prepared statements, with commits
// shared and with one each; then whole turns with everything sealed and with everything left in the clear. All take
// turns within a round, so that a busy machine slows all of them.

const { values } = parseArgs({
  options: {
    turns: { type: "string", default: "90000" },
    rounds: { type: "string", default: "7" },
    write: { type: "boolean", default: false },
  },
});
const turns = Number(values.turns);
const rounds = Number(values.rounds);
/** Fewer where each is committed alone, or goes through the whole engine. */
const alone = Math.round(turns / 10);
const talked = Math.round(turns / 3);
const talkers = 1_000;

const folder = benchFolder();

const names = ["bare", "shared", "alone", "sealed", "clear"] as const;
type Name = (typeof names)[number];
const rates: Readonly<Record<Name, number[]>> = { bare: [], shared: [], alone: [], sealed: [], clear: [] };
/** The processor's share: microseconds for each turn. */
const cpu: Readonly<Record<Name, number[]>> = { bare: [], shared: [], alone: [], sealed: [], clear: [] };

/** One turn after another; what became of an answer is written with the next turn, as when people are answered. */
async function oneByOne(from: number): Promise<number> {
  const settled: Promise<void>[] = [];
  const rate = await abreast(from, alone, 1, async (at) => {
    settled.push(settle(store, at, await turnOnly(store, at)));
  });
  await Promise.all(settled);
  return rate;
}

async function lap(name: Name, count: number, run: () => number | Promise<number>): Promise<void> {
  const before = process.cpuUsage();
  rates[name].push(await run());
  const { user, system } = process.cpuUsage(before);
  cpu[name].push((user + system) / count);
}

function report(): string {
  const median = (name: Name) => medianOf(rates[name]);
  const ratio = (one: Name, other: Name) =>
    medianOf(rates[one].map((rate, at) => rate / (rates[other][at] ?? 1)));
  const rows = (
    [
      ["bare", `bare statements, ${inFlight} a commit`],
      ["shared", `the store, ${inFlight} a commit`],
      ["alone", "the store, a commit each"],
      ["sealed", "whole turns, sealed"],
      ["clear", "whole turns, in the clear"],
    ] as const
  ).map(([name, what]) => [
    what,
    shown(median(name)),
    `${shown(Math.min(...rates[name]))} – ${shown(Math.max(...rates[name]))}`,
    shown(medianOf(cpu[name])),
  ]);
  return `\`npm run bench:store\` on ${machineLine(new Date())}

A turn is a delivery's row, a contact found and written with a session of 600 bytes, and an answer of 400 bytes queued; later its settling. ${people.toLocaleString("en-US")} contacts, ${turns.toLocaleString("en-US")} turns a round, medians of ${rounds} interleaved rounds and of the ratios within a round. Bare statements write the same rows to the same tables with the same indexes in the same batches, and nothing else. Whole turns go through engine, vault, store and outbox, without a network, for ${talkers.toLocaleString("en-US")} conversations.

${table(["", "turns/s", "lowest – highest", "CPU µs a turn"], rows)}

Encryption costs ${shown((1 - ratio("sealed", "clear")) * 100)} % of the whole turns (${shown(medianOf(cpu.sealed) - medianOf(cpu.clear))} µs of the processor each).

${floorTable([
  { what: "commits shared : a commit each", value: ratio("shared", "alone"), unit: "×", least: 4 },
  { what: "the store : bare statements", value: ratio("shared", "bare"), unit: "×", least: 0.85 },
])}
`;
}

const product = join(folder, "product");
copyProduct(product);
const content = loadContent(product);
if ("issues" in content) throw new Error("the content can't be used");
const store = await openSqliteStore({ dataDir: join(folder, "store"), log: noLog });
const bare = openBare(join(folder, "bare"));
const sealed = await openTalk(join(folder, "sealed"), content, "on", talkers);
const clear = await openTalk(join(folder, "clear"), content, "off", talkers);
try {
  await abreast(0, people, inFlight, (person) => joins(store, person));
  for (let round = 0; round < rounds; round += 1) {
    const from = round * (turns + alone);
    await lap("bare", turns, () => bare.round(from, turns));
    await lap("shared", turns, () => abreast(from, turns, inFlight, (at) => turn(store, at)));
    await lap("alone", alone, () => oneByOne(from + turns));
    await lap("sealed", talked, () => abreast(0, talked, inFlight, (at) => sealed.say(at % talkers)));
    await lap("clear", talked, () => abreast(0, talked, inFlight, (at) => clear.say(at % talkers)));
    console.error(
      `round ${round + 1}: ${names.map((name) => `${name} ${shown(rates[name].at(-1) ?? 0)}/s`).join(", ")}`,
    );
  }
  const text = report();
  console.log(text);
  if (values.write) writeSection("store", "Store", text);
} finally {
  bare.close();
  await Promise.all([store.close(), sealed.close(), clear.close()]);
  rmSync(folder, { recursive: true });
}
