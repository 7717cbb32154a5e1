import { isJsonObject, type Json, type Source } from "../../src/core/flow/source.ts";
import {
  type FoundStep,
  fileOf,
  inAllWords,
  inFlow,
  type Path,
  type Plant,
  type Shipped,
  stepsIn,
} from "./edit.ts";

export type Found = FoundStep;

export const at = ({ flow, id }: Found) => `${flow}:${id}`;

/** One plant for each of these steps. */
export function inSteps(
  shipped: Shipped,
  kind: string,
  change: (step: Found) => readonly (readonly [Path, Json | undefined])[],
): readonly Plant[] {
  return stepsIn(shipped, kind).flatMap((step) => {
    const changes = change(step);
    if (changes.length === 0) return [];
    return [
      {
        where: at(step),
        source: () =>
          changes.reduce(
            (all, [path, value]) => inFlow(all, step.flow, ["steps", step.id, ...path], value),
            shipped.source,
          ),
      },
    ];
  });
}

export const nowhere = "nowhere-at-all";

export function tableOf(body: Found["body"]): readonly (readonly [string, Json])[] {
  const next = body["next"];
  return isJsonObject(next) ? Object.entries(next) : [];
}

export function rowsOf(body: Found["body"]): readonly Json[] {
  const table = body["table"];
  return Array.isArray(table) ? table : [];
}

/** New steps in a flow, with a text each in every language. */
export function withSteps(source: Source, flow: string, steps: Readonly<Record<string, Json>>): Source {
  return Object.entries(steps).reduce((all, [id, body]) => {
    const stepped = inFlow(all, flow, ["steps", id], body);
    return isJsonObject(body) && body["kind"] === "say"
      ? inAllWords(stepped, flow, [id], { text: `Lost ${id}` })
      : stepped;
  }, source);
}

export function withFlow(
  source: Source,
  flow: string,
  steps: Readonly<Record<string, Json>>,
  start: string,
): Source {
  const empty = {
    ...source,
    flows: new Map(source.flows).set(flow, fileOf(`flows/${flow}.yaml`, { start, steps: {} })),
  };
  const locales = new Map(
    [...source.locales].map(([language, files]) => [
      language,
      new Map(files).set(flow, fileOf(`locales/${language}/${flow}.json`, {})),
    ]),
  );
  return withSteps({ ...empty, locales }, flow, steps);
}

/** One plant for each flow. */
export function inFlows(
  { source, program }: Shipped,
  change: (flow: string) => Source | undefined,
): readonly Plant[] {
  return [...program.flows.keys()].flatMap((flow) =>
    change(flow) === undefined ? [] : [{ where: flow, source: () => change(flow) ?? source }],
  );
}
