import { parentPort, workerData } from "node:worker_threads";
import { freshContent } from "./fresh-content.ts";
import { keptOf, type ReadContent } from "./kept-content.ts";

/** Reads content away from the thread that answers people: what that leaves behind goes with the thread. */
function read(root: string): ReadContent {
  const fresh = freshContent(root);
  return "issues" in fresh
    ? { kind: "refused", issues: fresh.issues }
    : { kind: "read", content: keptOf(fresh) };
}

const root: string = workerData;
parentPort?.postMessage(read(root));
