import { isFlowFile } from "../core/flow/compile.ts";
import { shortHash } from "../core/flow/short-hash.ts";
import type { Source } from "../core/flow/source.ts";

/** What tells two contents apart for the index of questions: every file but the flows and what only they and the engine say. */
export function questionsPrint({ flows, locales }: Source): string {
  const isApart = (name: string) => name === "conversation" || (flows.has(name) && isFlowFile(name));
  const files = [flows, ...locales.values()].flatMap((all) => [...all].filter(([name]) => !isApart(name)));
  return shortHash(...files.map(([, { path, data }]) => path + JSON.stringify(data)));
}
