import type { Command } from "commander";
import type { AgainstReport } from "./against.ts";
import { CommandFailed } from "./command-failed.ts";
import { type ContentOptions, contentOption } from "./content-root.ts";
import { addLocales } from "./locales-commands.ts";
import { dayCount } from "./option-values.ts";
import { show } from "./show.ts";

type Json = ContentOptions & { readonly json?: boolean };

/**
 * Adds the commands of those who write flows and words: they need no data and no server. What each does is loaded only
 * when it is called: the engine and the checks are most of the program.
 */
export function addContentCommands(program: Command): void {
  addCheck(program);
  addPublish(program);
  addFacts(program);
  addEntries(program);
  addLocales(program);
  addSchemas(program);
}

function addCheck(program: Command): void {
  program
    .command("check")
    .description("check flows, words and facts; print what is wrong as file:line, and counts")
    .option("--json", "print the issues and counts as JSON")
    .option(
      "--against <what>",
      "list instead where people in the middle go on: `running` (those of the server), a folder, or a git revision",
    )
    .addOption(contentOption())
    .addHelpText(
      "after",
      `
Exit code 1 when there are errors, or when --against finds a place that is no more; warnings alone give 0.

Examples:
  $ npx parwana check
  $ npx parwana check --against running
  $ npx parwana check --against HEAD~1`,
    )
    .action(async ({ json = false, content, against }: Json & { readonly against?: string }) => {
      if (against !== undefined) {
        const { checkAgainst } = await import("./against.ts");
        return await showAgainst(await checkAgainst(content, against), json);
      }
      const { checkFolder } = await import("../wiring/check-folder.ts");
      const { checkText } = await import("./check-text.ts");
      const report = checkFolder(content, Date.now());
      process.stdout.write(json ? show(report, true) : checkText(report));
      if (!report.ok) throw new CommandFailed("");
    });
}

async function showAgainst(report: AgainstReport, json: boolean): Promise<void> {
  const { againstText } = await import("./against.ts");
  process.stdout.write(json ? show(report, true) : againstText(report));
  if (!report.ok) throw new CommandFailed("");
}

/** Adds the command that puts changed content into use. */
function addPublish(program: Command): void {
  program
    .command("publish")
    .description("have the running server use the flows and words as they are now, and wait until it does")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
It does so by itself a few seconds after a change. Refused, with exit code 1, where the check finds errors or people in the
middle would be lost. See how it would go with \`parwana check --against running\`.

Example:
  $ npx parwana publish`,
    )
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const { haveDone } = await import("./carry-out.ts");
      const { reportOf } = await import("./against.ts");
      const { result, by } = await haveDone({ command: "content publish" });
      await showAgainst(reportOf(result), json);
      if (by === "alone") process.stderr.write("No server is running: the next start uses it.\n");
    });
}

function addFacts(program: Command): void {
  program
    .command("facts")
    .description("list the facts by their review day, with the official page and where they are used")
    .option(
      "--due <days>",
      "only those that have to be reviewed within so many days, for example 30d",
      dayCount,
    )
    .option("--json", "print them as JSON")
    .addOption(contentOption())
    .addHelpText("after", "\nExamples:\n  $ npx parwana facts --due 30d\n  $ npx parwana facts --json")
    .action(async ({ due, json = false, content }: Json & { readonly due?: number }) => {
      const { dueFacts, factsText } = await import("./facts.ts");
      const facts = dueFacts(content, due, Date.now());
      process.stdout.write(json ? show(facts, true) : factsText(facts));
      if (facts.length === 0 && !json) process.stderr.write("No fact is due by then.\n");
    });
}

function addEntries(program: Command): void {
  program
    .command("entries")
    .description(
      "list every question: its languages and how far they are, its sources, when its facts are due",
    )
    .option("--json", "print them as JSON")
    .addOption(contentOption())
    .addHelpText(
      "after",
      "\nPrints the page docs/content.md.\n\nExamples:\n  $ npx parwana entries > docs/content.md\n  $ npx parwana entries --json",
    )
    .action(async ({ json = false, content }: Json) => {
      const { entriesPage, entryRows } = await import("./entries.ts");
      const rows = entryRows(content);
      process.stdout.write(json ? show(rows, true) : entriesPage(rows));
    });
}

function addSchemas(program: Command): void {
  program
    .command("schemas")
    .description(
      "write flows/*.schema.json, and into each file the line by which editors find its own; say what changed",
    )
    .addOption(contentOption())
    .addHelpText("after", "\nExample:\n  $ npx parwana schemas")
    .action(async ({ content }: ContentOptions) => {
      const { writeSchemas } = await import("../content/schemas.ts");
      for (const path of writeSchemas(content)) process.stdout.write(`${path}\n`);
    });
}
