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
  const [{ startServer }, { configFrom, startProblem }, { lastWords }] = await Promise.all([
    import("./wiring/server.ts"),
    import("./wiring/installation.ts"),
    import("./wiring/last-words.ts"),
  ]);
  // Node itself would print the error's message.
  process.on("uncaughtException", (error: unknown) => refuse(lastWords(error)));
  try {
    const server = await startServer(configFrom(process.env));
    // Now, because a server that is killed would never write it.
    flushCompileCache();
    const end = () => {
      server.stop().then(
        () => process.exit(0),
        (error: unknown) => refuse(lastWords(error)),
      );
    };
    process.on("SIGINT", end);
    process.on("SIGTERM", end);
    process.on("SIGHUP", () => void server.publish());
  } catch (error) {
    refuse(startProblem(error));
  }
}

function refuse(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

if (import.meta.main) await main();
