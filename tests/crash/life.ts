import { spawn } from "node:child_process";
import { failPointModule } from "./fail-points.ts";

export type Death = { readonly code: number | null; readonly said: string };

/** A server from its start to its death. */
export type Life = {
  /** Its process runs, and has done nothing yet. Never settles when it died before. */
  readonly begun: Promise<void>;
  /** Whether it became ready before it died. */
  readonly ready: Promise<boolean>;
  readonly died: Promise<Death>;
  /** The fail point that it died at; undefined for any other death. */
  readonly struckAt: () => string | undefined;
  /** What it has written to its standard error so far. */
  readonly complaint: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
};

/** Starts the server of a tree, with nothing in its environment but this. */
export function live(root: string, environment: Readonly<Record<string, string>>): Life {
  const child = spawn(process.execPath, ["--import", failPointModule, "src/main.ts"], {
    cwd: root,
    // As `npm start` does.
    env: { NODE_COMPILE_CACHE: "node_modules/.cache/parwana", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let complaint = "";
  const begun = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<boolean>();
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
    if (said.includes("crash: begin")) begun.resolve();
    if (said.includes("Stop with Ctrl-C")) ready.resolve(true);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString("utf8");
  });
  const died = new Promise<Death>((resolve) => {
    child.once("close", (code) => {
      ready.resolve(false);
      resolve({ code, said: complaint.trim() });
    });
  });
  return {
    begun: begun.promise,
    ready: ready.promise,
    died,
    struckAt: () => /^crash: at (.*)$/m.exec(said)?.[1],
    complaint: () => complaint,
    signal: (signal) => void child.kill(signal),
  };
}
