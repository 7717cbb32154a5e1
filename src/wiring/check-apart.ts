import { parentPort, workerData } from "node:worker_threads";
import { checkFolder } from "../cli/check.ts";
import { formatIssues } from "../content/format-issues.ts";
import { loadContent } from "../content/load.ts";
import { readSource } from "../content/read-source.ts";
import { shortHash } from "../core/flow/short-hash.ts";
import type { Issue, Json, Source, SourceFile } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";

/** A file without its lines, which can't be sent to another thread. */
export type PlainFile = { readonly path: string; readonly data: Json };

/** What this thread sends back; `changing`: the files were written to while they were checked. */
export type Checked =
  | { readonly kind: "refused"; readonly issues: readonly string[] }
  | { readonly kind: "changing" }
  | {
      readonly kind: "loaded";
      readonly flows: ReadonlyMap<string, PlainFile>;
      readonly locales: ReadonlyMap<Language, ReadonlyMap<string, PlainFile>>;
    };

/** The folder to look at; `whole`: for everything that `parwana check` proves, and not only for what a start looks at. */
export type Order = { readonly root: string; readonly whole: boolean };

/** Checks content away from the thread that answers people. */
function checked({ root, whole }: Order): Checked {
  const { source } = readSource(root);
  const { ok, issues } = whole ? checkFolder(root, Date.now()) : loadedReport(root);
  const now = readSource(root);
  if (printOf(source) !== printOf(now.source)) return { kind: "changing" };
  if (!ok) {
    const errors = issues.filter(({ level }) => level === "error");
    return { kind: "refused", issues: formatIssues(errors).split("\n").slice(0, -1) };
  }
  return {
    kind: "loaded",
    flows: plain(source.flows),
    locales: new Map([...source.locales].map(([language, files]) => [language, plain(files)])),
  };
}

function loadedReport(root: string): { readonly ok: boolean; readonly issues: readonly Issue[] } {
  const loaded = loadContent(root);
  return "issues" in loaded ? { ok: false, issues: loaded.issues } : { ok: true, issues: [] };
}

function plain(files: ReadonlyMap<string, SourceFile>): ReadonlyMap<string, PlainFile> {
  return new Map([...files].map(([name, { path, data }]) => [name, { path, data }]));
}

function printOf({ flows, locales }: Source): string {
  const all = [flows, ...locales.values()].flatMap((files) => [...files.values()]);
  return shortHash(...all.map(({ path, data }) => path + JSON.stringify(data)));
}

const order: Order = workerData;
parentPort?.postMessage(checked(order));
