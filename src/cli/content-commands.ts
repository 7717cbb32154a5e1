import type { Command } from "commander";
import { writeSchemas } from "../content/schemas.ts";
import { checkFolder, checkText } from "./check.ts";
import { CommandFailed } from "./command-failed.ts";
import { type ContentOptions, contentOption } from "./content-root.ts";
import { entriesPage, entryRows } from "./entries.ts";
import { dueFacts, factsText } from "./facts.ts";
import { addLocales } from "./locales-commands.ts";
import { dayCount } from "./option-values.ts";
import { show } from "./show.ts";

type Json = ContentOptions & { readonly json?: boolean };

/** Adds the commands of those who write flows and words: they need no data and no server. */
export function addContentCommands(program: Command): void {
  addCheck(program);
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
    .addOption(contentOption())
    .addHelpText(
      "after",
      "\nExit code 1 when there are errors; warnings alone give 0.\n\nExample:\n  $ npx parwana check",
    )
    .action(({ json = false, content }: Json) => {
      const report = checkFolder(content, Date.now());
      process.stdout.write(json ? show(report, true) : checkText(report));
      if (!report.ok) throw new CommandFailed("");
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
    .action(({ due, json = false, content }: Json & { readonly due?: number }) => {
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
    .action(({ json = false, content }: Json) => {
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
    .action(({ content }: ContentOptions) => {
      for (const path of writeSchemas(content)) process.stdout.write(`${path}\n`);
    });
}
