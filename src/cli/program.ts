import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { addAsk } from "./ask.ts";
import { addBackupCommands } from "./backup-commands.ts";
import { addContentCommands } from "./content-commands.ts";
import { projectRoot } from "./content-root.ts";
import { addDeskCommands } from "./desk-commands.ts";
import { addDraw } from "./draw-command.ts";
import { addGroupExamples } from "./group-examples.ts";
import { addPlay } from "./play-command.ts";
import { addStoreCommands } from "./store-move.ts";

/** The whole `parwana` program. Parsing throws a CommanderError instead of ending the process. */
export function parwana(): Command {
  const program = new Command("parwana")
    .description("Runs Parwana, checks what it says, and does what organisations need.")
    .version(versionOf(projectRoot))
    .exitOverride()
    // As wide as the text below it: a line for each command.
    .configureHelp({ helpWidth: 116 })
    .showHelpAfterError("(add --help to see how it is used)")
    .addHelpText(
      "after",
      `
Results go to stdout (as JSON with --json), messages to stderr. Exit code: 0 done, 1 a problem, 2 wrong usage.
org, topic, broadcast, inbox and case are carried out by the running server and take effect at once; while none runs,
the command opens the data itself. They read the same variables as the server does (DATA_DIR, PARWANA_KEY_FILE …).

Examples:
  $ npx parwana start
  $ npx parwana check
  $ npx parwana org add helpline --name "Parole Helpline"
  $ npx parwana broadcast send --org helpline --topic news --text en="The office is closed on Friday." --dry-run`,
    );
  addStart(program);
  addContentCommands(program);
  addAsk(program);
  addDraw(program);
  addPlay(program);
  addDeskCommands(program);
  addStoreCommands(program);
  addBackupCommands(program);
  addGroupExamples(program);
  return program;
}

function addStart(program: Command): void {
  program
    .command("start")
    .description("start the server, as `npm start` does")
    .addHelpText(
      "after",
      `
Without any variable set it serves the playground on http://localhost:3000 and keeps its data in data/.
TELEGRAM_BOT_TOKEN turns Telegram on; TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_FROM and PUBLIC_URL turn
WhatsApp on. Ctrl-C stops it.

Examples:
  $ npx parwana start
  $ PORT=8080 DATA_DIR=/var/lib/parwana npx parwana start`,
    )
    .action(async () => {
      const { main } = await import("../main.ts");
      await main();
    });
}

function versionOf(root: string): string {
  const read: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const known = typeof read === "object" && read !== null && "version" in read;
  return known && typeof read.version === "string" ? read.version : "unknown";
}
