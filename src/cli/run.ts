import { CommanderError } from "commander";
import { problemText } from "../app/errors.ts";
import { CommandFailed } from "./command-failed.ts";
import { parwana } from "./program.ts";

/**
 * Runs the command of these arguments. Gives its exit code: 0 done, 1 a problem, 2 wrong usage. What went wrong is on
 * standard error, in words; never throws.
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await parwana().parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // The library has said it already; it ends with 1 where the shell's custom for wrong usage is 2.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CommandFailed) return tell(error.message, error.exitCode);
    return tell(problemText(error), 1);
  }
}

function tell(text: string, exitCode: number): number {
  if (text !== "") process.stderr.write(`${text}\n`);
  return exitCode;
}
