import { parseArgs } from "node:util";
import { formatIssues } from "../src/content/format-issues.ts";
import { loadContent } from "../src/content/load.ts";
import { prove } from "../src/core/flow/checks/prove.ts";
import { compile } from "../src/core/flow/compile.ts";
import { checkFolder, dayOf } from "../src/wiring/check-folder.ts";
import { projectRoot } from "../tests/project-root.ts";
import { withBigFlow } from "./check/big-flow.ts";
import { someOf } from "./check/defect.ts";
import { defects } from "./check/defects.ts";
import { look, statusesOf } from "./check/run-checks.ts";
import { firstBrokenRow, swaps } from "./check/swaps.ts";
import { floorTable, machineLine, shown, table, writeSection } from "./report.ts";

// What `parwana check` finds: kinds of defects planted one at a time in the shipped content, in memory. What no checker
// can know (an answer that leads to the wrong outcome) the tables worked by hand have to find. Then how long it takes,
// on the shipped flows and on a generated one.

/** What the issue promises. */
const leastCaught = 0.99;
const leastKinds = 40;
const mostMsShipped = 10_000;
const mostMsBig = 60_000;
const mostMiB = 1024;

const { values } = parseArgs({
  options: {
    each: { type: "string", default: "3" },
    steps: { type: "string", default: "5020" },
    write: { type: "boolean", default: false },
  },
});
const each = Number(values.each);
const loaded = loadContent(projectRoot);
if ("issues" in loaded) throw new Error(formatIssues(loaded.issues));
const now = dayOf(loaded.program);
const statuses = statusesOf(projectRoot, loaded.source);

type Row = { readonly kind: string; readonly by: string; readonly planted: number; readonly caught: number };

const planted = defects.map((defect): Row => {
  const plants = someOf(defect.plants(loaded), each);
  const seen = plants.map((plant) => ({ plant, ...look(plant.source(), statuses, now, defect) }));
  for (const { plant, meant } of seen)
    if (meant === undefined) console.error(`missed: ${defect.kind} at ${plant.where}`);
  return {
    kind: defect.kind,
    by: defect.stage,
    planted: plants.length,
    caught: seen.filter(({ meant }) => meant !== undefined).length,
  };
});

const exchanged = swaps.map(({ kind, plants }): Row => {
  const some = someOf(plants(loaded), each);
  const caught = some.filter((plant) => {
    const broken = firstBrokenRow(plant.source());
    if (broken === undefined) console.error(`missed: ${kind} at ${plant.where}`);
    return broken !== undefined;
  });
  return { kind, by: "tests/oracle", planted: some.length, caught: caught.length };
});

const rows = [...planted, ...exchanged];
const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);

/** Milliseconds of the processor, so that what else the machine does is not counted. */
function timed<T>(run: () => T): readonly [result: T, ms: number] {
  const from = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(from);
  return [result, (user + system) / 1000];
}

const [report, shippedMs] = timed(() => checkFolder(projectRoot, now));
const big = withBigFlow(loaded.source, Number(values.steps));
const [proved, bigMs] = timed(() => {
  const { program, issues } = compile(big);
  if (program === undefined) throw new Error(formatIssues(issues));
  return prove(big, program, now);
});
const flow = proved.flows.find((one) => one.flow === "big");
const mib = process.resourceUsage().maxRSS / 1024;

const text = `\`npm run bench:check\` on ${machineLine(new Date())}

${rows.length} kinds of defects, up to ${each} of each, planted one at a time in the shipped content. “By” is the stage that has to say it; swapped answers are found by the tables worked by hand.

${table(
  ["Kind of defect", "By", "Planted", "Caught"],
  rows.map(({ kind, by, planted: count, caught }) => [kind, by, String(count), String(caught)]),
)}

The whole check of the shipped content: ${shown(shippedMs)} ms of the processor; ${report.counts?.states ?? 0} states, ${report.counts?.rendered ?? 0} messages drawn. A generated flow of ${flow?.steps ?? 0} steps (compiling it included): ${shown(bigMs)} ms of the processor; ${flow?.states ?? 0} states, a number of ways with ${String(flow?.paths ?? "").length} digits.

${floorTable([
  { what: "kinds of defects", value: rows.length, unit: "", least: leastKinds },
  {
    what: "defects caught",
    value: sum(({ caught }) => caught) / sum((row) => row.planted),
    unit: "",
    least: leastCaught,
  },
  { what: "the shipped content", value: shippedMs, unit: "ms", most: mostMsShipped },
  { what: "the generated flow", value: bigMs, unit: "ms", most: mostMsBig },
  { what: "memory at most", value: mib, unit: "MiB", most: mostMiB },
])}
`;
console.log(text);
if (values.write) writeSection("check", "Check", text);
