import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { channelWords } from "../content/channel-words.ts";
import { formatIssues } from "../content/format-issues.ts";
import { compileContent } from "../content/load.ts";
import { readYaml } from "../content/read-yaml.ts";
import { makeTranslator } from "../content/translator.ts";
import type { Ms } from "../core/nouns/time.ts";
import { goldenText } from "../play/golden.ts";
import { openPhone, type PlayedChannel } from "../play/phone.ts";
import { Player } from "../play/player.ts";
import { type Script, type ScriptTurn, scriptOf, scriptText } from "../play/script.ts";
import type { Reasons } from "../play/why.ts";
import { CommandFailed } from "./command-failed.ts";
import { knownName } from "./known-names.ts";
import { readText } from "./read-text.ts";

export type PlayOptions = {
  readonly content: string;
  readonly flow: string | undefined;
  /** Undefined: the welcome asks for it. */
  readonly locale: string | undefined;
  readonly channel: PlayedChannel;
  readonly now: Ms;
  readonly script: string | undefined;
  /** Where golden conversations are kept. */
  readonly saveTo: string;
};

/** How lines come in and go out. */
export type Terminal = {
  /** Lines as they are typed; what is shown meanwhile goes through `write`. */
  readonly lines: AsyncIterable<string>;
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
};

/** Plays a conversation: a script to its end, or what is typed until `:quit` or the end of the input. */
export async function play(options: PlayOptions, terminal: Terminal): Promise<void> {
  const content = loaded(options.content);
  const { languages, flows } = content.program;
  if (options.locale !== undefined) knownName("language", options.locale, languages);
  if (options.flow !== undefined) knownName("flow", options.flow, [...flows.keys()].sort());
  const plan = planOf(options);
  const phone = await openPhone(options.channel, channelWords(content));
  try {
    const player = new Player({
      reasons: content,
      phone,
      now: plan.now,
      language: options.locale ?? "en",
      topics: plan.topics,
      styled: terminal.isTerminal,
      echo: !terminal.isTerminal || options.script !== undefined,
      save: (name, about, script) =>
        save(content, options.saveTo, name, { ...script, about, topics: plan.topics }),
    });
    await run(player, plan, terminal);
  } finally {
    await phone.close();
  }
}

/** What runs can be played, so that one can look at what does not pass the check yet. */
function loaded(root: string): Reasons {
  const content = compileContent(root);
  if ("issues" in content) throw new CommandFailed(formatIssues(content.issues));
  return { ...content, translator: makeTranslator(content.source) };
}

/** What is to be played: turns that are written down, or a beginning and then lines. */
type Plan = {
  readonly now: Ms;
  readonly topics: Script["topics"];
  /** Not shown but for its last one. */
  readonly beginning: readonly ScriptTurn[];
  readonly turns: readonly ScriptTurn[];
  /** Undefined: what is typed. */
  readonly lines: readonly string[] | undefined;
};

function planOf(options: PlayOptions): Plan {
  const { script, flow, now } = options;
  const beginning = beginningOf(options);
  if (script === undefined) return { now, topics: [], beginning, turns: [], lines: undefined };
  const text = readText(script);
  if (!/\.ya?ml$/.test(script)) return { now, topics: [], beginning, turns: [], lines: text.split(/\r?\n/) };
  if (flow !== undefined) throw new CommandFailed("A script in YAML begins where it says: give no flow.", 2);
  const { turns, topics, now: written } = scriptIn(script, text);
  return { now: Date.parse(written), topics, beginning: [], turns, lines: [] };
}

/** The way to where playing begins: the welcome, the language, the flow. */
function beginningOf({ locale, flow }: PlayOptions): readonly ScriptTurn[] {
  const chosen: readonly ScriptTurn[] =
    locale === undefined && flow === undefined ? [] : [{ tap: "{language}" }];
  return [{ start: "" }, ...chosen, ...(flow === undefined ? [] : [{ open: flow }])];
}

function scriptIn(path: string, text: string): Script {
  try {
    return scriptOf(readYaml(text).data);
  } catch (error) {
    throw new CommandFailed(`${path} is no script: ${error instanceof Error ? error.message : ""}`);
  }
}

async function run(player: Player, { beginning, turns, lines }: Plan, terminal: Terminal): Promise<void> {
  const show = (shown: readonly string[]) => terminal.write(shown.map((line) => `${line}\n`).join(""));
  try {
    show(await player.begin(beginning));
    for (const turn of turns) show(await player.take(turn));
    await typed(player, lines ?? terminal.lines, lines !== undefined, show);
  } catch (error) {
    throw error instanceof Error ? new CommandFailed(error.message) : error;
  }
}

async function typed(
  player: Player,
  lines: Iterable<string> | AsyncIterable<string>,
  isWritten: boolean,
  show: (lines: readonly string[]) => void,
): Promise<void> {
  for await (const line of lines) {
    // Commands are not part of the conversation: in a transcript they would not be seen otherwise.
    if (isWritten && line.trim().startsWith(":")) show([`> ${line.trim()}`]);
    const shown = await player.type(line);
    if (shown === undefined) return;
    show(shown);
  }
}

const saveName = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Writes a golden conversation: the script, and what is said in each language. Nothing is written over. */
function save(content: Reasons, folder: string, name: string, script: Script): readonly string[] {
  if (!saveName.test(name)) return ["Write a name of small letters, digits and dashes: :save first-visit"];
  const path = join(folder, "scripts", `${name}.yaml`);
  if (existsSync(path)) return [`${path} is there already: choose another name.`];
  try {
    const golden = content.program.languages.map(
      (language) =>
        [join(folder, "golden", language, `${name}.txt`), goldenText(content, script, language)] as const,
    );
    const files = [[path, scriptText(script)] as const, ...golden];
    for (const [file, text] of files) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return files.map(([file]) => `saved ${file}`);
  } catch (error) {
    return [`It can't be saved: ${error instanceof Error ? error.message : "unknown"}`];
  }
}
