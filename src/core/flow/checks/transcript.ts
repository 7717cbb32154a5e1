import type { Edge, State } from "../explore/graph.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Source, sourceLanguage } from "../source.ts";

type Path = readonly (string | number)[];

/** An error at a step of a flow, with the shortest way there. */
export function stepIssue(
  source: Source,
  place: string,
  path: Path,
  { what, mend, edge }: { readonly what: string; readonly mend: string; readonly edge?: Edge },
): readonly Issue[] {
  const colon = place.indexOf(":");
  const file = source.flows.get(place.slice(0, colon));
  if (file === undefined) return [];
  const issue = issueAt(file, ["steps", place.slice(colon + 1), ...path], what, mend);
  return [edge === undefined ? issue : { ...issue, transcript: transcriptOf(source, edge) }];
}

/** The questions and answers that lead up to a turn and into it, as English sentences. */
export function transcriptOf(source: Source, edge: Edge): readonly string[] {
  const edges: Edge[] = [];
  for (let at: Edge | undefined = edge; at !== undefined; at = at.from?.by) edges.unshift(at);
  return edges.map((one) => lineOf(source, one));
}

/** One turn as a line: the question and what is answered, and the outcomes that come of it. */
export function answerLine(source: Source, edge: Edge): string {
  const outcomes = [...edge.shown, ...edge.added];
  const line = lineOf(source, edge);
  return outcomes.length === 0 ? line : `${line} (${outcomes.join(", ")})`;
}

function lineOf(source: Source, { from, given }: Edge): string {
  switch (given.kind) {
    case "entry":
      return `${given.entry.flow} is entered by ${given.entry.how}`;
    case "wait":
      return `${questionOf(source, from)} → no answer for a long time`;
    case "answer":
      return `${questionOf(source, from)} → ${answerOf(source, from, given.answer)}`;
  }
}

const longest = 90;

function questionOf(source: Source, state: State | undefined): string {
  if (state === undefined) return "";
  const text = wordsAt({ source }, sourceLanguage, `${state.place}.text`);
  const line = typeof text === "string" ? text.split("\n").findLast((one) => one.trim() !== "") : undefined;
  const shown = line ?? state.place;
  return `${state.place}: ${shown.length > longest ? `${shown.slice(0, longest)}…` : shown}`;
}

function answerOf(source: Source, state: State | undefined, answer: string): string {
  return answer
    .split(", ")
    .map((one) => {
      const keys = [`${state?.place}.options.${one}`, `answers:${one}.label`];
      const texts = keys.map((key) => wordsAt({ source }, sourceLanguage, key));
      const label = texts.find((text) => typeof text === "string");
      return label === undefined ? one : `“${String(label)}”`;
    })
    .join(", ");
}
