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
import { dirname, join } from "node:path";
import { Problem } from "../app/errors.ts";
import type { Log } from "../app/ports.ts";
import type { TombstoneList } from "../app/ports-copies.ts";

const ownerOnly = 0o600;
const tombstone = /^[0-9a-f]{32}$/;

/**
 * The list in `<dataDir>/tombstones`: a line each, only ever added to, so that two lists are joined by putting one behind the
 * other. A line that a crash cut short is passed over: the store still knows it.
 */
export function tombstoneList(dataDir: string, log: Log): TombstoneList {
  const file = join(dataDir, "tombstones");
  /** What could not be written yet. */
  const waiting = new Set<string>();
  return {
    read: () =>
      new Set(
        textOf(file)
          .split("\n")
          .filter((line) => tombstone.test(line)),
      ),
    add: (tombstones) => {
      for (const one of tombstones) waiting.add(one);
      if (waiting.size === 0) return;
      try {
        append(file, [...waiting].join("\n"));
        waiting.clear();
      } catch (problem) {
        log.error("tombstones-not-listed", { code: codeOf(problem), waiting: waiting.size });
      }
    },
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (problem) {
    const code = codeOf(problem);
    if (code === "ENOENT") return "";
    throw new Problem(
      "store-unavailable",
      `${file}, which keeps deleted people deleted, cannot be read (${code}): make it a file that this process's user can read`,
      { cause: problem },
    );
  }
}

/** Adds lines; returns once they, and the file's name, are on the disk. */
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
