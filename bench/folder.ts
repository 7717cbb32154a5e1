import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../tests/project-root.ts";

/**
 * A new folder for a bench, for its caller to remove. It stands beside the real data, not in the system's temporary folder:
 * that may be memory, where a flush costs nothing.
 */
export function benchFolder(): string {
  const data = join(projectRoot, "data");
  mkdirSync(data, { recursive: true });
  return mkdtempSync(join(data, "bench-"));
}
