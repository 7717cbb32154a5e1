import { Problem } from "../app/errors.ts";
import type { Issue } from "../core/flow/source.ts";

/**
 * Issues as lines `file:line: what. Mend: …`, sorted by file and line (warnings are marked), below each how a person comes
 * there, and a closing line that counts them.
 */
export function formatIssues(issues: readonly Issue[]): string {
  const sorted = issues.toSorted((a, b) => compare(a.file, b.file) || a.line - b.line);
  return [...sorted.map(formatIssue), countOf(issues)].join("\n");
}

/** Throws a Problem ("content") that tells the issues, unless there are none. */
export function refuseIssues(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new Problem("content", formatIssues(issues));
}

function formatIssue({ level, file, line, what, mend, transcript = [] }: Issue): string {
  const text = `${file}:${line}: ${level === "warning" ? "warning: " : ""}${what}. Mend: ${mend}${mend.endsWith("?") ? "" : "."}`;
  return [text, ...transcript.map((one) => `    ${one}`)].join("\n");
}

function countOf(issues: readonly Issue[]): string {
  const errors = issues.filter(({ level }) => level === "error").length;
  return `${counted(errors, "error")}, ${counted(issues.length - errors, "warning")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
