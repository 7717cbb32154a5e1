import { join } from "node:path";
import { Problem } from "../app/errors.ts";

/** What the system takes for a socket's path (107 bytes on Linux, 103 on others). */
const longest = 103;

/** The control socket's place in the data folder, for who listens there and who asks. */
export function controlPath(dataDir: string): string {
  return join(dataDir, "control.sock");
}

/** Throws Problem `config` where no socket can have that place. */
export function checkControlPath(dataDir: string): void {
  const path = controlPath(dataDir);
  if (Buffer.byteLength(path) > longest)
    throw new Problem(
      "config",
      `DATA_DIR is too long: the socket ${path} may have ${longest} bytes. Use a shorter folder, or one relative to where you start.`,
    );
}
