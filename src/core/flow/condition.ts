import { type CivilDate, daysBetween, isCivilDate } from "../dates/civil-date.ts";
import { notAnswered, type Scalar, type Value } from "../nouns/value.ts";
import type { Condition, DaysFrom, Test, Tests, ValueTest } from "./condition-schema.ts";

/** What conditions are read against: values by name, and today where the person is. */
export type Known = { readonly value: (name: string) => Value | undefined; readonly today: () => CivilDate };

/** One line of a condition. */
export type Line =
  | { readonly kind: "any" | "all"; readonly conditions: readonly Condition[] }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "test"; readonly name: string; readonly test: Test };

/** Lines by condition, and the names of the tests given: worked out once, as conditions never change. */
const knownLines = new WeakMap<Condition, readonly Line[]>();
const knownNames = new WeakMap<Tests, readonly TestName[]>();

/** A condition's lines: all of them have to hold. */
export function linesOf(condition: Condition): readonly Line[] {
  const known = knownLines.get(condition);
  if (known !== undefined) return known;
  const lines = Object.entries(condition).map(([name, line]): Line => {
    if (isList(line)) return { kind: name === "all" ? "all" : "any", conditions: line };
    if (isInner(name, line)) return { kind: "not", condition: line };
    return { kind: "test", name, test: line };
  });
  knownLines.set(condition, lines);
  return lines;
}

function namesIn(tests: Tests): readonly TestName[] {
  const known = knownNames.get(tests);
  if (known !== undefined) return known;
  const given = names.filter((name) => tests[name] !== undefined);
  knownNames.set(tests, given);
  return given;
}

function isList(line: Condition[string]): line is readonly Condition[] {
  return Array.isArray(line);
}

function isInner(name: string, line: Test | Condition): line is Condition {
  return name === "not" && typeof line === "object";
}

/** Whether all lines of a condition hold. A test on a value that is not known does not hold (but `answered: false`). */
export function holds(condition: Condition, known: Known): boolean {
  return linesOf(condition).every((line) => lineHolds(line, known));
}

function lineHolds(line: Line, known: Known): boolean {
  switch (line.kind) {
    case "any":
      return line.conditions.some((one) => holds(one, known));
    case "all":
      return line.conditions.every((one) => holds(one, known));
    case "not":
      return !holds(line.condition, known);
    case "test":
      return testHolds(line.test, known.value(line.name), known);
  }
}

/** Whether a value passes a test. */
export function testHolds(test: Test, value: Value | undefined, known: Known): boolean {
  if (typeof test !== "object") return value === test;
  const given = namesIn(test);
  if (value === undefined) return test.answered === false && given.length === 1;
  return given.every((name) => passes(name, test, value, known));
}

type TestName = keyof Tests;
type Wanted = { readonly [K in TestName]-?: NonNullable<Tests[K]> };
type Passing = {
  readonly [K in TestName]: (wanted: Wanted[K], value: Value, known: Known) => boolean;
};

const passing: Passing = {
  answered: (wanted) => wanted,
  "one-of": (wanted, value) => wanted.some((one) => one === value),
  "less-than": (wanted, value) => typeof value === "number" && value < wanted,
  "at-most": (wanted, value) => typeof value === "number" && value <= wanted,
  "at-least": (wanted, value) => typeof value === "number" && value >= wanted,
  "more-than": (wanted, value) => typeof value === "number" && value > wanted,
  before: (wanted, value, known) => compares(value, wanted, known, (date, than) => date < than),
  after: (wanted, value, known) => compares(value, wanted, known, (date, than) => date > than),
  within: (wanted, value, known) =>
    compares(value, startOf(wanted), known, (date, than) => {
      const days = daysBetween(than, date);
      return days >= 0 && days <= daysOf(wanted);
    }),
  "older-than": (wanted, value, known) =>
    compares(value, startOf(wanted), known, (date, than) => daysBetween(date, than) > daysOf(wanted)),
  some: (wanted, value, known) => itemsOf(value).some((item) => itemHolds(wanted, item, known)),
  every: (wanted, value, known) => {
    const items = itemsOf(value);
    return items.length > 0 && items.every((item) => itemHolds(wanted, item, known));
  },
  count: (wanted, value, known) => {
    const { of, "at-least": least = 0, "at-most": most = Number.POSITIVE_INFINITY } = wanted;
    const items = itemsOf(value);
    const counted = of === undefined ? items : items.filter((item) => itemHolds(of, item, known));
    return counted.length >= least && counted.length <= most;
  },
};

const names: readonly TestName[] = [
  "answered",
  "one-of",
  "less-than",
  "at-most",
  "at-least",
  "more-than",
  "before",
  "after",
  "within",
  "older-than",
  "some",
  "every",
  "count",
];

function passes<K extends TestName>(name: K, test: Tests, value: Value, known: Known): boolean {
  const wanted = test[name];
  return !isWanted(name, wanted) || passing[name](wanted, value, known);
}

function isWanted<K extends TestName>(_name: K, wanted: Tests[K] | Wanted[K]): wanted is Wanted[K] {
  return wanted !== undefined;
}

function itemsOf(value: Value): readonly Scalar[] {
  return typeof value === "object" ? value : [];
}

/** A round in which the question was not asked leaves `notAnswered` in the list. */
function itemHolds(test: ValueTest, item: Scalar, known: Known): boolean {
  return testHolds(test, item === notAnswered ? undefined : item, known);
}

function compares(
  value: Value,
  named: string,
  known: Known,
  test: (date: CivilDate, than: CivilDate) => boolean,
): boolean {
  const than = named === "today" ? known.today() : isCivilDate(named) ? named : known.value(named);
  return isCivilDate(value) && isCivilDate(than) && test(value, than);
}

function startOf(from: DaysFrom): string {
  return typeof from === "number" ? "today" : from.of;
}

function daysOf(from: DaysFrom): number {
  return typeof from === "number" ? from : from.days;
}
