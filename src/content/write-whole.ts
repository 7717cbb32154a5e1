import { renameSync, writeFileSync } from "node:fs";

/** Writes a file so that either the old one or the whole new one is there, whenever the power goes. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { flush: true });
  renameSync(`${path}.new`, path);
}

/** Writes data as the content's JSON files are written: two spaces, a line break at the end. */
export function writeJson(path: string, data: unknown): void {
  writeWhole(path, `${JSON.stringify(data, undefined, 2)}\n`);
}
