import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Published } from "../app/publish.ts";
import { formatIssues } from "../content/format-issues.ts";
import { compileContent } from "../content/load.ts";
import { readSource } from "../content/read-source.ts";
import { ownOptions } from "../core/flow/compile-flow.ts";
import { type FateKind, lastName, whereTo } from "../core/flow/moves.ts";
import type { Program } from "../core/flow/program.ts";
import { haveDone } from "./carry-out.ts";
import { CommandFailed } from "./command-failed.ts";
import { type OldPlace, placesOf } from "./places-of.ts";
import { table } from "./show.ts";

/** A place where somebody is or can be, and where they go on in the new content. */
export type AgainstRow = {
  readonly place: string;
  readonly becomes: FateKind | "asked-again" | "option-gone";
  readonly goesTo: string;
  /** How many are there; only where people are looked at, and not only files. */
  readonly people?: number;
};

export type AgainstReport = {
  readonly ok: boolean;
  /** What is wrong with the new content, as lines `file:line: …`. */
  readonly issues: readonly string[];
  readonly rows: readonly AgainstRow[];
};

/**
 * Says where everyone goes on who is in the middle, when the content below `root` is published. `against`: `running` for
 * the people of the store; a folder with flows/, or a git revision of `root`, for every place of the content there.
 */
export async function checkAgainst(root: string, against: string): Promise<AgainstReport> {
  if (against === "running") return withPeople(resolve(root));
  const compiled = compileContent(root);
  if ("issues" in compiled) return { ok: false, issues: formatIssues(compiled.issues).split("\n"), rows: [] };
  const rows = oldPlaces(root, against).flatMap((old) => rowsOf(compiled.program, old));
  return { ok: rows.every(({ becomes }) => becomes !== "gone"), issues: [], rows };
}

async function withPeople(root: string): Promise<AgainstReport> {
  const { result } = await haveDone({ command: "content compare", root });
  return reportOf(result);
}

/** A publish's outcome, as it came over the socket. */
export function reportOf(result: unknown): AgainstReport {
  if (!isPublished(result))
    throw new CommandFailed("The server answered something else: is it of this version?");
  return { ok: result.kind !== "refused", issues: result.issues, rows: result.waiting };
}

function isPublished(result: unknown): result is Published {
  return (
    typeof result === "object" &&
    result !== null &&
    "kind" in result &&
    "issues" in result &&
    "waiting" in result
  );
}

function rowsOf(program: Program, { place, role, options }: OldPlace): readonly AgainstRow[] {
  const { kind, to = "" } = whereTo(program, place, role);
  const row: AgainstRow = { place, becomes: kind, goesTo: to };
  const step = program.steps.get(to);
  if (step?.kind !== "ask" || (kind !== "same" && kind !== "renamed")) return [row];
  const names = program.moves.options.get(to) ?? new Map<string, string>();
  const left = ownOptions(step);
  const gone = options.filter((option) => !left.includes(lastName(names, option)));
  return [
    row,
    ...gone.map(
      (option): AgainstRow => ({
        place: `${place} ${option}`,
        becomes: "option-gone",
        goesTo: `${to}, asked again`,
      }),
    ),
  ];
}

function oldPlaces(root: string, against: string): readonly OldPlace[] {
  if (existsSync(join(against, "flows"))) return readPlaces(against);
  const folder = mkdtempSync(join(tmpdir(), "parwana-against-"));
  try {
    const archive = execFileSync("git", ["-C", root, "archive", "--format=tar", against, "flows"], {
      maxBuffer: 256 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
    execFileSync("tar", ["-x", "-C", folder], { input: archive, stdio: ["pipe", "ignore", "ignore"] });
    return readPlaces(folder);
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw new CommandFailed(
      `\`${against}\` is neither \`running\`, nor a folder with flows/ in it, nor a git revision that has them.`,
      2,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readPlaces(folder: string): readonly OldPlace[] {
  const { source, issues } = readSource(folder);
  const unread = issues.filter(({ file }) => file.startsWith("flows/"));
  if (unread.length > 0) throw new CommandFailed(formatIssues(unread));
  return placesOf(source);
}

const order: Readonly<Record<AgainstRow["becomes"], number>> = {
  gone: 0,
  "asked-again": 1,
  "option-gone": 2,
  retired: 3,
  "goes-on": 4,
  renamed: 5,
  same: 6,
};

/** The report for people: the worst first. */
export function againstText({ issues, rows }: AgainstReport): string {
  const sorted = rows.toSorted((a, b) => order[a.becomes] - order[b.becomes]);
  const lost = rows.filter(({ becomes }) => becomes === "gone").length;
  const said =
    rows.length === 0
      ? "Nobody is in the middle of anything."
      : lost === 0
        ? "Everyone goes on."
        : `${lost} place${lost === 1 ? " is" : "s are"} no more: say in the flow's file where people go on, under \`renamed:\` or \`retired:\`.`;
  const blocks = issues.length > 0 ? [issues.join("\n")] : [table(sorted), said];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}
