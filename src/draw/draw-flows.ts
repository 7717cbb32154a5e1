import { isFlowFile } from "../core/flow/compile.ts";
import { commandsSchema, faqSchema, reminderSchema } from "../core/flow/file-schemas.ts";
import { readFile } from "../core/flow/reading.ts";
import { type FlowSource, flowSchema } from "../core/flow/schema.ts";
import { type Issue, type Source, sourceLanguage } from "../core/flow/source.ts";
import type { FlowId } from "../core/nouns/ids.ts";
import type { Language } from "../core/nouns/language.ts";
import { flowWords } from "./flow-words.ts";
import { mermaidOf } from "./mermaid.ts";
import { overviewPage } from "./overview.ts";
import { pictureOf } from "./picture-of.ts";
import { svgOf } from "./svg.ts";

export type DrawingFormat = "svg" | "mermaid";

/** The names of all flows there are, whether they can be read or not. */
export function flowNames(source: Source): readonly FlowId[] {
  return [...source.flows.keys()].filter(isFlowFile).sort();
}

/** Draws one flow of the content: a whole file's text, or why the flow can't be read. It need not pass the checks. */
export function drawFlow(
  source: Source,
  flow: FlowId,
  format: DrawingFormat,
  language: Language,
): string | readonly Issue[] {
  const read = readFlow(source, flow);
  return "issues" in read ? read.issues : drawings[format](source, flow, read.flow, language);
}

type Draw = (source: Source, flow: FlowId, read: FlowSource, language: Language) => string;

const drawings: Readonly<Record<DrawingFormat, Draw>> = {
  svg: (source, flow, read, language) =>
    svgOf(pictureOf(flow, read, flowWords(source, flow, language), language), { hrefOf: linksFrom(flow) }),
  mermaid: (source, flow, read, language) =>
    mermaidOf(pictureOf(flow, read, flowWords(source, flow, language), language)),
};

/** Drawings lie beside each other as the flows do. */
function linksFrom(flow: FlowId): (to: FlowId) => string {
  const up = "../".repeat(flow.split("/").length - 1);
  return (to) => `${up}${to}.svg`;
}

/**
 * Every flow in the source language, and the page that lists them: the text of each file by its path in the folder of
 * drawings, or why a flow can't be read.
 */
export function drawAll(source: Source): ReadonlyMap<string, string> | readonly Issue[] {
  const read = flowNames(source).map((id) => ({ id, ...readFlow(source, id) }));
  const issues = read.flatMap((one) => ("issues" in one ? one.issues : []));
  if (issues.length > 0) return issues;
  const flows = read.flatMap((one) => ("flow" in one ? [{ id: one.id, source: one.flow }] : []));
  const entrances = entrancesOf(source);
  const files = flows.flatMap(({ id, source: flow }) => [
    [`${id}.svg`, drawings.svg(source, id, flow, sourceLanguage)] as const,
    [`${id}.mmd`, drawings.mermaid(source, id, flow, sourceLanguage)] as const,
  ]);
  const page = overviewPage(flows.map((flow) => ({ ...flow, entrances: entrances.get(flow.id) ?? [] })));
  return new Map([["README.md", page], ...files]);
}

function readFlow(
  source: Source,
  flow: FlowId,
): { readonly flow: FlowSource } | { readonly issues: readonly Issue[] } {
  const file = source.flows.get(flow);
  const issues: Issue[] = [];
  const read = file === undefined ? undefined : readFile({ source, languages: [], issues }, file, flowSchema);
  return read === undefined ? { issues } : { flow: read };
}

/** What leads into flows from outside of them: commands, questions that offer one, nudges whose date is changed. */
function entrancesOf(source: Source): ReadonlyMap<FlowId, readonly string[]> {
  const found = [...source.flows].flatMap(([name, { data }]) => [
    ...(name === "commands" ? commandEntrances(data) : []),
    ...(name.startsWith("faq/") ? faqEntrances(name, data) : []),
    ...(name.startsWith("reminders/") ? reminderEntrances(name, data) : []),
  ]);
  const groups = Map.groupBy(found, ({ flow }) => flow);
  return new Map([...groups].map(([flow, some]) => [flow, [...new Set(some.map(({ from }) => from))]]));
}

type Entrance = { readonly flow: FlowId; readonly from: string };

function commandEntrances(data: unknown): readonly Entrance[] {
  const commands = commandsSchema.safeParse(data).data?.commands ?? {};
  return Object.entries(commands).flatMap(([name, command]) =>
    "flow" in command ? [{ flow: command.flow, from: `command \`${name}\`` }] : [],
  );
}

function faqEntrances(name: string, data: unknown): readonly Entrance[] {
  const entries = faqSchema.safeParse(data).data?.entries ?? [];
  return entries.flatMap(({ offers }) =>
    offers === undefined ? [] : [{ flow: offers, from: `answers of \`${name}\`` }],
  );
}

function reminderEntrances(name: string, data: unknown): readonly Entrance[] {
  const change = reminderSchema.safeParse(data).data?.change;
  return change === undefined ? [] : [{ flow: change, from: `nudges of \`${name}\`` }];
}
