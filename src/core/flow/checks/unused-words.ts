import { typedOptions } from "../compile-flow.ts";
import { nearest } from "../nearest.ts";
import type { Program, Step } from "../program.ts";
import { type Issue, isJsonObject, issueAt, type Json, type SourceFile, sourceLanguage } from "../source.ts";
import type { Check } from "./check.ts";

/** What may stand somewhere in a file of words: names with what may stand below each; `true`: whatever it is. */
type Allowed = { readonly [name: string]: Allowed | true };

/** Files of words that belong to no file of `flows/`; what the engine says of its own is not looked into. */
const ownFiles = new Set([
  "answers",
  "concepts",
  "conversation",
  "dates",
  "glossary",
  "playground",
  "profile",
]);
const sayWords = { heading: true, text: true, note: true } as const;

/**
 * Words that nobody will ever read or be understood by, in English (the other languages have what English has): of a step,
 * an option or an entry that is not there, or under a name that means nothing.
 */
export const unusedWords: Check = ({ source, program }) =>
  [...(source.locales.get(sourceLanguage) ?? [])].flatMap(([name, file]) => {
    if (ownFiles.has(name) || name.startsWith("phrasings/")) return [];
    const allowed = allowedIn(program, name);
    return allowed === undefined ? [ofNothing(file, name, program)] : unusedIn(file, file.data, allowed, []);
  });

function allowedIn(program: Program, name: string): Allowed | undefined {
  const table = tables[name];
  if (table !== undefined) return table(program);
  if (program.flows.has(name)) return wordsOfFlow(program, name);
  if (name.startsWith("faq/")) return wordsOfTopic(program, name.slice("faq/".length));
  return name.startsWith("reminders/")
    ? wordsOfReminder(program, name.slice("reminders/".length))
    : undefined;
}

const tables: Readonly<Record<string, (program: Program) => Allowed>> = {
  commands: ({ commands }) => each(commands.keys(), { label: true, description: true, words: true }),
  facts: ({ facts }) => each(facts.keys(), { statement: true, topic: true }),
  "red-flags": ({ redFlags }) => each(redFlags.urgent.keys(), { card: true, patterns: true, unless: true }),
  templates: ({ templates }) => each(Object.keys(templates), true),
};

function each(names: Iterable<string>, below: Allowed | true): Allowed {
  return Object.fromEntries([...names].map((name) => [name, below]));
}

function wordsOfFlow(program: Program, flow: string): Allowed {
  const steps = [...program.steps.values()].filter(({ inFlow }) => inFlow === flow);
  return {
    ...Object.fromEntries(steps.map((step) => [step.id, wordsOfStep(step)])),
    outcomes: each(program.flows.get(flow)?.outcomes.keys() ?? [], true),
  };
}

function wordsOfStep(step: Step): Allowed {
  switch (step.kind) {
    case "say":
    case "hand-over":
    case "forget":
      return sayWords;
    case "outcome":
      return { ...sayWords, none: true };
    case "ask":
      return wordsOfAsk(step);
    default:
      return {};
  }
}

function wordsOfAsk(step: Extract<Step, { kind: "ask" }>): Allowed {
  const labelled = step.buttons.flatMap(({ words }) => ("key" in words ? [words.key] : []));
  const shown = labelled
    .filter((key) => key.startsWith(`${step.place}.options.`))
    .map((key) => key.slice(`${step.place}.options.`.length));
  const options = [...shown, ...typedOptions(step)];
  const accepted = [
    ...options,
    ...labelled.flatMap((key) => /^answers:(.+)\.label$/.exec(key)?.[1] ?? []),
    "done",
  ];
  return {
    ...sayWords,
    help: true,
    about: true,
    options: each(options, true),
    accept: each(accepted, true),
  };
}

function wordsOfTopic(program: Program, topic: string): Allowed | undefined {
  const ids = program.faq.topics.get(topic);
  return ids === undefined
    ? undefined
    : { topic: true, ...each(ids, { title: true, label: true, short: true, more: true }) };
}

const nudgeWords = { before: true, today: true, after: true, title: true, again: true } as const;

/** A kind's own words, or those that kinds share. */
function wordsOfReminder(program: Program, name: string): Allowed | undefined {
  const kind = program.reminders.get(name);
  const shared = [...program.reminders.values()].some(({ words }) => words === name);
  if (kind === undefined && !shared) return undefined;
  const { title, ...dated } = nudgeWords;
  const own = kind?.words === undefined ? nudgeWords : { title };
  return { ...(shared ? dated : {}), ...(kind === undefined ? {} : { ...own, about: true }) };
}

/** What i18next puts behind a key for each plural form. */
const pluralEnding = /_(?:zero|one|two|few|many|other)$/;

function unusedIn(file: SourceFile, data: Json, allowed: Allowed, path: readonly string[]): readonly Issue[] {
  if (!isJsonObject(data)) return [];
  return Object.entries(data).flatMap(([key, value]): readonly Issue[] => {
    const below = Object.hasOwn(allowed, key) ? allowed[key] : allowed[key.replace(pluralEnding, "")];
    if (below === true) return [];
    const here = [...path, key];
    return below === undefined
      ? [unused(file, here, Object.keys(allowed))]
      : unusedIn(file, value, below, here);
  });
}

function unused(file: SourceFile, path: readonly string[], known: readonly string[]): Issue {
  const mend = known.length === 0 ? "remove it" : nearest(path.at(-1) ?? "", known);
  return issueAt(file, path, `nothing uses \`${path.join(".")}\``, mend);
}

function ofNothing(file: SourceFile, name: string, program: Program): Issue {
  return issueAt(
    file,
    [],
    `nothing uses this file: there is no flows/${name}.yaml`,
    nearest(name, [...program.flows.keys()]),
  );
}
