import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { numbersTree } from "../tests/crash/numbers-tree.ts";
import { telegram } from "../tests/crash/on-telegram.ts";
import { copiesPromised, whatsapp } from "../tests/crash/on-whatsapp.ts";
import { plantedBugs } from "../tests/crash/planted-bugs.ts";
import type { Platform } from "../tests/crash/platform.ts";
import type { CrashReport } from "../tests/crash/report.ts";
import { crashRun, peopleWriting } from "../tests/crash/run.ts";
import { type Seen, seeBug } from "../tests/crash/see-bug.ts";
import { benchFolder } from "./folder.ts";
import { copiesOfLost, misdeedCells, misdeedHead, rarestOf } from "./misdeeds.ts";
import { type Floor, floorTable, machineLine, shown, table, writeSection } from "./report.ts";

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
    /** How often each of two on WhatsApp is, with four requests in flight. */
    whatsapp: { type: "string", default: "50" },
    /** `telegram` or `whatsapp`: leaves the other out. */
    only: { type: "string" },
    /** Also plant bugs, which have to be seen; what is written has them always. */
    planted: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

/** Servers that are killed side by side: a start keeps one core busy. */
const sideBySide = 2;
const firstSeed = 20_261_122;

const folder = benchFolder();
const root = numbersTree(join(folder, "tree"));

type PlatformName = "telegram" | "whatsapp";
const platforms: Readonly<Record<PlatformName, Platform>> = { telegram, whatsapp };

type Job = {
  readonly on: PlatformName;
  readonly seed: number;
  readonly kills: number;
  readonly sendsInFlight: number;
};
type Done = Job & { readonly report: CrashReport; readonly seconds: number };

const jobs: readonly Job[] = [
  ...Array.from({ length: Number(values.seeds) }, (_, index) => ({
    on: "telegram" as const,
    seed: firstSeed + index,
    kills: Number(values.kills),
    sendsInFlight: 4,
  })),
  { on: "telegram" as const, seed: firstSeed, kills: Number(values.one), sendsInFlight: 1 },
  ...[firstSeed, firstSeed + 1].map((seed) => ({
    on: "whatsapp" as const,
    seed,
    kills: Number(values.whatsapp),
    sendsInFlight: 4,
  })),
].filter(({ on, kills }) => kills > 0 && isAsked(on));

function isAsked(on: PlatformName): boolean {
  return values.only === undefined || values.only === on;
}

async function run(job: Job): Promise<Done> {
  const began = performance.now();
  const onKill = (kills: number) => {
    if (kills % 50 === 0)
      console.error(`${job.on}, seed ${job.seed}, ${job.sendsInFlight} in flight: ${kills} kills`);
  };
  const report = await crashRun({ ...job, platform: platforms[job.on], root, parent: folder, onKill });
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

function rowOf({ on, seed, sendsInFlight, seconds, report }: Done): readonly string[] {
  return [
    `${seed}, ${sendsInFlight}`,
    shown(report.kills),
    platforms[on].failPoints.map((point) => report.struck[point] ?? 0).join(" / "),
    shown(report.acknowledged),
    shown(report.messages),
    shown(report.violations.length),
    `${shown(sum(report.copies) / report.kills, 2)} / ${Math.max(0, ...report.copies)}`,
    shown(report.platformCopies),
    shown(seconds, 0),
  ];
}

/** What the platform really did wrong, by run. */
function misdeedsOf(done: readonly Done[]): string {
  const rows = done.map(({ seed, sendsInFlight, report }) => [
    `${seed}, ${sendsInFlight}`,
    ...misdeedCells(report),
  ]);
  return table(["seed, in flight", ...misdeedHead], rows);
}

const rarest = (done: readonly Done[]) => rarestOf(done.map(({ report }) => report));

/** How many copies a kill may make on average. */
const floors: Readonly<Record<PlatformName, (done: readonly Done[]) => readonly Floor[]>> = {
  telegram: (done) => [
    ...[1, 4].flatMap((sendsInFlight) => {
      const all = done.filter((one) => one.sendsInFlight === sendsInFlight);
      const what = `copies a kill, ${sendsInFlight} in flight`;
      return all.length === 0
        ? []
        : [{ what, value: meanCopies(all), unit: "", most: sendsInFlight === 1 ? 0.7 : 2 }];
    }),
    copiesOfLost(done.map(({ report }) => report)),
  ],
  whatsapp: (done) => [
    { what: "copies a kill, on WhatsApp", value: meanCopies(done), unit: "", most: copiesPromised },
  ],
};

const titles: Readonly<Record<PlatformName, string>> = {
  telegram: "Crashes",
  whatsapp: "Crashes, on WhatsApp",
};
const sections: Readonly<Record<PlatformName, string>> = { telegram: "crash", whatsapp: "crash-whatsapp" };

/** What is otherwise than with Telegram. */
const remarks: Readonly<Record<PlatformName, string>> = {
  telegram: "",
  whatsapp:
    " Twilio takes 10 ms to answer, reports on each message out of order and on some twice, and lists what it took after 250 ms. What was in doubt waits for a report for 1.5 s here, not for a minute, and what was queued before a start for 0.3 s, not for 5.",
};

function textOf(on: PlatformName, done: readonly Done[], bugs: readonly SeenBug[]): string {
  const broken = sum(done.map(({ report }) => report.violations.length));
  return `\`npm run bench:crash${on === "whatsapp" ? " -- --only whatsapp" : ""}\` on ${machineLine(new Date())}

The real server on SQLite, killed with \`kill -9\` while ${peopleWriting} people write to it and the platform answers 429, 500 and 502, drops connections before and after it has accepted a message, and posts updates twice. Half of the kills fall anywhere, half at a fail point (${platforms[on].failPoints.join(" / ")}).${remarks[on]}

${table(
  [
    "seed, in flight",
    "kills",
    "at each fail point",
    "acknowledged",
    "messages",
    "broken promises",
    "copies a kill, mean / most",
    "copies after lost answers",
    "s",
  ],
  done.map(rowOf),
)}

What the platform did wrong, as it counted it itself:

${misdeedsOf(done)}

${floorTable([
  { what: "broken promises", value: broken, unit: "", most: 0 },
  ...floors[on](done),
  { what: "times that the platform did the rarest of its misdeeds", value: rarest(done), unit: "", least: 1 },
  ...(bugs.length === 0 ? [] : [plantedFloor(bugs)]),
])}
${bugs.length === 0 ? "" : seenText(bugs)}`;
}

type SeenBug = Seen & { readonly name: string };

function plantedFloor(bugs: readonly SeenBug[]): Floor {
  const value = bugs.filter(({ said }) => said !== "").length;
  return { what: "planted bugs seen", value, unit: ` of ${bugs.length}`, least: bugs.length };
}

function seenText(bugs: readonly SeenBug[]): string {
  const rows = bugs.map(({ name, kills, said }) => [
    name,
    said === "" ? "NOT SEEN" : `after ${kills} kills: ${said}`,
  ]);
  return `\nPlanted bugs: a server that …\n\n${table(["", "seen"], rows)}\n`;
}

/** Plants each bug in turn; gives what was said of it. */
async function seeBugs(on: PlatformName): Promise<readonly SeenBug[]> {
  const seen: SeenBug[] = [];
  for (const bug of plantedBugs.filter(({ platform = telegram }) => platform === platforms[on])) {
    const { kills, said } = await seeBug(bug, { root, seed: firstSeed, parent: folder });
    seen.push({ name: bug.name, kills, said });
    console.error(`planted: ${bug.name}: ${said}`);
    if (said === "") process.exitCode = 1;
  }
  return seen;
}

async function report(on: PlatformName, done: readonly Done[]): Promise<void> {
  const violations = done.flatMap((one) => one.report.violations);
  for (const violation of violations) console.error(violation);
  if (violations.length > 0 || rarest(done) === 0) process.exitCode = 1;
  const text = textOf(on, done, values.planted || values.write ? await seeBugs(on) : []);
  console.log(text);
  if (values.write) writeSection(sections[on], titles[on], text);
}

try {
  const all = await runAll();
  for (const on of ["telegram", "whatsapp"] as const) {
    const done = all.filter((one) => one.on === on);
    if (done.length > 0) await report(on, done);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
