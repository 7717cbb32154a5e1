import type { Language } from "../nouns/language.ts";
import { compileRedFlags, matchRedFlag, type RedFlagRule } from "../red-flags/match-red-flag.ts";
import { normalise } from "../text/normalise.ts";
import { compileFaq } from "./compile-faq.ts";
import { type CompiledFlow, compileFlow, withTypes } from "./compile-flow.ts";
import { compileTemplates } from "./compile-templates.ts";
import { buttonNames, countryWords, dateWords, languageNames, languageWords } from "./compile-words.ts";
import { checkEngineWords } from "./engine-words.ts";
import {
  commandsSchema,
  factsSchema,
  redFlagsSchema,
  reminderSchema,
  sourcesSchema,
} from "./file-schemas.ts";
import { movesOf } from "./moves.ts";
import type { Command, Program, ReminderKind, Step } from "./program.ts";
import { flowFile, needWords, type Reading, readFile, textsIn, wordsAt } from "./reading.ts";
import { checkReferences, checkSteps } from "./references.ts";
import { shortHash } from "./short-hash.ts";
import { type Issue, issueAt, type Source, type SourceFile, textsOf, valueAt } from "./source.ts";
import { typesIn } from "./value-types.ts";

/** The program, unless an issue is an error; and everything found wrong. */
export type Compiled = { readonly program: Program | undefined; readonly issues: readonly Issue[] };

/** Files in `flows/` that are not flows. */
const tables = new Set(["commands", "red-flags", "facts", "sources", "templates"]);

/** Whether a file below `flows/` (by name) is a conversation flow. */
export function isFlowFile(name: string): boolean {
  return !tables.has(name) && !name.startsWith("faq/") && !name.startsWith("reminders/");
}

/** Compiles everything under `flows/` and `locales/`. Pure; never throws for what stands in the files. */
export function compile(source: Source): Compiled {
  const reading: Reading = { source, languages: languagesOf(source), issues: [] };
  const files = [...source.flows].filter(([name]) => isFlowFile(name));
  const flows = files.flatMap(([name, file]) => compileFlow(reading, name, file) ?? []);
  const program = assemble(reading, flows);
  checkEngineWords(reading);
  for (const flow of flows) checkSteps(reading, flow);
  // Where a flow could not be read, all that leads to it would seem wrong too.
  if (program !== undefined && flows.length === files.length) checkReferences(reading, program, flows);
  const failed = reading.issues.some(({ level }) => level === "error");
  return { program: failed ? undefined : program, issues: reading.issues };
}

/** The languages in the order people are offered them: `profile.json`'s `order`, then by tag. */
function languagesOf(source: Source): readonly Language[] {
  const order = (language: Language) => {
    const at = valueAt(source.locales.get(language)?.get("profile")?.data, ["order"]);
    return typeof at === "number" ? at : Number.MAX_SAFE_INTEGER;
  };
  return [...source.locales.keys()].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
}

function assemble(reading: Reading, flows: readonly CompiledFlow[]): Program | undefined {
  const commands = compileCommands(reading);
  const sources = table(reading, "sources", sourcesSchema)?.sources;
  const facts = table(reading, "facts", factsSchema)?.facts;
  const templates = compileTemplates(reading);
  const redFlags = compileFlags(reading);
  const faq = compileFaq(reading, new Map(Object.entries(facts ?? {})));
  const reminders = compileReminders(reading);
  if (
    commands === undefined ||
    sources === undefined ||
    facts === undefined ||
    templates === undefined ||
    redFlags === undefined ||
    faq === undefined ||
    reminders === undefined
  )
    return undefined;
  const names = languageNames(reading);
  const compiled = new Map(flows.map(({ flow }) => [flow.id, flow]));
  const untyped = flows.flatMap(({ steps }) => steps);
  const typeOf = typesIn({ flows: compiled, steps: new Map(untyped.map((step) => [step.place, step])) });
  const steps = untyped.map((step) => withTypes(step, typeOf));
  return {
    hash: contentHash(reading.source),
    languages: reading.languages,
    flows: compiled,
    steps: new Map(steps.map((step) => [step.place, step])),
    moves: movesOf(flows),
    knownWords: knownWords(commands.commandWords, steps, redFlags.matcher),
    ...commands,
    buttonNames: buttonNames(reading),
    redFlags,
    faq,
    reminders,
    dateWords: dateWords(reading),
    countries: countryWords(reading.languages),
    languageNames: names,
    languageWords: languageWords(reading, names),
    sources: new Map(Object.entries(sources)),
    facts: new Map(Object.entries(facts)),
    templates,
    topics: [],
  };
}

/** Every short word of our own that people are expected to write, judged once. */
function knownWords(
  commandWords: ReadonlyMap<string, string>,
  steps: readonly Step[],
  matcher: Program["redFlags"]["matcher"],
): Program["knownWords"] {
  const words = [
    ...commandWords.keys(),
    ...steps.flatMap((step) => (step.kind === "ask" ? [...step.accept.keys()] : [])),
  ];
  return new Map([...new Set(words)].map((word) => [word, matchRedFlag(matcher, word)]));
}

function table<T>(reading: Reading, name: string, schema: Parameters<typeof readFile<T>>[2]): T | undefined {
  const file = flowFile(reading, name);
  return file === undefined ? undefined : readFile(reading, file, schema);
}

function contentHash(source: Source): string {
  const flows = [...source.flows].map(([name, { data }]) => name + JSON.stringify(data));
  const words = [...source.locales].flatMap(([language, files]) =>
    [...files].map(([name, { data }]) => language + name + JSON.stringify(data)),
  );
  return shortHash(...[...flows, ...words].sort());
}

function compileCommands(
  reading: Reading,
): Pick<Program, "commands" | "commandWords" | "commandLanguages" | "commandMenu"> | undefined {
  const read = table(reading, "commands", commandsSchema);
  if (read === undefined) return undefined;
  const commandWords = new Map<string, string>();
  const commandLanguages = new Map<string, readonly Language[]>();
  for (const name of Object.keys(read.commands)) {
    needWords(reading, `commands:${name}.label`);
    needWords(reading, `commands:${name}.description`);
    for (const { word, language } of calledBy(reading, name)) {
      const normal = normalise(word);
      if (!commandWords.has(normal)) commandWords.set(normal, name);
      commandLanguages.set(normal, [...(commandLanguages.get(normal) ?? []), language]);
    }
  }
  return {
    commands: new Map<string, Command>(Object.entries(read.commands)),
    commandWords,
    commandLanguages,
    commandMenu: read.menu,
  };
}

/** The words for a command, each with its language; in all languages the words before the labels. */
function calledBy(reading: Reading, name: string) {
  return ["words", "label"].flatMap((field) =>
    reading.languages.flatMap((language) =>
      textsIn(reading, language, `commands:${name}.${field}`).map((word) => ({ word, language })),
    ),
  );
}

function compileFlags(reading: Reading): Program["redFlags"] | undefined {
  const flags = table(reading, "red-flags", redFlagsSchema)?.flags;
  if (flags === undefined) return undefined;
  const rules = flags.flatMap(({ id }): RedFlagRule[] => {
    needWords(reading, `red-flags:${id}.card`);
    return reading.languages.map((language) => ({
      id,
      language,
      patterns: textsOf(wordsAt(reading, language, `red-flags:${id}.patterns`)),
      unless: textsOf(wordsAt(reading, language, `red-flags:${id}.unless`)),
    }));
  });
  const matcher = compileRedFlags(rules);
  for (const { id, language, pattern, problem } of matcher.problems) {
    const file = reading.source.locales.get(language)?.get("red-flags");
    if (file !== undefined)
      reading.issues.push(
        issueAt(
          file,
          [id, "patterns"],
          `the pattern \`${pattern}\` can't be read (${problem})`,
          "see docs/authoring.md for what patterns may hold",
        ),
      );
  }
  return {
    matcher,
    urgent: new Map(flags.map(({ id, urgent }) => [id, urgent])),
    handsOver: new Set(flags.filter((flag) => flag["hand-over"]).map(({ id }) => id)),
  };
}

/** The kinds of reminders; nothing where one could not be read. */
function compileReminders(reading: Reading): Program["reminders"] | undefined {
  const files = [...reading.source.flows].filter(([name]) => name.startsWith("reminders/"));
  const kinds = files.flatMap(([name, file]) => compileReminder(reading, name, file) ?? []);
  return kinds.length < files.length ? undefined : new Map(kinds.map((kind) => [kind.kind, kind]));
}

const datedWords = ["before_one", "before_other", "today", "after"];
const recurringWords = ["again"];

function compileReminder(reading: Reading, name: string, file: SourceFile): ReminderKind | undefined {
  const read = readFile(reading, file, reminderSchema);
  if (read === undefined) return undefined;
  if ((read.ladder === undefined) === (read.every === undefined)) {
    reading.issues.push(
      issueAt(file, [], "a reminder has either a ladder or `every`", "give it exactly one of the two"),
    );
  }
  for (const key of read.every === undefined ? datedWords : recurringWords)
    needWords(reading, `${read.words === undefined ? name : `reminders/${read.words}`}:${key}`);
  for (const key of ["title", "about"]) needWords(reading, `${name}:${key}`);
  return { ...read, kind: name.slice("reminders/".length) };
}
