import type { Command } from "commander";
import { type ContentOptions, contentOption } from "./content-root.ts";
import { readText } from "./read-text.ts";
import { show } from "./show.ts";

/** Adds `locales stamp`, `export` and `import`: what translators and those who look after translations need. */
export function addLocales(program: Command): void {
  const locales = program.command("locales").description("translations: stamp, export, import");
  addStamp(locales);
  addExport(locales);
  addImport(locales);
}

function addStamp(locales: Command): void {
  locales
    .command("stamp")
    .description("note which English each translation was made from, in locales/<language>/status.json")
    .argument("[languages...]", "the languages' folders; all but English when none is named")
    .addOption(contentOption())
    .addHelpText(
      "after",
      `
Run it when translations follow the English as it is now. Texts whose English is new or changed become drafts, which
wait for a native reader; what was reviewed and is unchanged stays reviewed.

Examples:
  $ npx parwana locales stamp
  $ npx parwana locales stamp fa-AF ps`,
    )
    .action(async (languages: readonly string[], { content }: ContentOptions) => {
      const { stampLanguages } = await import("./stamp-languages.ts");
      process.stdout.write(show(stampLanguages(content, languages), false));
    });
}

function addExport(locales: Command): void {
  locales
    .command("export")
    .description("print a language's texts as a PO file, for a translator's tools")
    .argument("<language>", "the language's folder")
    .addOption(contentOption())
    .addHelpText(
      "after",
      `
Each text has its key as context, notes on its length and its placeholders, and its status: "draft" or "reviewed by: NAME".
Texts whose English has changed since are fuzzy.

Example:
  $ npx parwana locales export fa-AF > fa-AF.po`,
    )
    .action(async (language: string, { content }: ContentOptions) => {
      const { exportPo } = await import("../content/po-export.ts");
      process.stdout.write(exportPo(content, language));
    });
}

function addImport(locales: Command): void {
  locales
    .command("import")
    .description("take a translated PO file into locales/<language>, all of it or nothing")
    .argument("<file>", "the PO file; its header names the language")
    .option("--json", "print the counts as JSON")
    .addOption(contentOption())
    .addHelpText(
      "after",
      `
An unknown key, a broken placeholder or a file that can't be read is told with its line, and nothing is written. Then run
npx parwana check.

Example:
  $ npx parwana locales import fa-AF.po`,
    )
    .action(async (file: string, { json = false, content }: ContentOptions & { readonly json?: boolean }) => {
      const { importPo } = await import("../content/po-import.ts");
      process.stdout.write(show(importPo(content, readText(file), file), json));
    });
}
