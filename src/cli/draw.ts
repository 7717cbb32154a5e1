import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatIssues } from "../content/format-issues.ts";
import { readSource } from "../content/read-source.ts";
import type { Issue, Source } from "../core/flow/source.ts";
import { type DrawingFormat, drawAll, drawFlow, flowNames } from "../draw/draw-flows.ts";
import { CommandFailed } from "./command-failed.ts";
import { knownName } from "./known-names.ts";

/**
 * Draws a flow of the content below a folder in one language; gives the file's text. The flow need not pass the checks:
 * what is wrong with it is what one wants to see. Throws CommandFailed for names that are not there and for a file that
 * can't be read.
 */
export function drawing(root: string, flow: string, format: DrawingFormat, language: string): string {
  const { source, issues } = readSource(root);
  knownName("language", language, [...source.locales.keys()].sort());
  const unreadable = issues.filter(({ file }) => file === `flows/${flow}.yaml`);
  if (unreadable.length > 0) throw cannotBeDrawn(unreadable);
  knownName("flow", flow, flowNames(source));
  const drawn = drawFlow(source, flow, format, language);
  if (typeof drawn !== "string") throw cannotBeDrawn(drawn);
  return drawn;
}

/** What was written into a folder, and which drawings there are of no flow any more. */
export type Drawings = { readonly written: readonly string[]; readonly leftOver: readonly string[] };

/** Draws every flow into a folder, in both formats, with a page that lists them; paths are relative to it. */
export function writeDrawings(root: string, folder: string): Drawings {
  const files = drawnFiles(root);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const leftOver = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.(?:svg|mmd)$/.test(path) && !files.has(path));
  return { written: [...files.keys()], leftOver: leftOver.sort() };
}

function drawnFiles(root: string): ReadonlyMap<string, string> {
  const { source, issues }: { source: Source; issues: readonly Issue[] } = readSource(root);
  if (issues.length > 0) throw cannotBeDrawn(issues);
  const drawn = drawAll(source);
  if ("get" in drawn) return drawn;
  throw cannotBeDrawn(drawn);
}

function cannotBeDrawn(issues: readonly Issue[]): CommandFailed {
  return new CommandFailed(formatIssues(issues));
}
