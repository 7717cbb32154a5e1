import { closeSync, fsyncSync, linkSync, openSync, renameSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";

/** "PARW" in ASCII, in a database's header: tells our databases from others. */
export const applicationId = 0x50415257;

/** Returns when what was written to the file is on the disk. */
export function flushFile(file: string): void {
  flush(file, "r+");
}

/** Returns when the names in a file's folder are on the disk. */
export function flushFolderOf(file: string): void {
  flush(dirname(file), "r");
}

function flush(path: string, how: "r" | "r+"): void {
  const handle = openSync(path, how);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Gives a file its name unless another has it: throws the system's EEXIST then. */
export function nameWhereFree(file: string, name: string): void {
  try {
    linkSync(file, name);
  } catch (problem) {
    // A file system without second names.
    if (!hasCode(problem, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw problem;
    closeSync(openSync(name, "wx", 0o600));
    renameSync(file, name);
    return;
  }
  unlinkSync(file);
}

/** Whether the system refused for one of these reasons. */
export function hasCode(problem: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(codeOf(problem));
}

/** The system's name for what went wrong. */
export function codeOf(problem: unknown): string {
  if (!(problem instanceof Error && "code" in problem)) return "unknown reason";
  return typeof problem.code === "string" ? problem.code : "unknown reason";
}
