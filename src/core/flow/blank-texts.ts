import type { Reading } from "./reading.ts";
import { issueAt, type Json } from "./source.ts";

type Path = readonly string[];

/** Says of every text, in every language, that there is nothing to read in it. Items of lists are not looked at. */
export function checkBlankTexts({ source, issues }: Reading): void {
  for (const files of source.locales.values())
    for (const file of files.values())
      for (const path of blanksIn(file.data, []))
        issues.push(
          issueAt(
            file,
            path,
            `the text \`${path.join(".")}\` is empty`,
            "write it, or remove it where it may be missing",
          ),
        );
}

function blanksIn(data: Json, path: Path): readonly Path[] {
  if (typeof data === "string") return data.trim() === "" ? [path] : [];
  if (typeof data !== "object" || data === null || Array.isArray(data)) return [];
  return Object.entries(data).flatMap(([key, value]: [string, Json]) => blanksIn(value, [...path, key]));
}
