import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Line } from "./platform.ts";

// A bench runs these files without the test runner, so nothing here may ask for it.

export const publicUrl = "https://bot.example.org";

/** What stays the same from one life of a server to the next. */
export type Place = {
  readonly dataDir: string;
  readonly keyFile: string;
  readonly url: string;
  /** The settings of a server here at the end of this line. */
  readonly environment: (
    line: Pick<Line, "environment">,
    sendsInFlight: number,
  ) => Readonly<Record<string, string>>;
  readonly remove: () => void;
};

/** Makes a place with a free port, in a folder of its own below `parent` (default: the system's temporary folder). */
export async function makePlace(parent: string = tmpdir()): Promise<Place> {
  const dir = mkdtempSync(join(parent, "parwana-crash-"));
  const dataDir = join(dir, "data");
  const keyFile = join(dir, "parwana.key");
  const port = await freePort();
  return {
    dataDir,
    keyFile,
    url: `http://127.0.0.1:${port}`,
    environment: (line, sendsInFlight) => ({
      DATA_DIR: dataDir,
      PARWANA_KEY_FILE: keyFile,
      PORT: String(port),
      PLAYGROUND: "off",
      LOG_LEVEL: "silent",
      PUBLIC_URL: publicUrl,
      SENDS_IN_FLIGHT: String(sendsInFlight),
      ...line.environment,
    }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The lowest port that Linux gives to a connection of its own, by default. */
const firstOfOthers = 32_768;

/**
 * A port that nothing listens on, and that no connection of another program is given while the server is down between
 * two lives.
 */
async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * (firstOfOthers - 20_000));
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
