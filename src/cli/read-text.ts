import { readFileSync } from "node:fs";
import { CommandFailed } from "./command-failed.ts";

/** A file's text. Throws CommandFailed (wrong usage) where it can't be read or is no UTF-8: nothing is taken in half. */
export function readText(path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const why =
      error instanceof Error && "errno" in error && "code" in error ? String(error.code) : "no UTF-8";
    throw new CommandFailed(`${path} can't be read (${why}): check the path, and save it as UTF-8 text.`, 2);
  }
}
