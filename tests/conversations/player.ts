import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Script, scriptOf } from "../../src/play/script.ts";

/** Reads a script file. */
export function readScript(path: string): Script {
  return scriptOf(parse(readFileSync(path, "utf8")));
}
