import { type CivilDate, fromEpochDay } from "../core/dates/civil-date.ts";
import { type FactSaying, sayingOf } from "../core/facts/say-fact.ts";
import type { Fact, Place, Program, Step } from "../core/flow/program.ts";
import type { Source, SourceFile } from "../core/flow/source.ts";
import type { Effect } from "../core/nouns/effect.ts";
import type { Params, Say, Words } from "../core/nouns/say.ts";
import { day } from "../core/nouns/time.ts";
import type { Translator } from "../core/render/translator.ts";
import { conditionWords } from "../draw/condition-words.ts";
import type { Happened, TakenStep } from "./conversation.ts";
import { inputLine } from "./golden.ts";

/** What telling why needs besides what happened. */
export type Reasons = {
  readonly program: Program;
  readonly translator: Translator;
  readonly source: Source;
};

/**
 * Why the bot said what it said last: what came in, the answers up to there, each step with its place in the files (of a
 * decision table the row that held), results with their level, and the facts that were stated with date and source.
 */
export function whyLines(reasons: Reasons, happened: readonly Happened[]): readonly string[] {
  const last = happened.at(-1);
  if (last === undefined) return ["Nothing has happened yet."];
  const { program } = reasons;
  const answers = last.after.answers.map(({ place, value }) => `${place} = ${valueText(value)}`);
  return [
    ...block(
      "Came in:",
      happened.map(({ input }) => inputLine(input)),
    ),
    ...block("Answers so far:", answers),
    ...block(
      "Steps:",
      happened.flatMap(({ steps }) => steps.flatMap((step) => stepLines(reasons, step))),
    ),
    ...block("Waits at:", waiting(reasons, last.after.frames)),
    ...block(
      "Results:",
      happened.flatMap((one) => resultsOf(program, one)),
    ),
    ...block(
      "Also:",
      happened.flatMap(({ effects }) => otherReasons(effects)),
    ),
    ...block("Words:", keysIn(happened)),
    ...block("Facts:", factLines(reasons, keysIn(happened), fromEpochDay(Math.floor(last.at / day)))),
    ...block("Sources of the answer:", entryLines(program, keysIn(happened))),
  ];
}

function block(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...[...new Set(lines)].map((line) => `  ${line}`)];
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

// ---------------------------------------------------------------- steps

function stepLines({ program, source }: Reasons, { place, row }: TakenStep): readonly string[] {
  const step = program.steps.get(place);
  if (step === undefined) return [place];
  const line = `${place} (${step.kind}) ${whereIs(source, step)}`;
  return row === undefined ? [line] : [line, `  ${rowText(step, row)}`];
}

function rowText(step: Step, row: number): string {
  if (step.kind !== "decide") return "";
  const rule = step.table[row - 1];
  if (rule === undefined) return `no row holds → ${step.otherwise ?? "the menu"}`;
  const when = conditionWords(rule.when, (_name, value) => String(value));
  return `row ${row}: ${when} → ${rule.next}`;
}

function whereIs(source: Source, { inFlow, id }: Step): string {
  const file: SourceFile | undefined = source.flows.get(inFlow);
  return file === undefined ? "" : `${file.path}:${file.lineOf(["steps", id])}`;
}

function waiting({ program, source }: Reasons, frames: readonly Place[]): readonly string[] {
  return frames.map((place) => {
    const step = program.steps.get(place);
    return step === undefined ? place : `${place} (${step.kind}) ${whereIs(source, step)}`;
  });
}

// ---------------------------------------------------------------- results

const counted = "outcome ";

/** Results that were shown, and those that an answer added for later. */
function resultsOf(program: Program, { effects, before, after }: Happened): readonly string[] {
  const shown = effects.flatMap((effect) =>
    effect.kind === "count" && effect.name.startsWith(counted) ? [effect.name.slice(counted.length)] : [],
  );
  const added = after.gathered.filter((key) => !before.gathered.includes(key));
  return [
    ...shown.map((name) => resultText(program, name.replace(" ", ":"), "shown")),
    ...added.map((key) => resultText(program, key, "added")),
  ];
}

function resultText({ flows }: Program, key: string, what: string): string {
  const colon = key.indexOf(":");
  const level = flows.get(key.slice(0, colon))?.outcomes.get(key.slice(colon + 1))?.level;
  return `${what}: ${key}, level ${level ?? "unknown"}`;
}

/** Red flags, questions looked up, buttons of an earlier question … : what the engine counts tells why. */
function otherReasons(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.kind === "count" && !effect.name.startsWith(counted) ? [effect.name] : [],
  );
}

// ---------------------------------------------------------------- words and facts

/** The keys of all words that were said, those put into others too. */
function keysIn(happened: readonly Happened[]): readonly string[] {
  return happened.flatMap(({ effects }) => effects.flatMap((effect) => sayOf(effect).flatMap(keysOfSay)));
}

function sayOf(effect: Effect): readonly Say[] {
  if (effect.kind === "say") return [effect.say];
  return effect.kind === "forget" ? [effect.receipt] : [];
}

function keysOfSay({ parts }: Say): readonly string[] {
  return parts.flatMap(({ words }) => keysOf(words));
}

function keysOf(words: Words): readonly string[] {
  return "key" in words ? [words.key, ...keysInParams(words.params ?? {})] : [];
}

function keysInParams(params: Params): readonly string[] {
  return Object.values(params).flatMap((param) =>
    typeof param === "object" && param.kind === "words" ? keysOf(param) : [],
  );
}

function factLines(
  { program, translator }: Reasons,
  keys: readonly string[],
  today: CivilDate,
): readonly string[] {
  return keys.flatMap((key) =>
    translator.factsIn(key).flatMap((id) => {
      const fact = program.facts.get(id);
      return fact === undefined ? [] : [factLine(program, id, fact, today)];
    }),
  );
}

const shownAs: Readonly<Record<FactSaying["kind"], string>> = {
  statement: "stated plainly",
  dated: "stated with its day and page",
  expired: "not stated: its review day has come",
  hold: "not stated: it is changing or in court",
};

function factLine({ sources }: Program, id: string, fact: Fact, today: CivilDate): string {
  const source = sources.get(fact.source);
  const value =
    fact.value === undefined
      ? ""
      : ` ${figures(fact.value)}${fact.unit === undefined ? "" : ` ${fact.unit}`}`;
  const days = `as of ${fact["as-of"]}, checked ${fact["checked-on"]}, review by ${fact["review-by"]}`;
  const shown = shownAs[sayingOf(fact, today).kind];
  return `${id} [${fact.say}]${value}, ${shown}, ${days}; ${source?.name ?? fact.source} ${source?.url ?? ""}`.trimEnd();
}

function figures(value: NonNullable<Fact["value"]>): string {
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${one}`)
    .join(", ");
}

function entryLines({ faq, sources }: Program, keys: readonly string[]): readonly string[] {
  const entries = [...faq.entries.values()].filter((entry) =>
    keys.some((key) => key.startsWith(`${entry.key}.`)),
  );
  return entries.flatMap((entry) =>
    entry.sources.map(
      (id) =>
        `${entry.id}: ${sources.get(id)?.name ?? id} ${sources.get(id)?.url ?? ""}, checked ${entry.checkedOn ?? "–"}`,
    ),
  );
}
