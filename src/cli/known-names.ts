import { nearest } from "../core/flow/nearest.ts";
import { CommandFailed } from "./command-failed.ts";

/** The name, when it is a known one; a CommandFailed (wrong usage) that suggests the nearest when not. */
export function knownName(what: "flow" | "language", name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const suggestion = nearest(name, known);
  throw new CommandFailed(`There is no ${what} \`${name}\`: ${suggestion}`, 2);
}
