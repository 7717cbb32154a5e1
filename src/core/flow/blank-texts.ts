import { namedTexts } from "./leaves.ts";
import type { Reading } from "./reading.ts";
import { issueAt } from "./source.ts";

/** Says of every text, in every language, that there is nothing to read in it. Items of lists are not looked at. */
export function checkBlankTexts({ source, issues }: Reading): void {
  for (const files of source.locales.values())
    for (const file of files.values())
      for (const [path] of namedTexts(file.data).filter(([, text]) => text.trim() === ""))
        issues.push(
          issueAt(
            file,
            path,
            `the text \`${path.join(".")}\` is empty`,
            "write it, or remove it where it may be missing",
          ),
        );
}
