import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Problem } from "../../app/errors.ts";

const ownerOnly = 0o700;

/** What a code of the system says of a folder that should be there. */
const reasons: Readonly<Record<string, string>> = {
  EEXIST: "a file is in its place, or a link that leads nowhere",
  ENOTDIR: "a part of its path is a file",
  ENOENT: "nothing can be made there",
  ELOOP: "links on the way lead in a circle",
  ENAMETOOLONG: "a name is too long",
  EACCES: "its owner does not let this user",
  EPERM: "the system does not let this user",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

/**
 * Makes the data folder where it is missing, and what is missing above it, for their owner only; looks whether this user may
 * work in it. Throws Problem `store-unavailable` with what is wrong with it.
 */
export function makeDataFolder(dataDir: string): void {
  attempt(() => makeFolder(dataDir), `the data folder ${dataDir} cannot be made`);
  const { R_OK, W_OK, X_OK } = constants;
  attempt(() => accessSync(dataDir, R_OK | W_OK | X_OK), `the data folder ${dataDir} cannot be written to`);
}

// Node's own `recursive` never comes back where a file system refuses a new folder as if the one above were missing (/proc).
function makeFolder(folder: string): void {
  try {
    makeOne(folder);
  } catch (problem) {
    const above = dirname(folder);
    if (codeOf(problem) !== "ENOENT" || above === folder) throw problem;
    makeFolder(above);
    makeOne(folder);
  }
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: ownerOnly });
  } catch (problem) {
    if (!isFolder(folder)) throw problem;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function attempt(work: () => void, failure: string): void {
  try {
    work();
  } catch (problem) {
    const code = codeOf(problem);
    const reason = reasons[code] ?? "the system refuses";
    const what = `${failure} (${code}): ${reason}; correct DATA_DIR, or whose its folder is`;
    throw new Problem("store-unavailable", what, { cause: problem, trouble: "no-access" });
  }
}

function codeOf(problem: unknown): string {
  return problem instanceof Error && "code" in problem ? String(problem.code) : "unknown";
}
