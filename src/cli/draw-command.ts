import { writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { DrawingFormat } from "../draw/draw-flows.ts";
import { CommandFailed } from "./command-failed.ts";
import { type ContentOptions, contentOption } from "./content-root.ts";

type Options = ContentOptions & {
  readonly format: DrawingFormat;
  readonly locale: string;
  readonly out?: string;
  readonly all?: string;
};

/** Adds `parwana draw`. */
export function addDraw(program: Command): void {
  program
    .command("draw")
    .description(
      "draw a flow as a picture: questions, answers on the arrows, results by level, unreachable parts red",
    )
    .argument("[flow]", "the flow's name, for example screening/start")
    .addOption(new Option("--format <format>", "what to draw").choices(["svg", "mermaid"]).default("svg"))
    .option("--locale <tag>", "the language of the texts", "en")
    .option("--out <file>", "write it to a file instead of stdout")
    .option(
      "--all <folder>",
      "draw every flow into this folder, in English and both formats, with a page that lists them",
    )
    .addOption(contentOption())
    .addHelpText(
      "after",
      `
It draws flows that do not pass the check, too. Exit code: 1 when a file can't be read, 2 when there is no such flow.

Examples:
  $ npx parwana draw screening/start --locale fa-AF --out start.svg
  $ npx parwana draw menu --format mermaid
  $ npx parwana draw --all docs/flows`,
    )
    .action(async (flow: string | undefined, options: Options) => {
      if ((flow === undefined) === (options.all === undefined))
        throw new CommandFailed("Name one flow, or give --all and a folder.", 2);
      if (flow !== undefined) await drawOne(flow, options);
      else await drawEach(options);
    });
}

/** What lays the drawings out is only loaded when one is made. */
async function drawOne(flow: string, { content, format, locale, out }: Options): Promise<void> {
  const { drawing } = await import("./draw.ts");
  const drawn = drawing(content, flow, format, locale);
  if (out === undefined) process.stdout.write(drawn);
  else writeFileSync(out, drawn);
}

async function drawEach({ content, all = "" }: Options): Promise<void> {
  const { writeDrawings } = await import("./draw.ts");
  const { written, leftOver } = writeDrawings(content, all);
  for (const path of written) process.stdout.write(`${path}\n`);
  for (const path of leftOver) process.stderr.write(`${path} belongs to no flow: remove it.\n`);
}
