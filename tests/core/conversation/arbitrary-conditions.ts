import fc, { type GeneratorValue } from "fast-check";
import type { AnswerKind } from "../../../src/core/flow/answer-schema.ts";
import type { Json } from "../../../src/core/flow/source.ts";

/** A name that can be read in a flow: what kind of value it has, whether it is a list, whether it may be a no-answer. */
export type Name = {
  readonly name: string;
  readonly kind: AnswerKind;
  readonly list: boolean;
  readonly unsure: boolean;
};
/** A condition on some names that fits what is known of their values. */
export function arbitraryCondition(g: GeneratorValue, names: readonly Name[], deep: number): Json {
  const way = deep > 0 ? g(fc.integer, { min: 0, max: 6 }) : 6;
  if (way === 0)
    return { any: [arbitraryCondition(g, names, deep - 1), arbitraryCondition(g, names, deep - 1)] };
  if (way === 1)
    return { all: [arbitraryCondition(g, names, deep - 1), arbitraryCondition(g, names, deep - 1)] };
  if (way === 2) return { not: arbitraryCondition(g, names, deep - 1) };
  if (names.length === 0) return { "person.reminders": { "at-least": 1 } };
  const name = one(g, names);
  return { [name.name]: name.list ? listTest(g, name.kind) : valueTest(g, name.kind) };
}

function listTest(g: GeneratorValue, kind: AnswerKind): Json {
  const item = kind === "several" ? "tea" : valueTest(g, kind);
  return one<Json>(g, [
    { some: item },
    { every: item },
    { count: { of: item, "at-least": 1, "at-most": 2 } },
    { count: { "at-most": 1 } },
  ]);
}

function valueTest(g: GeneratorValue, kind: AnswerKind): Json {
  const asked: Json = { answered: g(fc.boolean) };
  switch (kind) {
    case "yes-no":
      return one<Json>(g, ["yes", "no", { "one-of": ["yes", "no"] }, asked]);
    case "choice":
      return one<Json>(g, ["red", { "one-of": ["blue"] }, asked]);
    case "date":
      return one<Json>(g, [
        { before: "today" },
        { after: "2026-12-24" },
        { within: 30, after: "today" },
        { "older-than": { days: 10, of: "2027-01-01" } },
        asked,
      ]);
    case "number":
    case "money":
      return one<Json>(g, [{ "at-least": 2 }, { "less-than": 2, "more-than": 0 }, { "at-most": 1 }, 3]);
    case "country":
      return one<Json>(g, ["AF", { "one-of": ["PK", "IR"] }, asked]);
    default:
      return asked;
  }
}

/** One of these. */
export function one<T>(g: GeneratorValue, from: readonly T[]): T {
  const picked = from[g(fc.integer, { min: 0, max: from.length - 1 })];
  if (picked === undefined) throw new Error("nothing to choose from");
  return picked;
}
