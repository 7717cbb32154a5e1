import { join } from "node:path";

/** The control socket's place in the data folder, for who listens there and who asks. */
export function controlPath(dataDir: string): string {
  return join(dataDir, "control.sock");
}
