import { closeSync, openSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/** The oldest Node that runs this: older ones read no TypeScript and have no SQLite. */
const oldestNode = 24;

/**
 * Beside the code, for whoever may write there: in a shared temporary folder another user could plant code. `npm start`
 * names it to Node itself, which then need not even load what reads TypeScript.
 */
const compileCache = fileURLToPath(new URL("../node_modules/.cache/parwana", import.meta.url));

/**
 * Runs the server until a signal ends it. What goes wrong is said in words, with exit code 1. All else is loaded after
 * the Node version is known to do, and through V8's compile cache, which halves what a restart spends on loading.
 */
export async function main(): Promise<void> {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < oldestNode) {
    return refuse(
      `Parwana needs Node ${oldestNode} or newer, this is ${process.versions.node}. Start it with \`npm start\`, which brings its own.`,
    );
  }
  enableCompileCache(compileCache);
  // Whoever reads what is printed may go away before the server does (`npm start | head`, a terminal that is closed).
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const onTerminal = process.stdout.isTTY && hasTerminal();
  const starting = start();
  // From the first moment: a signal between the opening of the store and the last word of the start ends it in order, too.
  const end = () => void starting.then((server) => server.end());
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.on("SIGHUP", () => {
    if (onTerminal && !hasTerminal()) return end();
    void starting.then((server) => server.publish());
  });
  await starting;
  // Now, because a server that is killed would never write it.
  flushCompileCache();
}

/** Starts the server, or ends the process with the reason in words. Gives how to end it, and the process with it. */
async function start() {
  const [{ startServer }, { configFrom, startProblem }, { lastWords }] = await Promise.all([
    import("./wiring/server.ts"),
    import("./wiring/installation.ts"),
    import("./wiring/last-words.ts"),
  ]);
  // Node itself would print the error's message.
  process.on("uncaughtException", (error: unknown) => refuse(lastWords(error)));
  try {
    const server = await startServer(configFrom(process.env));
    const end = () =>
      server.stop().then(
        () => process.exit(0),
        (error: unknown) => refuse(lastWords(error)),
      );
    return { end, publish: server.publish };
  } catch (error) {
    return refuse(startProblem(error));
  }
}

/** Whether the terminal that this process was started on is there: one that was closed can't be opened any more. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

function refuse(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

if (import.meta.main) await main();
