import { parseArgs } from "node:util";
import { type BlowKind, mixed } from "../tests/postgres/blows.ts";
import type { CrashReport } from "../tests/postgres/crash-report.ts";
import { crashRun } from "../tests/postgres/crash-run.ts";
import { failPoints } from "../tests/postgres/fail-points.ts";
import { startDatabases } from "../tests/postgres/place.ts";
import { misdeedCells, misdeedHead, rarestOf } from "./misdeeds.ts";
import { floorTable, machineLine, shown, table, writeSection } from "./report.ts";

// Several real servers on one PostgreSQL, struck again and again under load by a platform that misbehaves, and what they
// acknowledged compared with what was kept and sent. tests/postgres does the same in short.

const { values } = parseArgs({
  options: {
    /** Kills and cut sockets in all; a freeze comes on top after each fourth. */
    blows: { type: "string", default: "100" },
    processes: { type: "string", default: "3" },
    seed: { type: "string", default: "20261122" },
    write: { type: "boolean", default: false },
  },
});

const inFlight = 4;
const processes = Number(values.processes);
const strikes = mixed(Number(values.blows));

async function run(): Promise<{ readonly report: CrashReport; readonly seconds: number }> {
  const databases = await startDatabases();
  try {
    const began = performance.now();
    const report = await crashRun({
      databases,
      bugs: [],
      processes,
      strikes,
      seed: Number(values.seed),
      inFlight,
      onBlow: (blows) => {
        if (blows % 25 === 0) console.error(`${blows} of ${strikes.length} blows`);
      },
    });
    return { report, seconds: (performance.now() - began) / 1000 };
  } finally {
    await databases.stop();
  }
}

const kinds: Readonly<Record<BlowKind, string>> = {
  kill: "killed",
  cut: "half of all connections cut",
  freeze: "stopped until taken for dead",
};

function textOf({ blows, copies, worst, ...report }: CrashReport, seconds: number): string {
  const meanOf = (kind: BlowKind) => (blows[kind] === 0 ? 0 : copies[kind] / blows[kind]);
  const rows = (["kill", "cut", "freeze"] as const).map((kind) => [
    kinds[kind],
    shown(blows[kind]),
    kind === "kill" ? failPoints.map((point) => report.struck[point] ?? 0).join(" / ") : "–",
    `${shown(meanOf(kind), 2)} / ${worst[kind]}`,
  ]);
  return `\`npm run bench:crash:postgres\` on ${machineLine(new Date())}

${processes} real servers on one PostgreSQL, ${inFlight} requests to the platform in flight in each, struck one after another while 30 people write to any of them and the platform answers 429, 500 and 502, drops connections before and after it has accepted a message, and posts updates twice. Half of the kills fall anywhere, half at a fail point (${failPoints.join(" / ")}). Leases are a tenth of what they are in life, so that a server that is stopped is taken for dead within seconds; PostgreSQL itself is never killed, so it flushes nothing.

${table(["blow", "times", "at each fail point", "copies a blow, mean / most"], rows)}

In ${shown(seconds, 0)} s ${shown(report.acknowledged)} inputs were acknowledged, and ${shown(report.messages)} messages sent; ${shown(report.platformCopies)} copies came after lost answers, and ${shown(report.starved)} servers were taken for dead because the machine gave them no time.

What the platform did wrong, as it counted it itself:

${table(misdeedHead, [misdeedCells(report)])}

${floorTable([
  { what: "broken promises", value: report.violations.length, unit: "", most: 0 },
  { what: "kills and cuts", value: blows.kill + blows.cut, unit: "", least: 100 },
  { what: "copies a kill, 4 in flight", value: meanOf("kill"), unit: "", most: 2 },
  { what: "copies a cut", value: meanOf("cut"), unit: "", most: 0 },
  { what: "copies a freeze, at most", value: worst.freeze, unit: "", most: inFlight },
  {
    what: "times that the platform did the rarest of its misdeeds",
    value: rarestOf([report]),
    unit: "",
    least: 1,
  },
])}
`;
}

const { report, seconds } = await run();
for (const violation of report.violations) console.error(violation);
if (report.violations.length > 0 || rarestOf([report]) === 0) process.exitCode = 1;
const text = textOf(report, seconds);
console.log(text);
if (values.write) writeSection("crash-postgres", "Crashes, on PostgreSQL", text);
