import { isFlowFile } from "../core/flow/compile.ts";
import { type Json, type Source, valueAt } from "../core/flow/source.ts";

/** A place of some content where a conversation can wait for an answer, or come back to after another flow. */
export type OldPlace = {
  readonly place: string;
  readonly role: "waits" | "calls";
  readonly options: readonly string[];
};

const roles: Readonly<Record<string, OldPlace["role"]>> = { ask: "waits", call: "calls", repeat: "calls" };

/**
 * Every place where somebody can be in the flows of a source, the menu's left out (nobody is in the middle of anything
 * there), with the fixed options of each question. Read leniently: earlier content need not compile any more.
 */
export function placesOf({ flows }: Source): readonly OldPlace[] {
  return [...flows].flatMap(([flow, { data }]) =>
    isFlowFile(flow) && flow !== "menu" ? placesIn(flow, valueAt(data, ["steps"])) : [],
  );
}

function placesIn(flow: string, steps: Json | undefined): readonly OldPlace[] {
  return Object.keys(objectOf(steps)).flatMap((step) => {
    const role = roles[String(valueAt(steps, [step, "kind"]))];
    if (role === undefined || (role === "calls" && valueAt(steps, [step, "next"]) === undefined)) return [];
    return [
      { place: `${flow}:${step}`, role, options: optionsOf(valueAt(steps, [step, "answer", "options"])) },
    ];
  });
}

function optionsOf(options: Json | undefined): readonly string[] {
  return Array.isArray(options) ? options.map(String) : Object.keys(objectOf(options));
}

function objectOf(value: Json | undefined): object {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
