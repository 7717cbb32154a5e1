import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { run } from "../../src/cli/run.ts";
import { type Content, compileContent, loadContent } from "../../src/content/load.ts";
import { makeTranslator } from "../../src/content/translator.ts";
import { Conversation } from "../../src/play/conversation.ts";
import { goldenText } from "../../src/play/golden.ts";
import { tree } from "../content/tree.ts";
import { readScript } from "../conversations/player.ts";
import { withFlows } from "../core/lab.ts";
import { projectRoot } from "../project-root.ts";

// Twilio's SDK is large: on a busy machine the first load of it takes a while.
vi.setConfig({ testTimeout: 60_000 });

// The content is read once for all: it takes half a second, and nothing changes it.
vi.mock("../../src/content/load.ts", async (original) => {
  const there = await original<typeof import("../../src/content/load.ts")>();
  const known = new Map<string, ReturnType<typeof there.compileContent>>();
  return {
    ...there,
    compileContent(root: string) {
      const content = known.get(root) ?? there.compileContent(root);
      known.set(root, content);
      return content;
    },
  };
});

afterEach(() => vi.restoreAllMocks());

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "parwana-play-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

async function ran(args: readonly string[]) {
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    });
  }
  const code = await run(["play", ...args]);
  return { code, ...said };
}

function shipped(): Content {
  const content = compileContent(projectRoot);
  if ("issues" in content) throw new Error("the content can't be used");
  return { ...content, translator: makeTranslator(content.source), warnings: [] };
}

const now = ["--now", "2026-11-23T10:00:00Z"];

/** Plays lines as they would be typed, and gives what was shown; fails with what went wrong. */
async function played(
  lines: readonly string[],
  args: readonly string[] = [],
  content: readonly string[] = [],
): Promise<string> {
  const script = join(folder(), "lines.txt");
  writeFileSync(script, lines.join("\n"));
  const { code, stdout, stderr } = await ran([...args, ...now, ...content, "--script", script]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

/** Ids are written and looked at, no words: those are for others to change. */
const menu = ["--locale", "en"];

/** A reminder of a parole date. */
const reminder = (date: string) => [
  ":open reminder-set",
  ":tap papers",
  ":tap parole-expiry",
  "me",
  ":tap kabul",
  date,
  ":tap yes",
];
const dated = reminder("2027-06-03");
/** A reminder every two weeks. */
const recurring = [":open reminder-set", ":tap check-your-status", "me", ":tap kabul"];

const controls = /[\u2066-\u2069]/g;
const balanced = (text: string) =>
  text.split("\n").every((line) => {
    const marks = line.match(controls) ?? [];
    return marks.filter((mark) => mark === "\u2069").length * 2 === marks.length;
  });

describe("a script of typed lines", () => {
  const lines = [...dated, ":state"];

  it.each([
    ["en", "telegram"],
    ["en", "whatsapp"],
    ["fa-AF", "telegram"],
    ["fa-AF", "whatsapp"],
  ])("is played in %s on %s", async (locale, channel) => {
    const shown = await played(lines, ["--locale", locale, "--channel", channel]);
    expect(shown).toContain("> \u2068[parole-expiry]\u2069");
    expect(shown).toContain(`language: ${locale}`);
    expect(shown).toContain("place: menu:choose");
    expect(shown).toMatch(/^reminder: .*"date":"2027-06-03"/m);
    expect(shown).toMatch(/^scheduled: r1 2026-12-05T04:30:00\.000Z$/m);
    expect(balanced(shown)).toBe(true);
  });

  it("shows what each channel would show: WhatsApp has a list where Telegram has a keyboard", async () => {
    const [telegram, whatsapp] = [
      await played([], ["--locale", "en"]),
      await played([], ["--locale", "en", "--channel", "whatsapp"]),
    ];
    const label = "[\u2068Choose\u2069]";
    expect(telegram).not.toContain(label);
    expect(telegram).toMatch(/^\[\u2068\d\u2069 .*\] \[\u2068\d\u2069 .*\]$/m);
    expect(whatsapp).toContain(label);
    expect(whatsapp).toMatch(/^ {2}\[\u20681\u2069 .*\]$/m);
  });

  it("begins each right-to-left line as one, and no other", async () => {
    const shown = await played(["1"], ["--locale", "ps"]);
    const [, ...turns] = shown.split(/^> .*$/m);
    const said = turns
      .join("")
      .split("\n")
      .filter((line) => line !== "");
    expect(said.length).toBeGreaterThan(5);
    for (const line of said) expect(line).toMatch(/^\u200f/);
    expect(await played(["1"], menu)).not.toContain("\u200f");
  });
});

describe("a golden conversation as a script", () => {
  it.each(["en", "es"])("is played in %s to its end", async (locale) => {
    const script = join(projectRoot, "tests/conversations/scripts/reminder-parole-expiry.yaml");
    const { code, stdout } = await ran(["--script", script, "--locale", locale]);
    expect(code).toBe(0);
    expect(stdout).toContain(`> \u2068[${locale}]\u2069`);
    expect(stdout.match(/r1 falls due\)$/gm)).toHaveLength(3);
    expect(stdout.trimEnd().split("\n").length).toBeGreaterThan(40);
  });
});

describe("a number", () => {
  it.each(["1", "۱"])("%s picks a button", async (one) => {
    const shown = await played([one, ":state"], ["screening/start", ...menu]);
    expect(shown).toMatch(/^> \u2068\[[a-z-]+\]\u2069$/m);
    expect(shown).toMatch(/^answer: screening\/start:danger = [a-z-]+$/m);
  });

  it("is an answer where a number is asked for, and words where there is no such button", () => {
    const flow = { start: "age", steps: { age: { kind: "ask", answer: { kind: "number" }, next: "age" } } };
    const { program } = withFlows(shipped(), { years: flow }, { years: { age: { text: "How old?" } } });
    const talk = new Conversation(program, { now: 0, language: "en" });
    for (const turn of [{ start: "" }, { tap: "en" }]) talk.take(turn);
    expect(talk.buttonByNumber("1")).toMatch(/^a:/);
    expect(talk.buttonByNumber("99")).toBeUndefined();
    // So a phone number begins.
    expect(talk.buttonByNumber("+1")).toBeUndefined();
    talk.take({ open: "years" });
    expect(talk.buttonByNumber("1")).toBeUndefined();
  });
});

describe("commands", () => {
  it(":back shows the question before", async () => {
    const shown = await played([":tap nobody", ":back", ":state"], ["screening/start", ...menu]);
    const [opened = "", , again = ""] = shown.split(/^> .*$\n/m).filter((turn) => turn.trim() !== "");
    const question = (text: string) => text.split("\n\n").at(-2);
    expect(question(again)).toBe(question(opened));
    expect(shown).toContain("place: screening/start:danger");
    expect(shown).not.toContain("answer: screening/start:danger");
  });

  it(":wait lets what falls due come, as a template where the window is closed", async () => {
    const lines = [...recurring, ":wait 14d", "hello"];
    const whatsapp = await played(lines, [...menu, "--channel", "whatsapp"]);
    const telegram = await played(lines, menu);
    const due = /^\(2026-12-\d\dT\S+: r1 falls due\)$/m;
    expect(telegram).toMatch(due);
    expect(whatsapp).toMatch(due);
    expect(telegram).not.toContain("that was a template");
    expect(whatsapp).toContain("that was a template");
    expect(telegram).toMatch(/^\(now 2026-12-07T/m);
  });

  it(":tap takes the buttons of a nudge by their numbers, as it was shown last", async () => {
    const shown = await played([...recurring, ":wait 14d", ":tap 1"], menu);
    expect(shown).toContain("[r:1:done]");
  });

  it(":tap takes the buttons of an answer above a question, which have letters", async () => {
    const shown = await played(
      ["how much does parole cost?", ":tap a", ":tap z"],
      ["screening/start", ...menu],
    );
    expect(shown).toMatch(/^> \u2068\[q:/m);
    expect(shown).toContain("There is no such button.");
  });

  it(":open opens a flow, and suggests the nearest of one that is not there", async () => {
    const shown = await played([":open remindrs", ":open reminders", ":state"], menu);
    expect(shown).toContain("did you mean `reminders`?");
    expect(shown).toMatch(/^place: reminders:/m);
  });

  it("others are told what there is, and :quit ends", async () => {
    const shown = await played([":what", ":wait long", ":quit", "never typed"], menu);
    expect(shown).toContain(":save <name>");
    expect(shown).toContain("3d, 12h or 30m");
    expect(shown).not.toContain("never typed");
  });
});

describe(":why", () => {
  it("tells the answers and steps, with their lines in the files", async () => {
    const shown = await played([":tap nobody", ":why"], ["screening/start", ...menu]);
    expect(shown).toMatch(/^Came in:\n {2}\[nobody\]$/m);
    expect(shown).toContain("  screening/start:danger = nobody");
    expect(shown).toMatch(/^ {2}screening\/start:detained \(ask\) flows\/screening\/start\.yaml:\d+$/m);
  });

  it("tells the row of a decision table, and a result's level", async () => {
    const shown = await played([...reminder("2026-12-01"), ":why"], menu);
    expect(shown).toMatch(/^ {4}row \d: day is from today to 30 days ahead → near$/m);
    expect(shown).toContain("shown: reminder-set:near, level lawyer-first");
  });

  it("tells the facts that were stated, with label, date and source", async () => {
    const shown = await played([...reminder("2026-11-01"), ":why"], menu);
    expect(shown).toContain("shown: reminder-set:past-parole, level lawyer-first");
    const line = /^ {2}(\S+) \[(\w+)\].*, as of (\S+), checked \S+, review by \S+; (.+) (https:\/\/\S+)$/m;
    const [, id = "", say, asOf, name, url] = line.exec(shown.split("Facts:")[1] ?? "") ?? [];
    const { facts, sources } = shipped().program;
    const fact = facts.get(id);
    expect(fact).toMatchObject({ say, "as-of": asOf });
    expect(sources.get(fact?.source ?? "")).toMatchObject({ name, url });
  });

  it("tells of a red flag", async () => {
    const shown = await played(["they will kill me", ":why"], ["screening/start", ...menu]);
    expect(shown).toMatch(/^ {2}red-flag rf-/m);
  });
});

describe(":save", () => {
  it("writes a golden conversation that passes in every language", async () => {
    const into = folder();
    const lines = [...dated, ":wait 20d", ":tap b", "hello", ":back", ":save a-date A date"];
    const shown = await played(lines, ["--locale", "fa-AF", "--channel", "whatsapp", "--save-to", into]);
    expect(shown).toMatch(/^saved .*a-date\.yaml$/m);
    const loaded = shipped();
    const script = readScript(join(into, "scripts/a-date.yaml"));
    expect(script).toMatchObject({ about: "A date", now: "2026-11-23T10:00:00.000Z" });
    expect(script.turns.slice(0, 2)).toEqual([{ start: "" }, { tap: "{language}" }]);
    expect(readdirSync(join(into, "golden")).sort()).toEqual([...loaded.program.languages].sort());
    for (const language of loaded.program.languages) {
      const golden = readFileSync(join(into, "golden", language, "a-date.txt"), "utf8");
      expect(goldenText(loaded, script, language)).toBe(golden);
      expect(golden).toContain("> (due r1)");
    }
  });

  it("writes nothing over, and nothing outside", async () => {
    const into = folder();
    const shown = await played(
      [":save one", ":save one", ":save ../two", ":save"],
      [...menu, "--save-to", into],
    );
    expect(shown.match(/^saved .*one\.yaml$/gm)).toHaveLength(1);
    expect(shown).toContain("is there already");
    expect(shown.match(/Write a name/g)).toHaveLength(2);
    expect(existsSync(join(into, "two.yaml"))).toBe(false);
  });
});

describe("wrong usage", () => {
  const yaml = join(projectRoot, "tests/conversations/scripts/menu.yaml");
  it.each([
    [["screening/strat"], 2, "did you mean `screening/start`?"],
    [["menu", "--locale", "fa"], 2, "no language `fa`"],
    [["--channel", "sms"], 2, "telegram, whatsapp"],
    [["--now", "tomorrow"], 2, "2026-11-23"],
    [["--now", "2026-13-45"], 2, "2026-11-23"],
    [["--script", "/nowhere/at/all"], 2, "ENOENT"],
    [["menu", "--script", yaml], 2, "give no flow"],
  ])("%j gives %i and says %s", async (args, code, words) => {
    expect(await ran(args)).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(words) });
  });

  it("names what is wrong with a script", async () => {
    const root = tree({
      "unknown.yaml": "about: x\nnow: 2026-11-23T10:00:00Z\nturns:\n  - jump: high\n",
      "lost.yaml": 'about: x\nnow: 2026-11-23T10:00:00Z\nturns:\n  - start: ""\n  - tap: nowhere\n',
    });
    const unknown = await ran(["--script", join(root, "unknown.yaml")]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("is no script") });
    const lost = await ran(["--script", join(root, "lost.yaml")]);
    expect(lost).toMatchObject({ code: 1, stderr: expect.stringContaining("no button ends with :nowhere") });
  });

  it("plays content that does not pass the check, as long as it runs", async () => {
    const root = folder();
    for (const part of ["flows", "locales"])
      cpSync(join(projectRoot, part), join(root, part), { recursive: true });
    const file = join(root, "locales/en/menu.json");
    const words = JSON.parse(readFileSync(file, "utf8"));
    const options = { ...words.choose.options, screening: "A label that is far too long for a button" };
    writeFileSync(file, JSON.stringify({ ...words, choose: { ...words.choose, options } }));
    expect(loadContent(root)).toHaveProperty("issues");
    expect(await played([], menu, ["--content", root])).toContain("A label that is far too long");
  });

  it("tells what is wrong with content that can't be played", async () => {
    const root = tree({ "flows/torn.yaml": "start: one\nsteps: {}\n" });
    const { code, stderr } = await ran(["--content", root]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\d+ errors/m);
  });
});
