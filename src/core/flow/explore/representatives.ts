import { addDays, type CivilDate, isCivilDate } from "../../dates/civil-date.ts";
import type { Value } from "../../nouns/value.ts";
import { type Known, testHolds } from "../condition.ts";
import type { DaysFrom, Test } from "../condition-schema.ts";
import { listTestsOf } from "./reads.ts";
import type { TestGroup } from "./tested.ts";

/** The tests of a value itself and of the items of a list of such values, each by itself. */
function flat(tests: readonly Test[]): readonly Test[] {
  return tests.flatMap((test) => [test, ...(typeof test === "object" ? flat(listTestsOf(test)) : [])]);
}

/**
 * Of some values, one for each class that the tests tell apart: the first that answers all of them as it does. Values
 * that are compared with other answers all stay, as each may stand before, on or after the other.
 */
export function oneOfEach<T extends Value>(
  values: readonly T[],
  group: TestGroup,
  today: CivilDate,
): readonly T[] {
  if (group.compared > 0) return values;
  const known: Known = { today: () => today, value: () => undefined };
  const tests = flat(group.tests);
  const first = new Map<string, T>();
  for (const value of values) {
    const id = tests.map((test) => (testHolds(test, value, known) ? "1" : "0")).join("");
    if (!first.has(id)) first.set(id, value);
  }
  return [...first.values()];
}

/** Every fixed value that a test compares with for being the same. */
export function equalledIn(group: TestGroup): readonly (string | number | boolean)[] {
  return flat(group.tests).flatMap((test) => (typeof test === "object" ? (test["one-of"] ?? []) : [test]));
}

/** Numbers on each side of every threshold, and some number. */
export function numbersFor(group: TestGroup, least: number, most: number): readonly number[] {
  const limits = flat(group.tests).flatMap((test) =>
    typeof test === "object"
      ? [test["less-than"], test["at-most"], test["at-least"], test["more-than"]].filter(
          (one) => one !== undefined,
        )
      : [],
  );
  const equal = equalledIn(group).filter((value) => typeof value === "number");
  const around = [...limits, ...equal].flatMap((limit) => [limit, limit - 1, limit + 1]);
  const some = [least, Math.min(most, least + 1), ...(most < Number.MAX_SAFE_INTEGER ? [most] : [])];
  return unique([...around, ...some]).filter((value) => value >= least && value <= most);
}

/** Days on each side of every threshold: around today, around fixed days, and as far apart as answers are compared. */
export function datesFor(group: TestGroup, today: CivilDate): readonly CivilDate[] {
  const tests = flat(group.tests);
  const fixed = tests.flatMap((test) => fixedDays(test, today));
  const apart = unique(tests.flatMap(distances));
  const base = unique([...fixed, today]);
  const bases = unique(base.flatMap((day) => [day, ...apart.map((days) => addDays(day, days))]));
  const room = Math.max(1, group.compared);
  const steps = Array.from({ length: room }, (_, at) => at + 1).flatMap((days) => [-days, days]);
  return unique(bases.flatMap((day) => [day, ...steps.map((days) => addDays(day, days))]));
}

/** Days that a test names, by themselves or counted from today. */
function fixedDays(test: Test, today: CivilDate): readonly CivilDate[] {
  if (typeof test !== "object") return isCivilDate(test) ? [test] : [];
  const named = [test.before, test.after, ...(test["one-of"] ?? [])].flatMap((one) =>
    one === "today" ? [today] : isCivilDate(one) ? [one] : [],
  );
  return [...named, ...counted(test.within, today, 1), ...counted(test["older-than"], today, -1)];
}

function counted(from: DaysFrom | undefined, today: CivilDate, sign: 1 | -1): readonly CivilDate[] {
  if (from === undefined) return [];
  const start = typeof from === "number" ? today : isCivilDate(from.of) ? from.of : undefined;
  const days = typeof from === "number" ? from : from.days;
  return start === undefined ? [] : [start, addDays(start, sign * days)];
}

/** How many days before or after another answer a test looks. */
function distances(test: Test): readonly number[] {
  if (typeof test !== "object") return [];
  return [test.within, test["older-than"]].flatMap((from) =>
    typeof from === "object" ? [from.days, -from.days] : [],
  );
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
