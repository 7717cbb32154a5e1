import type { Wrong } from "./answer-references.ts";
import { type CompiledFlow, ownOptions, typedOptions } from "./compile-flow.ts";
import { lastName } from "./moves.ts";
import { nearest } from "./nearest.ts";
import type { Program } from "./program.ts";
import { namesIn } from "./value-types.ts";

type Table = Readonly<Record<string, string>>;

/** Finds old names that are still in use, and new ones that are not there. */
export function wrongMoves(
  program: Program,
  { flow, source }: CompiledFlow,
  flows: readonly CompiledFlow[],
): readonly Wrong[] {
  const { renamed, retired } = source;
  const steps = Object.keys(source.steps);
  const names = [...new Set([...steps, ...namesIn(program, flow.id)])];
  const outcomes = Object.keys(source.outcomes);
  return [
    ...wrongTable(["renamed", "steps"], renamed.steps, names),
    ...wrongTable(["renamed", "outcomes"], renamed.outcomes, outcomes),
    ...wrongTable(["retired", "steps"], retired.steps, steps),
    ...Object.keys(retired.steps)
      .filter((old) => Object.hasOwn(renamed.steps, old))
      .map((old): Wrong => [["retired", "steps", old], `\`${old}\` is renamed too`, "keep one of the two"]),
    ...wrongOptions(source),
    ...wrongFlows(program, "renamed", renamed.flows, flows),
    ...wrongFlows(program, "retired", retired.flows, flows),
  ];
}

function wrongTable(path: readonly string[], table: Table, known: readonly string[]): readonly Wrong[] {
  const names = new Map(Object.entries(table));
  return Object.keys(table).flatMap((old): readonly Wrong[] => {
    const at = [...path, old];
    if (known.includes(old))
      return [
        [
          at,
          `\`${old}\` is in use: it can't be an old name`,
          "remove the line, or give one of them another name",
        ],
      ];
    const now = lastName(names, old);
    return known.includes(now) ? [] : [[at, `there is no \`${now}\` in this flow`, nearest(now, known)]];
  });
}

function wrongOptions({ renamed, steps }: CompiledFlow["source"]): readonly Wrong[] {
  return Object.entries(renamed.options).flatMap(([question, table]): readonly Wrong[] => {
    const path = ["renamed", "options", question];
    const step = steps[question];
    if (step?.kind === "ask") return wrongTable(path, table, [...ownOptions(step), ...typedOptions(step)]);
    const asks = Object.keys(steps).filter((name) => steps[name]?.kind === "ask");
    return [[path, `\`${question}\` is no question of this flow`, nearest(question, asks)]];
  });
}

function wrongFlows(
  program: Program,
  what: "renamed" | "retired",
  old: readonly string[],
  flows: readonly CompiledFlow[],
): readonly Wrong[] {
  const claimed = flows.flatMap(({ source }) => [...source.renamed.flows, ...source.retired.flows]);
  return old.flatMap((name, at): readonly Wrong[] => {
    const path = [what, "flows", at];
    if (program.flows.has(name))
      return [[path, `there is a flow \`${name}\`: it can't be an old name`, "remove the line"]];
    return claimed.filter((other) => other === name).length > 1
      ? [[path, `\`${name}\` is named twice as an earlier flow`, "name it in one flow only"]]
      : [];
  });
}
