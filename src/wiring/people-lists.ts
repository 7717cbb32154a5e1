import { join } from "node:path";
import type { Log } from "../app/ports.ts";
import type { Listed, Lists, OptOut } from "../app/ports-copies.ts";
import { lineFile } from "./line-file.ts";

const tombstone = /^[0-9a-f]{32}$/;
const word = /^(?<at>\d{1,15}) (?<what>stop|again) (?<who>[0-9a-f]{32})$/;

/** The lists in `<dataDir>/tombstones` and `<dataDir>/opt-outs`. Lines that a crash cut short are passed over. */
export function peopleLists(dataDir: string, log: Log): Lists {
  const erased = lineFile(join(dataDir, "tombstones"), "keeps deleted people deleted", log);
  const optOuts = lineFile(join(dataDir, "opt-outs"), "keeps people stopped who said stop", log);
  return {
    erased: () => new Set(erased.read().filter((line) => tombstone.test(line))),
    addErased: erased.add,
    optOuts: () => lastWords(optOuts.read().flatMap(wordIn)),
    addOptOut: ({ who, at, stopped }) => optOuts.add([`${at} ${stopped ? "stop" : "again"} ${who}`]),
  };
}

function wordIn(line: string): readonly OptOut[] {
  const found = word.exec(line)?.groups;
  if (found === undefined) return [];
  return [{ who: found["who"] ?? "", at: Number(found["at"]), stopped: found["what"] === "stop" }];
}

/** By their time, not by their place: the lists of several processes may stand one behind the other. */
function lastWords(words: readonly OptOut[]): ReadonlyMap<Listed, boolean> {
  const inOrder = words.toSorted((one, other) => one.at - other.at);
  return new Map(inOrder.map(({ who, stopped }) => [who, stopped]));
}
