import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { Problem } from "../app/errors.ts";
import type { Log } from "../app/ports.ts";

const ownerOnly = 0o600;

/** A text file that is only ever added to, so that two of them are joined by putting one behind the other. */
export type LineFile = {
  /** Its lines; one that a crash cut short is among them. Throws Problem `store-unavailable` where it is there and can't be read. */
  readonly read: () => readonly string[];
  /** Returns once the lines are on the disk; those that could not be written are kept for the next time, and it is logged. */
  readonly add: (lines: readonly string[]) => void;
};

/** `purpose`: what it is for, as in "<file>, which <purpose>, cannot be read". */
export function lineFile(file: string, purpose: string, log: Log): LineFile {
  /** What could not be written yet. */
  let waiting: readonly string[] = [];
  return {
    read: () => textOf(file, purpose).split("\n"),
    add: (lines) => {
      waiting = [...waiting, ...lines];
      if (waiting.length === 0) return;
      try {
        append(file, waiting.join("\n"));
        waiting = [];
      } catch (problem) {
        log.error("list-not-written", { code: codeOf(problem), lines: waiting.length });
      }
    },
  };
}

function textOf(file: string, purpose: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (problem) {
    const code = codeOf(problem);
    if (code === "ENOENT") return "";
    throw new Problem(
      "store-unavailable",
      `${file}, which ${purpose}, cannot be read (${code}): make it a file that this process's user can read`,
      { cause: problem },
    );
  }
}

function append(file: string, lines: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const handle = openSync(file, "a+", ownerOnly);
  try {
    writeSync(handle, `${endsInLine(handle) ? "\n" : ""}${lines}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  const parent = openSync(folder, "r");
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
}

/** Whether the file ends in the middle of a line. */
function endsInLine(handle: number): boolean {
  const { size } = fstatSync(handle);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(handle, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}

function codeOf(problem: unknown): string {
  if (!(problem instanceof Error && "code" in problem)) return "unknown reason";
  return typeof problem.code === "string" ? problem.code : "unknown reason";
}
