import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { failPoints } from "../tests/crash/fail-points.ts";
import { numbersTree } from "../tests/crash/numbers-tree.ts";
import { plantedBugs } from "../tests/crash/planted-bugs.ts";
import { type CrashReport, crashRun, peopleWriting } from "../tests/crash/run.ts";
import { type Seen, seeBug } from "../tests/crash/see-bug.ts";
import { floorTable, machineLine, shown, table, writeSection } from "./report.ts";

// The real server on SQLite, killed again and again under load by a platform that misbehaves, and what it acknowledged
// compared with what it kept and sent. tests/crash does the same in short.

const { values } = parseArgs({
  options: {
    /** How often each server with four requests in flight is killed. */
    kills: { type: "string", default: "500" },
    /** How many of those, each with a store of its own. */
    seeds: { type: "string", default: "3" },
    /** How often the one with one request in flight is. */
    one: { type: "string", default: "200" },
    /** Also plant bugs, which have to be seen. */
    planted: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

/** Servers that are killed side by side: a start keeps one core busy. */
const sideBySide = 2;
const firstSeed = 20_261_122;

const data = fileURLToPath(new URL("../data", import.meta.url));
mkdirSync(data, { recursive: true });
// Beside the real data, not in the system's temporary folder: that may be memory, where a flush costs nothing.
const folder = mkdtempSync(join(data, "bench-crash-"));
const root = numbersTree(join(folder, "tree"));

type Job = { readonly seed: number; readonly kills: number; readonly sendsInFlight: number };
type Done = Job & { readonly report: CrashReport; readonly seconds: number };

const jobs: readonly Job[] = [
  ...Array.from({ length: Number(values.seeds) }, (_, index) => ({
    seed: firstSeed + index,
    kills: Number(values.kills),
    sendsInFlight: 4,
  })),
  { seed: firstSeed, kills: Number(values.one), sendsInFlight: 1 },
].filter(({ kills }) => kills > 0);

async function run(job: Job): Promise<Done> {
  const began = performance.now();
  const onKill = (kills: number) => {
    if (kills % 50 === 0) console.error(`seed ${job.seed}, ${job.sendsInFlight} in flight: ${kills} kills`);
  };
  const report = await crashRun({ ...job, root, parent: folder, onKill });
  return { ...job, report, seconds: (performance.now() - began) / 1000 };
}

/** Runs all, a few at a time; gives what came of them in their order. */
async function runAll(): Promise<readonly Done[]> {
  const waiting = [...jobs.entries()];
  const done = new Map<number, Done>();
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, job] = next;
      done.set(index, await run(job));
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return jobs.flatMap((_, index) => done.get(index) ?? []);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const meanCopies = (all: readonly Done[]) =>
  sum(all.flatMap(({ report }) => report.copies)) / sum(all.map(({ report }) => report.kills));

function rowOf({ seed, sendsInFlight, seconds, report }: Done): readonly string[] {
  return [
    `${seed}, ${sendsInFlight}`,
    shown(report.kills),
    failPoints.map((point) => report.struck[point] ?? 0).join(" / "),
    shown(report.acknowledged),
    shown(report.texts),
    shown(report.violations.length),
    `${shown(sum(report.copies) / report.kills, 2)} / ${Math.max(0, ...report.copies)}`,
    shown(report.platformCopies),
    shown(seconds, 0),
  ];
}

function textOf(done: readonly Done[]): string {
  const floors = [1, 4].flatMap((sendsInFlight) => {
    const all = done.filter((one) => one.sendsInFlight === sendsInFlight);
    const what = `copies a kill, ${sendsInFlight} in flight`;
    return all.length === 0
      ? []
      : [{ what, value: meanCopies(all), unit: "", most: sendsInFlight === 1 ? 0.7 : 2 }];
  });
  const broken = sum(done.map(({ report }) => report.violations.length));
  return `\`npm run bench:crash\` on ${machineLine(new Date())}

The real server on SQLite, killed with \`kill -9\` while ${peopleWriting} people write to it and the platform answers 429, 500 and 502, drops connections before and after it has accepted a message, and posts updates twice. Half of the kills fall anywhere, half at a fail point (${failPoints.join(" / ")}).

${table(
  [
    "seed, in flight",
    "kills",
    "at each fail point",
    "acknowledged",
    "messages",
    "broken promises",
    "copies a kill, mean / most",
    "the platform's own copies",
    "s",
  ],
  done.map(rowOf),
)}

${floorTable([{ what: "broken promises", value: broken, unit: "", most: 0 }, ...floors])}
`;
}

function seenText(seen: readonly (Seen & { readonly name: string })[]): string {
  const rows = seen.map(({ name, kills, said }) => [
    name,
    said === "" ? "NOT SEEN" : `after ${kills} kills: ${said}`,
  ]);
  return `\nPlanted bugs: a server that …\n\n${table(["", "seen"], rows)}\n`;
}

try {
  const done = await runAll();
  for (const { report } of done) for (const violation of report.violations) console.error(violation);
  const seen = [];
  for (const bug of values.planted ? plantedBugs : []) {
    seen.push({ name: bug.name, ...(await seeBug(bug, { root, seed: firstSeed, parent: folder })) });
    console.error(`planted: ${bug.name}: ${seen.at(-1)?.said}`);
  }
  const text = textOf(done) + (seen.length === 0 ? "" : seenText(seen));
  console.log(text);
  if (values.write) writeSection("crash", "Crashes", text);
  const isFine = done.every(({ report }) => report.violations.length === 0);
  if (!isFine || seen.some(({ said }) => said === "")) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
