import type { Command } from "commander";
import type { AdminRequest } from "../app/admin.ts";
import { type Done, haveDone } from "./carry-out.ts";
import { CommandFailed } from "./command-failed.ts";
import { broadcastNumber, inputNumber, languageFile, languageText, type Texts } from "./option-values.ts";
import { show } from "./show.ts";

type Json = { readonly json?: boolean };

/** Adds the commands of organisations: they need the data, and a running server carries them out if there is one. */
export function addDeskCommands(program: Command): void {
  addOrganisations(
    program.command("org").description("organisations that may speak through the bot: add, list"),
  );
  addTopics(program.command("topic").description("topics that people can subscribe to: add, list"));
  addBroadcasts(program.command("broadcast").description("messages to a topic's subscribers: send, status"));
  addInbox(program);
  addCases(program);
}

function addOrganisations(org: Command): void {
  const add = org
    .command("add")
    .description("add an organisation")
    .argument("<id>", "lower-case words joined by hyphens")
    .requiredOption("--name <text>", "the name that people see");
  carriesOut(add, 'parwana org add helpline --name "Parole Helpline"').action(
    async (id: string, options: Json & { readonly name: string }) => {
      await showDone({ command: "org add", id, name: options.name }, options);
    },
  );
  const list = carriesOut(
    org.command("list").description("list the organisations"),
    "parwana org list --json",
  );
  list.action((options: Json) => showDone({ command: "org list" }, options));
}

type TopicOptions = Json & { readonly org?: string; readonly topic?: string; readonly title: Texts };

function addTopics(topic: Command): void {
  const add = topic
    .command("add")
    .description("add a topic of an organisation; people are offered it at once")
    .usage("[options] <org> <topic>")
    .argument(
      "[names...]",
      "the organisation's id, and one for the topic: lower-case words joined by hyphens",
    )
    .option("--org <id>", "the organisation, where it is not the first argument")
    .option("--topic <id>", "the topic, where it is not the last argument")
    .requiredOption(
      "--title <language=text>",
      "what the topic is called, once for each language; en at least",
      languageText,
    );
  carriesOut(add, 'parwana topic add helpline news --title en="Parole news" --title es="Noticias"').action(
    async (names: readonly string[], options: TopicOptions) => {
      const { organisation, topic: name } = topicNames(add, names, options);
      await showDone({ command: "topic add", organisation, topic: name, titles: options.title }, options);
    },
  );
  const list = carriesOut(topic.command("list").description("list the topics"), "parwana topic list");
  list.action((options: Json) => showDone({ command: "topic list" }, options));
}

/** The organisation and the topic, each from its option or from the arguments in this order. */
function topicNames(command: Command, names: readonly string[], options: TopicOptions) {
  const left = [...names];
  const organisation = options.org ?? left.shift();
  const topic = options.topic ?? left.shift();
  if (organisation === undefined || topic === undefined || left.length > 0) {
    const mend = "Write them like: parwana topic add helpline news";
    return command.error(`error: one organisation and one topic are needed. ${mend}`);
  }
  return { organisation, topic };
}

type SendOptions = Json & {
  readonly org: string;
  readonly topic: string;
  readonly text?: Texts;
  readonly textFile?: Texts;
  readonly dryRun?: boolean;
};

function addBroadcasts(broadcast: Command): void {
  const send = broadcast
    .command("send")
    .description("send a message to the people who subscribed to a topic, each in their language")
    .requiredOption("--org <id>", "the organisation that speaks")
    .requiredOption("--topic <id>", "the topic whose subscribers get it")
    .option("--text <language=text>", "the message, once for each language", languageText)
    .option("--text-file <language=path>", "the message in a text file, once for each language", languageFile)
    .option(
      "--dry-run",
      "only count who would get it: now, by template, or not and why; in which language; the seconds it would take",
    );
  carriesOut(
    send,
    'parwana broadcast send --org helpline --topic news --text en="Closed on Friday." --dry-run',
    "parwana broadcast send --org helpline --topic news --text-file en=en.txt --text-file fa-AF=dari.txt",
  ).action((options: SendOptions) => sendBroadcast(send, options));
  const status = broadcast
    .command("status")
    .description("count what became of a broadcast: queued, sent, delivered, read, failed by reason")
    .argument("<id>", "the number that `broadcast send` printed", broadcastNumber);
  carriesOut(status, "parwana broadcast status 7012345678901").action((id: number, options: Json) =>
    showDone({ command: "broadcast status", id }, options),
  );
}

async function sendBroadcast(command: Command, options: SendOptions): Promise<void> {
  const { org: organisation, topic, dryRun = false } = options;
  const texts = bothTexts(command, options);
  const request = { command: "broadcast send", organisation, topic, texts, dryRun } as const;
  const { result, by } = await doAndShow(request, options);
  if (dryRun && JSON.stringify(result).includes('"template-unknown"')) process.stderr.write(unknownTemplates);
  const [instead] = Object.keys(texts);
  if (texts["en"] === undefined)
    process.stderr.write(`No text in English: who has none in their language gets the \`${instead}\` one.\n`);
  if (dryRun) return;
  const when = by === "alone" ? "No server is running: it leaves when one starts. " : "";
  process.stderr.write(
    `Queued. ${when}\`parwana broadcast status\` with this number shows what becomes of it.\n`,
  );
}

const unknownTemplates =
  "template-unknown: nobody has yet asked WhatsApp whether it has approved the templates for these people. A server does, after its start.\n";

function bothTexts(command: Command, { text = {}, textFile = {} }: SendOptions): Texts {
  const twice = Object.keys(text).find((language) => Object.hasOwn(textFile, language));
  if (twice !== undefined) {
    return command.error(`error: \`${twice}\` is given by --text and by --text-file: keep one of the two`);
  }
  const texts = { ...text, ...textFile };
  if (Object.keys(texts).length > 0) return texts;
  return command.error("error: there is no message. Give it with --text en=… or --text-file en=path");
}

function addCases(program: Command): void {
  const case_ = program.command("case").description("people who asked for a person: list");
  carriesOut(
    case_.command("list").description("list them: since when and why; never who, or what was written"),
    "parwana case list --json",
  ).action((options: Json) => showDone({ command: "case list" }, options));
}

type ReplayOptions = Json & { readonly all?: boolean; readonly late?: boolean };

function addInbox(program: Command): void {
  const inbox = program
    .command("inbox")
    .description("inputs that could not be handled and were set aside: list, replay");
  carriesOut(
    inbox
      .command("list")
      .description("list them: when, where, how often tried and why; never what was written"),
    "parwana inbox list",
  ).action((options: Json) => showDone({ command: "inbox list" }, options));
  const replay = inbox
    .command("replay")
    .description(
      "handle one of them, or all, once more: after what was wrong is mended; exit code 1 if any stays",
    )
    .argument("[id]", "the number that `inbox list` shows", inputNumber)
    .option("--all", "all of them, the oldest first")
    .option("--late", "also where the person has gone on, and the words might answer another question");
  carriesOut(replay, "parwana inbox replay 7012345678901", "parwana inbox replay --all").action(
    (id: number | undefined, options: ReplayOptions) => replayInbox(replay, id, options),
  );
}

async function replayInbox(command: Command, id: number | undefined, options: ReplayOptions): Promise<void> {
  const { all = false, late = false } = options;
  if (all === (id !== undefined)) {
    command.error("error: say which: a number that `parwana inbox list` shows, or --all for all of them");
  }
  const { result, by } = await haveDone({
    command: "inbox replay",
    ...(id === undefined ? {} : { id }),
    late,
  });
  process.stdout.write(show(result, options.json === true));
  const results = Array.isArray(result) ? result.map(resultOf) : [];
  if (results.length === 0) process.stderr.write("There are none.\n");
  if (by === "alone" && results.includes("handled")) {
    process.stderr.write("No server is running: answers leave when one starts.\n");
  }
  const stay = staying(results);
  if (stay !== "") throw new CommandFailed(stay);
}

function resultOf(replayed: unknown): unknown {
  return typeof replayed === "object" && replayed !== null && "result" in replayed
    ? replayed.result
    : undefined;
}

/** What to say of those that are still set aside; empty where there are none. */
function staying(results: readonly unknown[]): string {
  const count = (wanted: string) => results.filter((result) => result === wanted).length;
  const [failed, left] = [count("failed-again"), count("left")];
  const lines = [
    failed > 0 && `${failed} failed again and stay set aside: \`parwana inbox list\` says why.`,
    left > 0 && `${left} left, because the person has gone on to another question: --late replays them too.`,
  ];
  return lines.filter((line) => line !== false).join("\n");
}

/** What these commands have in common: `--json`, and examples. */
function carriesOut(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `  $ npx ${example}`).join("\n");
  return command
    .option("--json", "print the result as JSON")
    .addHelpText("after", `\nExample${examples.length === 1 ? "" : "s"}:\n${lines}`);
}

async function doAndShow(request: AdminRequest, { json = false }: Json): Promise<Done> {
  const done = await haveDone(request);
  const { result } = done;
  process.stdout.write(show(result, json));
  if (Array.isArray(result) && result.length === 0 && !json) process.stderr.write("There are none.\n");
  return done;
}

async function showDone(request: AdminRequest, options: Json): Promise<void> {
  await doAndShow(request, options);
}
