import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

/** What a run was made on, and when: without it a number says nothing. */
export function machineLine(now: Date): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = now.toISOString().slice(0, 10);
  return `${cores.length} × ${cores[0]?.model ?? "unknown processor"}, ${memory} GiB, Node ${process.versions.node}, ${day}`;
}

/** The value at `share` (0 to 1) of the sorted values; 0 when there are none. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** The middle of some values, and how far they spread. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** A number in as many digits as mean something here. */
export function shown(value: number, digits = 1): string {
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString("en-US")
    : value.toFixed(digits).replace(/\.0+$|(?<=\.\d)0+$/, "");
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** One promise: what is measured, and whether it is kept. */
export type Floor = {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly least?: number;
  readonly most?: number;
};

/** The promises as a table. */
export function floorTable(floors: readonly Floor[]): string {
  return table(
    ["Promise", "Measured", "Floor", "Kept"],
    floors.map(({ what, value, unit, least, most }) => [
      what,
      `${shown(value, 2)}${unit}`,
      least === undefined ? `≤ ${shown(most ?? 0, 2)}${unit}` : `≥ ${shown(least, 2)}${unit}`,
      value >= (least ?? -Infinity) && value <= (most ?? Infinity) ? "yes" : "NO",
    ]),
  );
}

const page = new URL("../docs/measurements.md", import.meta.url);
const preface = `# Measurements

Written by the benches themselves (\`--write\`). Compare ratios of one run: absolute numbers depend on the machine and on
what else it was doing.
`;

/** Puts a bench's results in their place in \`docs/measurements.md\`, leaving those of the others alone. */
export function writeSection(name: string, title: string, text: string): void {
  const begin = `<!-- ${name}: begin -->`;
  const end = `<!-- ${name}: end -->`;
  const section = `${begin}\n\n## ${title}\n\n${text.trim()}\n\n${end}`;
  const old = existsSync(page) ? readFileSync(page, "utf8") : preface;
  const from = old.indexOf(begin);
  const to = old.indexOf(end);
  const next =
    from >= 0 && to > from
      ? old.slice(0, from) + section + old.slice(to + end.length)
      : `${old.trimEnd()}\n\n${section}\n`;
  writeFileSync(page, next);
  writeNumbers(next);
}

const readme = new URL("../README.md", import.meta.url);
const numbersBegin = "<!-- numbers: begin -->";
const numbersEnd = "<!-- numbers: end -->";

/** Puts what was promised and what was measured, of all benches, into the README. */
function writeNumbers(measurements: string): void {
  const text = readFileSync(readme, "utf8");
  const from = text.indexOf(numbersBegin);
  const to = text.indexOf(numbersEnd);
  if (from < 0 || to < from) return;
  const rows = [...measurements.matchAll(/^## (?<title>.+)$(?<text>[\s\S]*?)^<!-- .*: end -->$/gm)].flatMap(
    ({ groups }) => promisesIn(groups?.["title"] ?? "", groups?.["text"] ?? ""),
  );
  const numbers = table(["Bench", "What", "Measured", "Promised"], rows);
  writeFileSync(readme, `${text.slice(0, from)}${numbersBegin}\n\n${numbers}\n\n${text.slice(to)}`);
}

/** The promises of one bench's section, as rows; those that are not kept say so. */
function promisesIn(title: string, section: string): readonly (readonly string[])[] {
  const [, rest = ""] = section.split("| Promise | Measured | Floor | Kept |\n");
  // The table alone: another may follow.
  const [promises = ""] = rest.split("\n\n", 1);
  return promises
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, what = "", measured = ""]) => what !== "" && /\d/.test(measured))
    .map(([, what = "", measured = "", floor = "", kept = ""]) => [
      title,
      what,
      measured,
      kept === "yes" ? floor : `${floor}, not kept`,
    ]);
}
