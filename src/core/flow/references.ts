import { unsureAnswers } from "../nouns/value.ts";
import { type Names, reservedNames, unknownAnswer, type Wrong, wrongAnswers } from "./answer-references.ts";
import { wrongShape } from "./answer-shape.ts";
import { checkBlankTexts } from "./blank-texts.ts";
import { checkCallCycles } from "./call-cycles.ts";
import { wrongCall } from "./call-references.ts";
import type { CompiledFlow } from "./compile-flow.ts";
import { ownOptions, typedOptions } from "./compile-flow.ts";
import { wrongMoves } from "./move-references.ts";
import { nearest } from "./nearest.ts";
import type { Program } from "./program.ts";
import type { Reading } from "./reading.ts";
import type { FlowSource, StepSource } from "./schema.ts";
import { issueAt } from "./source.ts";
import { wrongValues } from "./step-values.ts";
import { checkTables } from "./table-references.ts";
import { roundName, typesIn } from "./value-types.ts";

/** Finds names that lead nowhere: steps, flows, outcomes, commands, reminders, facts, sources, entries. */
export function checkReferences(reading: Reading, program: Program, flows: readonly CompiledFlow[]): void {
  const typeOf = typesIn(program);
  for (const flow of flows) checkFlow(reading, flow, { program, flow: flow.flow.id, typeOf });
  for (const flow of flows)
    for (const [path, what, mend] of wrongMoves(program, flow, flows))
      reading.issues.push(issueAt(flow.file, path, what, mend));
  checkCallCycles(reading, program, flows);
  for (const needed of ["menu", "onboarding"]) {
    if (!program.flows.has(needed))
      reading.issues.push({
        level: "error",
        file: `flows/${needed}.yaml`,
        line: 1,
        what: "the flow is missing",
        mend: "every conversation needs it; restore it",
      });
  }
  checkTables(reading, program);
  checkBlankTexts(reading);
}

/** Finds next steps that a flow does not have. It needs no other flow, so it can be told even where another can't be read. */
export function checkSteps(reading: Reading, { source, file }: CompiledFlow): void {
  const known = Object.keys(source.steps);
  const nexts = Object.entries(source.steps).flatMap(([id, body]) =>
    nextsOf(body).map(([path, name]) => [["steps", id, ...path], name] as const),
  );
  for (const [path, name] of [[["start"], source.start] as const, ...nexts]) {
    if (name === undefined || known.includes(name)) continue;
    reading.issues.push(
      issueAt(file, path, `there is no step \`${name}\` in this flow`, nearest(name, known)),
    );
  }
}

function checkFlow(reading: Reading, compiled: CompiledFlow, names: Names): void {
  const { source, file } = compiled;
  const say = (path: readonly (string | number)[], what: string, mend: string) =>
    reading.issues.push(issueAt(file, path, what, mend));
  for (const [id, body] of Object.entries(source.steps)) {
    const wrong = [
      ...wrongIn(names, compiled, body),
      ...wrongAnswers(names, id, body),
      ...wrongValues(names, body),
    ];
    for (const [path, what, mend] of wrong) say(["steps", id, ...path], what, mend);
  }
  for (const command of source.nav)
    for (const [path, what, mend] of unknownCommand(names.program, command)) say(path, what, mend);
  for (const [path, what, mend] of wrongAgain(names, source)) say(path, what, mend);
  for (const [path, what, mend] of wrongResults(names, source)) say(path, what, mend);
}

/** A flow to begin again with that is not there, or can't begin by itself. */
function wrongAgain({ program }: Names, { "start-again": again }: FlowSource): readonly Wrong[] {
  if (again === undefined) return [];
  const flow = program.flows.get(again);
  if (flow === undefined)
    return [[["start-again"], `there is no flow \`${again}\``, nearest(again, [...program.flows.keys()])]];
  return flow.params.size === 0
    ? []
    : [
        [
          ["start-again"],
          `the flow \`${again}\` has to be given something`,
          "name a flow that nobody has to call",
        ],
      ];
}

/** Results that the flow has no answer for, and parameters that it asks for itself. */
function wrongResults(names: Names, { results, params, steps }: FlowSource): readonly Wrong[] {
  return [
    ...(names.flow === "menu" || names.flow === "onboarding" ? Object.keys(params) : []).map(
      (name): Wrong => [["params", name], "nobody calls this flow: nothing can be given to it", "remove it"],
    ),
    ...results.flatMap((name, at) => unknownAnswer(names, ["results", at], name)),
    ...Object.entries(params).flatMap(([name, { answer }]) =>
      wrongShape(answer).map(
        ([path, what, mend]): Wrong => [["params", name, "answer", ...path], what, mend],
      ),
    ),
    ...Object.keys(params)
      .filter((name) => name === roundName || reservedNames.has(name) || steps[name]?.kind === "ask")
      .map(
        (name): Wrong => [
          ["params", name],
          `\`${name}\` can't be a parameter: the name has another meaning here`,
          "choose another name",
        ],
      ),
  ];
}

function unknownCommand(program: Program, command: string): readonly Wrong[] {
  return program.commands.has(command)
    ? []
    : [[["nav"], `there is no command \`${command}\``, nearest(command, [...program.commands.keys()])]];
}

type Path = readonly (string | number)[];

/** Every place in a step that names a next step. */
function nextsOf(body: StepSource): readonly (readonly [Path, string | undefined])[] {
  switch (body.kind) {
    case "decide":
      return [
        ...body.table.map(({ next }, at) => [["table", at, "next"], next] as const),
        [["otherwise"], body.otherwise],
      ];
    case "ask": {
      const table =
        typeof body.next === "string"
          ? [[["next"], body.next] as const]
          : Object.entries(body.next).map(([option, next]) => [["next", option], next] as const);
      return [...table, [["wait", "next"], body.wait?.next]];
    }
    case "remind":
      return [
        [["next"], body.next],
        [["full"], body.full],
      ];
    case "end":
    case "forget":
      return [];
    default:
      return [[["next"], body.next]];
  }
}

function wrongIn(names: Names, { flow, source }: CompiledFlow, body: StepSource): readonly Wrong[] {
  const { program } = names;
  const outcome = (path: Path, name: string | undefined): readonly Wrong[] =>
    name === undefined || flow.outcomes.has(name)
      ? []
      : [[path, `there is no outcome \`${name}\` in this flow`, nearest(name, Object.keys(source.outcomes))]];
  switch (body.kind) {
    case "call":
    case "repeat":
      return wrongCall(names, body);
    case "outcome":
      return [...wrongShow(body), ...outcome(["outcome"], body.outcome)];
    case "remind":
      return typeof body.reminder !== "string" || program.reminders.has(body.reminder)
        ? []
        : [
            [
              ["reminder"],
              `there is no reminder \`${body.reminder}\``,
              nearest(body.reminder, [...program.reminders.keys()]),
            ],
          ];
    case "ask":
      return wrongAsk(program, body, outcome);
    default:
      return [];
  }
}

/** One outcome is named where one is shown; a page of all that were gathered names none. */
function wrongShow({ show, outcome }: Extract<StepSource, { kind: "outcome" }>): readonly Wrong[] {
  const one = show === "now" || show === "later";
  if (one && outcome === undefined) return [[[], "it shows no outcome", "name one with `outcome:`"]];
  return one || outcome === undefined
    ? []
    : [
        [
          ["outcome"],
          `\`show: ${show}\` names no outcome`,
          "remove the name, or write `show: now` or `show: later`",
        ],
      ];
}

type Ask = Extract<StepSource, { kind: "ask" }>;

function wrongAsk(
  program: Program,
  body: Ask,
  outcome: (path: Path, name: string | undefined) => readonly Wrong[],
): readonly Wrong[] {
  return [
    ...wrongShape(body.answer).map(([path, what, mend]): Wrong => [["answer", ...path], what, mend]),
    ...optionTables(body),
    ...Object.entries(body.adds ?? {}).flatMap(([option, name]) => outcome(["adds", option], name)),
    ...sourceOf(program, body),
    ...(body.nav ?? []).flatMap((command) => unknownCommand(program, command)),
  ];
}

/** Options that a table names but the question does not have, and answers that lead nowhere. */
function optionTables(body: Ask): readonly Wrong[] {
  const own = [...ownOptions(body), ...typedOptions(body)];
  const listed = body.answer.kind === "choice" && body.answer.from !== undefined;
  return [
    ...(listed ? [] : unknownOptions(body, own)),
    ...deadOptions(body, own.length === 0 || listed ? ["otherwise"] : own),
  ];
}

function unknownOptions(body: Ask, own: readonly string[]): readonly Wrong[] {
  const allowed = [...own, "otherwise", ...(body.unsure ? ["unsure", ...unsureAnswers] : [])];
  const tables = { next: typeof body.next === "string" ? {} : body.next, adds: body.adds ?? {} };
  return Object.entries(tables).flatMap(([path, table]) =>
    Object.keys(table)
      .filter((option) => !allowed.includes(option))
      .map(
        (option): Wrong => [
          [path, option],
          `the question has no answer \`${option}\``,
          nearest(option, allowed),
        ],
      ),
  );
}

function deadOptions({ next, unsure }: Ask, own: readonly string[]): readonly Wrong[] {
  if (typeof next === "string" || "otherwise" in next) return [];
  const needed = [...own, ...(unsure && !("unsure" in next) ? unsureAnswers : [])];
  return needed
    .filter((option) => !(option in next))
    .map(
      (option): Wrong => [
        ["next"],
        `the answer \`${option}\` leads nowhere`,
        "add a line for it, or `otherwise`",
      ],
    );
}

function sourceOf(program: Program, { answer }: Ask): readonly Wrong[] {
  if (answer.kind !== "choice" || answer.from?.startsWith("faq/") !== true) return [];
  const topic = answer.from.slice("faq/".length);
  return program.faq.topics.has(topic)
    ? []
    : [
        [
          ["answer", "from"],
          `there is no file flows/faq/${topic}.yaml`,
          nearest(topic, [...program.faq.topics.keys()]),
        ],
      ];
}
