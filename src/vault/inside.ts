import { type BigIntStats, realpathSync, statSync } from "node:fs";

/**
 * Whether `file` stands somewhere below `folder`, as written or after following symbolic links.
 * Folders are compared by what they are on the disk, not by how they are spelled; neither needs to exist yet:
 * nothing can stand in a folder that does not.
 */
export function isInside(file: string, folder: string): boolean {
  const target = about(folder);
  if (target === undefined) return false;
  return [file, followed(file)].some((path) => hasAbove(folderOf(path), target));
}

/** The folder a path's last name stands in, as written: "./" where it names none. */
export function folderOf(path: string): string {
  return /^(?<folder>.*\/)[^/]*$/s.exec(path)?.groups?.["folder"] ?? "./";
}

function hasAbove(start: string, target: BigIntStats): boolean {
  let path = start;
  let here = about(path);
  while (here !== undefined) {
    if (same(here, target)) return true;
    path = `${path}/..`;
    const above = about(path);
    if (above === undefined || same(above, here)) return false; // the root is its own parent
    here = above;
  }
  return false;
}

function same(one: BigIntStats, other: BigIntStats): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

function about(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function followed(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
