import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../project-root.ts";

/** One exact piece of a file, and what stands there instead. */
export type Patch = { readonly file: string; readonly from: string; readonly to: string };

/** What a server needs to run. */
const needed = ["src", "flows", "locales", "package.json"];

/**
 * Copies what a server runs from into `folder`, with these patches. Throws where a piece is not there exactly once:
 * a planted bug that is not planted proves nothing.
 */
export function copyTree(folder: string, patches: readonly Patch[] = []): string {
  mkdirSync(folder, { recursive: true });
  for (const name of needed) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  linkPackages(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  patch(folder, patches);
  return folder;
}

/** Each package by a link of its own: the copy's compile cache, which stands among them, is gone with the copy. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) if (name !== ".cache") symlinkSync(join(from, name), join(to, name));
}

/** Puts patches into a copied tree; gives what takes them out again. */
export function patch(folder: string, patches: readonly Patch[]): () => void {
  const undo = patches.map((one) => apply(folder, one));
  return () => {
    // The last first: two patches of one file each put back what they found.
    for (const restore of undo.toReversed()) restore();
  };
}

function apply(folder: string, { file, from, to }: Patch): () => void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const pieces = text.split(from);
  if (pieces.length !== 2) throw new Error(`"${from}" stands ${pieces.length - 1} times in ${file}`);
  writeFileSync(path, pieces.join(to));
  return () => writeFileSync(path, text);
}
