import type { FlowSource } from "../core/flow/schema.ts";
import type { FlowId } from "../core/nouns/ids.ts";

/** A flow as the page that lists them needs it. */
export type FlowEntry = {
  readonly id: FlowId;
  readonly source: FlowSource;
  /** Commands and kinds of reminders that lead to it, in words. */
  readonly entrances: readonly string[];
};

/** The page beside the drawings, in Markdown: each flow, how large it is, and from where it is reached. */
export function overviewPage(flows: readonly FlowEntry[]): string {
  return [
    "# The flows, drawn",
    "",
    "Made by `npx parwana draw --all docs/flows`; run it again after a change in `flows/` or `locales/en/`. For one flow, or",
    "another language: `npx parwana draw screening/start --locale fa-AF --out drawing.svg`. Amber, green, blue and grey boxes are",
    "results, coloured by level; a coloured note inside a question is what an answer adds to the result page. A double frame is",
    "another flow. Red is a step that nothing leads to. A name in brackets stands for a fact of `flows/facts.yaml`.",
    "",
    "| Flow | Drawing | Mermaid | Steps | Results | Begins from |",
    "| --- | --- | --- | --- | --- | --- |",
    ...flows.map((flow) => row(flow, flows)),
    "",
  ].join("\n");
}

function row({ id, source, entrances }: FlowEntry, flows: readonly FlowEntry[]): string {
  const callers = flows
    .filter((other) => callsIn(other.source).includes(id))
    .map((other) => `\`${other.id}\``);
  const counts = [Object.keys(source.steps).length, Object.keys(source.outcomes).length];
  const cells = [
    `\`${id}\``,
    `[svg](${id}.svg)`,
    `[mmd](${id}.mmd)`,
    ...counts.map(String),
    [...entrances, ...callers].join(", ") || "–",
  ];
  return `| ${cells.join(" | ")} |`;
}

function callsIn({ steps }: FlowSource): readonly FlowId[] {
  return Object.values(steps).flatMap((step) => ("flow" in step ? [step.flow] : []));
}
