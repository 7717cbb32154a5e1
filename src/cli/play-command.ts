import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Ms } from "../core/nouns/time.ts";
import type { PlayedChannel } from "../play/phone.ts";
import { type ContentOptions, contentOption } from "./content-root.ts";
import type { Terminal } from "./play.ts";

type Options = ContentOptions & {
  readonly locale?: string;
  readonly channel: PlayedChannel;
  readonly now?: Ms;
  readonly script?: string;
  readonly saveTo?: string;
};

/** Adds `parwana play`. */
export function addPlay(program: Command): void {
  program
    .command("play")
    .description("play a conversation in the terminal, as Telegram or WhatsApp would show it")
    .argument("[flow]", "the flow to begin with, for example screening/start; the welcome when none is named")
    .option("--locale <tag>", "the person's language; without it and without a flow the welcome asks")
    .addOption(
      new Option("--channel <channel>", "whose form messages take")
        .choices(["telegram", "whatsapp"])
        .default("telegram"),
    )
    .option(
      "--now <time>",
      "the day or moment at which it begins, 2026-11-23 or 2026-11-23T10:00:00Z (a .yaml script has its own)",
      moment,
    )
    .option("--script <file>", "play what stands in a file: lines as typed, or a golden conversation (.yaml)")
    .option(
      "--save-to <folder>",
      "where :save keeps golden conversations (the content's tests/conversations)",
    )
    .addOption(contentOption())
    .addHelpText(
      "after",
      `
Type what a person would write, or a button's number. :back, :state, :why, :wait 3d, :save <name>, :quit; :help shows all.
Nothing is stored or sent. Content that does not pass the check can be played as long as it runs. Exit code 1: it does not,
2: there is no such flow or language.

Examples:
  $ npx parwana play
  $ npx parwana play screening/start --locale fa-AF --channel whatsapp
  $ npx parwana play --script tests/conversations/scripts/menu.yaml --locale ps`,
    )
    .action(async (flow: string | undefined, options: Options) => {
      const { play } = await import("./play.ts");
      const { content, channel, locale, script } = options;
      const saveTo = options.saveTo ?? join(content, "tests/conversations");
      await play(
        { content, channel, flow, locale, script, saveTo, now: options.now ?? Date.now() },
        terminal(),
      );
    });
}

/** Reads `2026-11-23` or `2026-11-23T10:00:00Z` as ms since the epoch. */
function moment(value: string): Ms {
  const at = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/.test(value)
    ? Date.parse(value)
    : Number.NaN;
  if (Number.isNaN(at))
    throw new InvalidArgumentError("Write a day or a moment in UTC: 2026-11-23 or 2026-11-23T10:00:00Z.");
  return at;
}

function terminal(): Terminal {
  const { stdin, stdout } = process;
  return {
    lines: typedLines(),
    write: (text) => stdout.write(text),
    isTerminal: stdin.isTTY && stdout.isTTY && process.env["NO_COLOR"] === undefined,
  };
}

async function* typedLines(): AsyncGenerator<string> {
  const { stdin, stdout } = process;
  const reading = createInterface({ input: stdin, ...(stdin.isTTY ? { output: stdout } : {}), prompt: "> " });
  const prompt = () => (stdin.isTTY ? reading.prompt() : undefined);
  try {
    prompt();
    for await (const line of reading) {
      yield line;
      prompt();
    }
  } finally {
    reading.close();
  }
}
