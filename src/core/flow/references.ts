import type { CompiledFlow } from "./compile-flow.ts";
import { ownOptions } from "./compile-flow.ts";
import type { Program } from "./program.ts";
import { type Reading, requireWords } from "./reading.ts";
import type { StepSource } from "./schema.ts";
import { issueAt, type Json, sourceLanguage } from "./source.ts";

/** Finds names that lead nowhere: steps, flows, outcomes, commands, reminders, facts, sources, entries. */
export function checkReferences(reading: Reading, program: Program, flows: readonly CompiledFlow[]): void {
  for (const flow of flows) checkFlow(reading, program, flow);
  for (const needed of ["menu", "onboarding"]) {
    if (!program.flows.has(needed)) reading.issues.push({ level: "error", file: `flows/${needed}.yaml`, line: 1, what: "the flow is missing", mend: "every conversation needs it; restore it" });
  }
  checkCommands(reading, program);
  checkFaq(reading, program);
  checkFacts(reading, program);
}

function checkFlow(reading: Reading, program: Program, compiled: CompiledFlow): void {
  const { source, file } = compiled;
  const known = Object.keys(source.steps);
  const say = (path: readonly (string | number)[], what: string, mend: string) => reading.issues.push(issueAt(file, path, what, mend));
  const step = (path: readonly (string | number)[], name: string | undefined) => {
    if (name !== undefined && !known.includes(name)) say(path, `there is no step \`${name}\` in this flow`, nearest(name, known));
  };
  step(["start"], source.start);
  for (const [id, body] of Object.entries(source.steps)) {
    for (const [path, name] of nextsOf(body)) step(["steps", id, ...path], name);
    for (const [path, what, mend] of wrongIn(program, compiled, id, body)) say(["steps", id, ...path], what, mend);
  }
  for (const command of source.nav) if (!program.commands.has(command)) say(["nav"], `there is no command \`${command}\``, nearest(command, [...program.commands.keys()]));
}

type Path = readonly (string | number)[];

/** Every place in a step that names a next step. */
export function nextsOf(body: StepSource): readonly (readonly [Path, string | undefined])[] {
  switch (body.kind) {
    case "decide":
      return [...body.table.map(({ next }, at) => [["table", at, "next"], next] as const), [["otherwise"], body.otherwise]];
    case "ask": {
      const table = typeof body.next === "string" ? [[["next"], body.next] as const] : Object.entries(body.next).map(([option, next]) => [["next", option], next] as const);
      return [...table, [["wait", "next"], body.wait?.next]];
    }
    case "end":
    case "forget":
      return [];
    default:
      return [[["next"], body.next]];
  }
}

type Wrong = readonly [path: Path, what: string, mend: string];

function wrongIn(program: Program, { flow, source }: CompiledFlow, id: string, body: StepSource): readonly Wrong[] {
  const outcome = (path: Path, name: string | undefined): readonly Wrong[] =>
    name === undefined || flow.outcomes.has(name) ? [] : [[path, `there is no outcome \`${name}\` in this flow`, nearest(name, Object.keys(source.outcomes))]];
  switch (body.kind) {
    case "call":
      return program.flows.has(body.flow) ? [] : [[["flow"], `there is no flow \`${body.flow}\``, nearest(body.flow, [...program.flows.keys()])]];
    case "outcome":
      return body.show !== "gathered" && body.outcome === undefined ? [[[], "it shows no outcome", "name one with `outcome:`"]] : outcome(["outcome"], body.outcome);
    case "remind":
      return body.reminder === undefined || program.reminders.has(body.reminder) ? [] : [[["reminder"], `there is no reminder \`${body.reminder}\``, nearest(body.reminder, [...program.reminders.keys()])]];
    case "ask":
      return [...optionTables(body), ...Object.entries(body.adds ?? {}).flatMap(([option, name]) => outcome(["adds", option], name)), ...sourceOf(program, body)];
    default:
      void id;
      return [];
  }
}

/** Options that a table names but the question does not have, and answers that lead nowhere. */
function optionTables(body: Extract<StepSource, { kind: "ask" }>): readonly Wrong[] {
  const own = ownOptions(body);
  const listed = body.answer.kind === "choice" && body.answer.from !== undefined;
  const allowed = [...own, "otherwise", ...(body.unsure ? ["unsure", "dont-know", "rather-not-say"] : [])];
  const named = [...(typeof body.next === "string" ? [] : Object.keys(body.next).map((option) => ["next", option] as const)), ...Object.keys(body.adds ?? {}).map((option) => ["adds", option] as const)];
  const wrong = listed ? [] : named.filter(([, option]) => !allowed.includes(option)).map(([path, option]): Wrong => [[path, option], `the question has no answer \`${option}\``, nearest(option, allowed)]);
  if (typeof body.next === "string" || "otherwise" in body.next) return wrong;
  const { next } = body;
  const open = own.length === 0 || listed ? ["otherwise"] : own;
  const unsure = body.unsure && !("unsure" in next) ? ["dont-know", "rather-not-say"] : [];
  return [...wrong, ...[...open, ...unsure].filter((option) => !(option in next)).map((option): Wrong => [["next"], `the answer \`${option}\` leads nowhere`, "add a line for it, or `otherwise`"])];
}

function sourceOf(program: Program, { answer }: Extract<StepSource, { kind: "ask" }>): readonly Wrong[] {
  if (answer.kind !== "choice" || answer.from?.startsWith("faq/") !== true) return [];
  const topic = answer.from.slice("faq/".length);
  return program.faq.topics.has(topic) ? [] : [[["answer", "from"], `there is no file flows/faq/${topic}.yaml`, nearest(topic, [...program.faq.topics.keys()])]];
}

function checkCommands(reading: Reading, program: Program): void {
  const file = reading.source.flows.get("commands");
  if (file === undefined) return;
  for (const [name, command] of program.commands) {
    if ("flow" in command && !program.flows.has(command.flow)) reading.issues.push(issueAt(file, ["commands", name, "flow"], `there is no flow \`${command.flow}\``, nearest(command.flow, [...program.flows.keys()])));
  }
  for (const name of ["stop", "menu", "help", "language", "delete", "person", "back", "start-again", "continue", "start"]) {
    if (!program.commands.has(name)) reading.issues.push(issueAt(file, ["commands"], `the command \`${name}\` is missing`, "people rely on it: restore it"));
  }
}

function checkFaq(reading: Reading, program: Program): void {
  for (const [name, file] of reading.source.flows) {
    if (!name.startsWith("faq/")) continue;
    for (const [at, id] of (program.faq.topics.get(name.slice("faq/".length)) ?? []).entries()) {
      const entry = program.faq.entries.get(id);
      const say = (key: string, what: string) => reading.issues.push(issueAt(file, ["entries", at, key], what, "correct the name"));
      for (const source of entry?.sources ?? []) if (!program.sources.has(source)) say("sources", `there is no source \`${source}\``);
      for (const related of entry?.related ?? []) if (!program.faq.entries.has(related)) say("related", `there is no entry \`${related}\``);
      if (entry?.offers !== undefined && !program.flows.has(entry.offers)) say("offers", `there is no flow \`${entry.offers}\``);
    }
  }
}

function checkFacts(reading: Reading, program: Program): void {
  const file = reading.source.flows.get("facts");
  if (file === undefined) return;
  for (const [id, fact] of program.facts) {
    requireWords(reading, `facts:${id}.statement`);
    requireWords(reading, `facts:${id}.topic`);
    if (!program.sources.has(fact.source)) reading.issues.push(issueAt(file, ["facts", id, "source"], `there is no source \`${fact.source}\``, nearest(fact.source, [...program.sources.keys()])));
  }
  for (const [name, words] of reading.source.locales.get(sourceLanguage) ?? []) {
    for (const [path, text] of textsIn(words.data, [])) {
      for (const [, id = ""] of text.matchAll(/\{\{fact\.([^}]+)\}\}/g)) {
        if (!program.facts.has(id)) reading.issues.push(issueAt(words, path, `there is no fact \`${id}\` (in ${name})`, nearest(id, [...program.facts.keys()])));
      }
    }
  }
}

/** Every text in a value, with its path. */
export function textsIn(data: Json, path: Path): readonly (readonly [Path, string])[] {
  if (typeof data === "string") return [[path, data]];
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]: [string, Json]) => textsIn(value, [...path, key]));
}

/** "Did you mean": the known name that shares the most with the one written. */
function nearest(name: string, known: readonly string[]): string {
  const pairs = (text: string) => new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
  const wanted = pairs(name);
  const scored = known.map((one) => ({ one, shared: [...pairs(one)].filter((pair) => wanted.has(pair)).length })).sort((a, b) => b.shared - a.shared);
  const [best] = scored;
  return best !== undefined && best.shared > 1 ? `did you mean \`${best.one}\`?` : `use one of ${known.slice(0, 12).join(", ")}`;
}
