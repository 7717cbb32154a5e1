import type { Command } from "commander";

/** Lets the help of each group of commands end with the first example of each command in it, as that one's own help has it. */
export function addGroupExamples(program: Command): void {
  for (const group of program.commands.filter(({ commands }) => commands.length > 0)) {
    group.addHelpText("after", () => `\nExamples:\n${group.commands.flatMap(firstExample).join("\n")}`);
  }
}

function firstExample(command: Command): readonly string[] {
  return (
    helpOf(command)
      .match(/^ {2}\$ .*$/m)
      ?.slice(0, 1) ?? []
  );
}

/** All that `--help` would print. */
function helpOf(command: Command): string {
  const kept = command.configureOutput();
  let help = "";
  command.configureOutput({ ...kept, writeOut: (text) => (help += text) });
  command.outputHelp();
  command.configureOutput(kept);
  return help;
}
