import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { parwana } from "../../src/cli/program.ts";
import { run } from "../../src/cli/run.ts";
import { Workplace } from "./command.ts";

const place = new Workplace();
afterAll(() => place.remove());
afterEach(() => vi.restoreAllMocks());

const commands = [
  "start",
  "check",
  "publish",
  "facts",
  "entries",
  "locales stamp",
  "locales export",
  "locales import",
  "schemas",
  "ask",
  "draw",
  "play",
  "org add",
  "org list",
  "topic add",
  "topic list",
  "broadcast send",
  "broadcast status",
  "inbox list",
  "inbox replay",
  "case list",
  "store move",
  "backup",
  "restore",
];

function leaves(command: Command, name = ""): readonly (readonly [name: string, command: Command])[] {
  return command.commands.flatMap((sub) => {
    const full = `${name} ${sub.name()}`.trim();
    return sub.commands.length === 0 ? [[full, sub] as const] : leaves(sub, full);
  });
}

function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

describe("help", () => {
  it("knows these commands and no others", () => {
    expect(leaves(parwana()).map(([name]) => name)).toEqual(commands);
  });

  it("names every command at the top, and shows each in an example of its own", () => {
    const top = helpOf(parwana());
    for (const [name, command] of leaves(parwana())) {
      const [first = "", second = ""] = name.split(" ");
      expect(top).toMatch(new RegExp(`^ {2}${first}\\b.*${second}`, "m"));
      const help = helpOf(command);
      expect(help).toMatch(new RegExp(`\\$ .*parwana ${name}`));
      expect(command.description()).not.toBe("");
    }
  });
});

/** Every command and group, the program itself first, with its name. */
function all(command: Command, name = ""): readonly (readonly [name: string, command: Command])[] {
  return [[name, command], ...command.commands.flatMap((sub) => all(sub, `${name} ${sub.name()}`.trim()))];
}

/** The lines that a command's help gives to copy. */
const examplesOf = (command: Command) =>
  [...helpOf(command).matchAll(/^ {2}\$ (.*)$/gm)].map(([, line = ""]) => line);

/** What a shell would hand to `parwana`: without variables before it, and what is behind > < or |. */
function argumentsIn(line: string): readonly string[] {
  const [, after = ""] = / parwana (.*)$/.exec(line) ?? [];
  return [...after.replace(/ [<>|] .*$/, "").matchAll(/(?:"[^"]*"|\$\([^)]*\)|[^\s"])+/g)].map(([word]) =>
    word.replaceAll('"', ""),
  );
}

/** A program that only reads what it is given: nothing is carried out. */
function readingOnly(): Command {
  const program = parwana();
  for (const [, command] of leaves(program)) command.action(() => {});
  return program;
}

describe("examples", () => {
  const file = join(place.folder, "message.txt");
  writeFileSync(file, "Closed on Friday.");

  it.each(all(parwana()))(
    "stand in the help of every command and every group: parwana %s",
    (name, command) => {
      const examples = examplesOf(command);
      expect(examples.length).toBeGreaterThan(0);
      for (const line of examples) expect(line).toMatch(new RegExp(`\\bnpx parwana ${name}`));
    },
  );

  it.each(all(parwana()).filter(([name, { commands }]) => name !== "" && commands.length > 0))(
    "of a group show each of its commands: parwana %s",
    (name, command) => {
      const shown = examplesOf(command).join("\n");
      for (const sub of command.commands) {
        expect(shown).toMatch(new RegExp(`parwana ${name} ${sub.name()}\\b`));
      }
    },
  );

  const lines = [...new Set(all(parwana()).flatMap(([, command]) => examplesOf(command)))];
  it.each(lines)("work as they are written: %s", async (line) => {
    const args = argumentsIn(line).map((arg) => arg.replace(/=[\w-]+\.txt$/, `=${file}`));
    expect(args.length).toBeGreaterThan(0);
    const said = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    await readingOnly().parseAsync(args, { from: "user" });
    expect(said).not.toHaveBeenCalled();
  });
});

describe("wrong usage", () => {
  const broken = join(place.folder, "broken.txt");
  writeFileSync(broken, Uint8Array.of(0xff, 0xfe, 0x00));
  const send = ["broadcast", "send", "--org", "helpline", "--topic", "news"];
  const cases: readonly (readonly [args: readonly string[], words: readonly string[]])[] = [
    [[], ["Usage: parwana"]],
    [["org"], ["Usage: parwana org"]],
    [["sart"], ["unknown command 'sart'", "start"]],
    [["org", "add", "helpline"], ["--name"]],
    [["org", "add", "--name", "Helpline"], ["'id'"]],
    [
      ["org", "list", "--josn"],
      ["--josn", "--json"],
    ],
    [["topic", "add", "helpline", "news"], ["--title"]],
    [["topic", "add", "helpline", "--title", "en=News"], ["one organisation and one topic"]],
    [["topic", "add", "a", "b", "c", "--title", "en=News"], ["one organisation and one topic"]],
    [
      ["topic", "add", "a", "b", "--title", "News"],
      ["--title", "en="],
    ],
    [
      ["topic", "add", "a", "b", "--title", "en=News", "--title", "en=News"],
      ["--title", "`en` is given twice"],
    ],
    [["broadcast", "send", "--org", "helpline", "--text", "en=Hi"], ["--topic"]],
    [send, ["--text", "--text-file"]],
    [
      [...send, "--text", "=Hi"],
      ["--text", "en="],
    ],
    [
      [...send, "--text-file", "en=/nowhere/at/all"],
      ["--text-file", "ENOENT", "path"],
    ],
    [
      [...send, "--text-file", `en=${broken}`],
      ["--text-file", "UTF-8"],
    ],
    [
      [...send, "--text-file", `en=${join(place.folder, "..")}`],
      ["--text-file", "can't be read"],
    ],
    [
      ["broadcast", "status", "last"],
      ["'last'", "broadcast send"],
    ],
    [["broadcast", "status", "99999999999999999999"], ["broadcast send"]],
    [
      ["facts", "--due", "soon"],
      ["--due", "30d"],
    ],
    [["locales", "stamp", "en"], ["`en`"]],
  ];

  it.each(cases)("parwana %j says what is wrong and gives 2", async (args, words) => {
    let said = "";
    const hear = (text: string | Uint8Array) => {
      said += String(text);
      return true;
    };
    vi.spyOn(process.stderr, "write").mockImplementation(hear);
    const result = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    expect(await run(args)).toBe(2);
    for (const word of words) expect(said).toContain(word);
    expect(said).not.toMatch(/^ +at /m);
    expect(result).not.toHaveBeenCalled();
  });

  it("reaches the shell as exit code 2", async () => {
    expect(await place.run(["org", "remove"])).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("the environment", () => {
  it("lists every variable that can't be used, without its value", async () => {
    vi.stubEnv("TELEGRAM_BOT_TOKEN", "not-a-token");
    vi.stubEnv("PORT", "high");
    const write = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    expect(await run(["org", "list"])).toBe(1);
    const said = write.mock.calls.map(([text]) => String(text)).join("");
    expect(said).toMatch(/^ {2}TELEGRAM_BOT_TOKEN is no bot token/m);
    expect(said).toMatch(/^ {2}PORT has to be/m);
    expect(said).not.toContain("not-a-token");
    vi.unstubAllEnvs();
  });

  it("refuses an older Node in one sentence", async () => {
    const pretend = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"22.20.0"}})`;
    const ran = await place.run(["--help"], ["--import", pretend]);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(/^Parwana needs Node 24 or newer, this is 22\.20\.0\. .*\n$/);
  });
});
