import { parentPort, workerData } from "node:worker_threads";
import { formatIssues } from "../content/format-issues.ts";
import { readSource } from "../content/read-source.ts";
import { shortHash } from "../core/flow/short-hash.ts";
import type { Issue, Source } from "../core/flow/source.ts";
import { checkFolder } from "./check-folder.ts";
import { freshContent } from "./fresh-content.ts";
import { type Kept, keptOf } from "./kept-content.ts";

/** What this thread sends back; `changing`: the files were written to while they were checked. */
export type Checked =
  | { readonly kind: "refused"; readonly issues: readonly string[] }
  | { readonly kind: "changing" }
  | { readonly kind: "loaded"; readonly content: Kept };

/** The folder to look at; `whole`: for everything that `parwana check` proves, and not only for what a start looks at. */
export type Order = { readonly root: string; readonly whole: boolean };

/** Checks content away from the thread that answers people. */
function checked({ root, whole }: Order): Checked {
  const { source } = readSource(root);
  const fresh = freshContent(root);
  const unfit = "issues" in fresh ? fresh.issues : [];
  const issues = whole ? checkFolder(root, Date.now()).issues : unfit;
  const now = readSource(root);
  if (printOf(source) !== printOf(now.source)) return { kind: "changing" };
  return "issues" in fresh || issues.some(isError)
    ? refused(issues)
    : { kind: "loaded", content: keptOf(fresh) };
}

function refused(issues: readonly Issue[]): Checked {
  return { kind: "refused", issues: formatIssues(issues.filter(isError)).split("\n").slice(0, -1) };
}

function isError({ level }: Issue): boolean {
  return level === "error";
}

function printOf({ flows, locales }: Source): string {
  const all = [flows, ...locales.values()].flatMap((files) => [...files.values()]);
  return shortHash(...all.map(({ path, data }) => path + JSON.stringify(data)));
}

const order: Order = workerData;
parentPort?.postMessage(checked(order));
