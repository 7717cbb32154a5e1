import { isCivilDate } from "../dates/civil-date.ts";
import type { FactsSource } from "./file-schemas.ts";
import { allTexts } from "./leaves.ts";
import { nearest } from "./nearest.ts";
import type { FaqEntry, Program } from "./program.ts";
import { needWords, type Reading } from "./reading.ts";
import { issueAt, type SourceFile, sourceLanguage, textsOf, valueAt } from "./source.ts";

/** Finds names that lead nowhere in the tables: commands, FAQ entries, facts. */
export function checkTables(reading: Reading, program: Program): void {
  checkCommands(reading, program);
  checkReminders(reading, program);
  checkFaq(reading, program);
  checkFacts(reading, program);
  checkStatedFacts(reading, program);
}

/** Why a flow can't be opened from outside any flow, and how to mend it; undefined when it can. */
function cantOpen(program: Program, name: string): readonly [what: string, mend: string] | undefined {
  const flow = program.flows.get(name);
  if (flow === undefined) return [`there is no flow \`${name}\``, nearest(name, [...program.flows.keys()])];
  const [param] = flow.params.keys();
  return param === undefined
    ? undefined
    : [
        `the flow \`${name}\` has to be given \`${param}\``,
        "only a `call` or a `repeat` can: open a flow that calls it",
      ];
}

/** What people are told they can say at any time. */
const neededCommands = [
  "stop",
  "menu",
  "help",
  "language",
  "delete",
  "person",
  "back",
  "start-again",
  "continue",
  "start",
];

function checkCommands(reading: Reading, program: Program): void {
  const file = reading.source.flows.get("commands");
  if (file === undefined) return;
  for (const [name, command] of program.commands) {
    const wrong = "flow" in command ? cantOpen(program, command.flow) : undefined;
    if (wrong !== undefined) reading.issues.push(issueAt(file, ["commands", name, "flow"], ...wrong));
  }
  for (const [at, name] of program.commandMenu.entries()) {
    if (!program.commands.has(name))
      reading.issues.push(
        issueAt(
          file,
          ["menu", at],
          `there is no command \`${name}\``,
          nearest(name, [...program.commands.keys()]),
        ),
      );
  }
  for (const name of neededCommands.filter((needed) => !program.commands.has(needed))) {
    reading.issues.push(
      issueAt(file, ["commands"], `the command \`${name}\` is missing`, "people rely on it: restore it"),
    );
  }
}

function checkReminders(reading: Reading, program: Program): void {
  for (const [kind, { ladder = [], hours, change }] of program.reminders) {
    const file = reading.source.flows.get(`reminders/${kind}`);
    const say = (path: Path, what: string, mend: string) =>
      file === undefined ? undefined : reading.issues.push(issueAt(file, path, what, mend));
    if (ladder.some((days, at) => at > 0 && days >= (ladder[at - 1] ?? days)))
      say(["ladder"], "the days of the ladder don't fall", "write them from the first reminder to the last");
    if (hours[0] >= hours[1])
      say(
        ["hours"],
        "the hours end before they begin",
        "write the first hour, then the one from which it's too late",
      );
    const wrong = change === undefined ? undefined : cantOpen(program, change);
    if (wrong !== undefined) say(["change"], ...wrong);
  }
}

function checkFaq(reading: Reading, program: Program): void {
  for (const [name, file] of reading.source.flows) {
    const ids = program.faq.topics.get(name.slice("faq/".length)) ?? [];
    for (const [at, id] of name.startsWith("faq/") ? ids.entries() : []) {
      const facts = textsOf(valueAt(file.data, ["entries", at, "facts"]));
      const unknownFacts = facts
        .filter((fact) => !program.facts.has(fact))
        .map((fact) => unknown("facts", "fact", fact, program.facts.keys()));
      for (const [key, what, mend] of [
        ...unknownFacts,
        ...wrongNames(program, program.faq.entries.get(id)),
      ]) {
        reading.issues.push(issueAt(file, ["entries", at, key], what, mend));
      }
    }
  }
}

type WrongName = readonly [key: string, what: string, mend: string];

function unknown(key: string, kind: string, id: string, known: Iterable<string>): WrongName {
  return [key, `there is no ${kind} \`${id}\``, nearest(id, [...known])];
}

function wrongNames(program: Program, entry: FaqEntry | undefined): readonly WrongName[] {
  if (entry === undefined) return [];
  const { sources, related, offers, partOf } = entry;
  const unopened = offers === undefined ? undefined : cantOpen(program, offers);
  return [
    ...sources
      .filter((id) => !program.sources.has(id))
      .map((id) => unknown("sources", "source", id, program.sources.keys())),
    ...related
      .filter((id) => !program.faq.entries.has(id))
      .map((id) => unknown("related", "entry", id, program.faq.entries.keys())),
    ...(partOf === undefined || program.faq.entries.get(partOf)?.partOf === undefined
      ? []
      : [["part-of", `\`${partOf}\` is itself a part`, "name the entry that it is a part of"] as const]),
    ...(partOf === undefined || program.faq.entries.has(partOf)
      ? []
      : [unknown("part-of", "entry", partOf, program.faq.entries.keys())]),
    ...(unopened === undefined ? [] : [["offers", ...unopened] as const]),
  ];
}

function checkFacts(reading: Reading, program: Program): void {
  const file = reading.source.flows.get("facts");
  if (file === undefined) return;
  for (const [id, fact] of program.facts) {
    needWords(reading, `facts:${id}.statement`);
    needWords(reading, `facts:${id}.topic`);
    for (const [key, what, mend] of [...wrongFact(fact), ...wrongSource(program, fact)])
      reading.issues.push(issueAt(file, ["facts", id, key], what, mend));
  }
}

type Fact = FactsSource["facts"][string];

/** Days out of order, and a value that is not what its unit says. */
function wrongFact({ value, unit, "checked-on": checked, "review-by": review }: Fact): readonly WrongName[] {
  const late: readonly WrongName[] =
    review > checked
      ? []
      : [
          [
            "review-by",
            `the review (${review}) does not come after the check (${checked})`,
            "write a later day",
          ],
        ];
  if (unit === undefined) return late;
  if (value === undefined)
    return [...late, ["unit", "there is a unit, but no value", "write the `value`, or remove the unit"]];
  const fits = unit === "date" ? isCivilDate(value) : typeof value !== "string";
  return fits
    ? late
    : [
        ...late,
        [
          "value",
          `\`${String(value)}\` is no value in \`${unit}\``,
          mendsOfUnit[unit === "date" ? "date" : "number"],
        ],
      ];
}

const mendsOfUnit = {
  date: 'write a day in quotes, like "2026-01-31"',
  number: "write a number, without quotes",
} as const;

function wrongSource({ sources }: Program, { source }: Fact): readonly WrongName[] {
  return sources.has(source)
    ? []
    : [["source", `there is no source \`${source}\``, nearest(source, [...sources.keys()])]];
}

function checkStatedFacts(reading: Reading, program: Program): void {
  const texts = [...(reading.source.locales.get(sourceLanguage)?.values() ?? [])].flatMap((file) =>
    allTexts(file.data).map(([path, text]) => ({ file, path, text })),
  );
  for (const { file, path, text } of texts) {
    for (const [, id = ""] of text.matchAll(/\{\{fact\.([^}]+)\}\}/g)) {
      if (!program.facts.has(id)) reading.issues.push(unknownFact(file, path, id, program));
    }
  }
}

type Path = readonly (string | number)[];

function unknownFact(file: SourceFile, path: Path, id: string, program: Program) {
  return issueAt(file, path, `there is no fact \`${id}\``, nearest(id, [...program.facts.keys()]));
}
