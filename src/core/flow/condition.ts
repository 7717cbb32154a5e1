import { addDays, type CivilDate, isCivilDate } from "../dates/civil-date.ts";
import type { Value } from "../nouns/value.ts";
import type { Condition, Test } from "./condition-schema.ts";

/** What conditions are read against: values by name, and today where the person is. */
export type Known = { readonly value: (name: string) => Value | undefined; readonly today: () => CivilDate };

/** Whether all lines of a condition hold. A test on a value that is not known does not hold (but `answered: false`). */
export function holds(condition: Condition, known: Known): boolean {
  return Object.entries(condition).every(([name, line]) => lineHolds(name, line, known));
}

function lineHolds(name: string, line: Condition[string], known: Known): boolean {
  if (name === "any") return Array.isArray(line) && line.some((one) => holds(one, known));
  if (name === "not") return isCondition(line) && !holds(line, known);
  return isTest(line) && testHolds(line, known.value(name), known);
}

function isCondition(line: Condition[string]): line is Condition {
  return typeof line === "object" && !Array.isArray(line);
}

function isTest(line: Condition[string]): line is Test {
  return !Array.isArray(line);
}

function testHolds(test: Test, value: Value | undefined, known: Known): boolean {
  if (typeof test !== "object") return value === test;
  if ("answered" in test) return test.answered === (value !== undefined);
  if (value === undefined) return false;
  if ("one-of" in test) return test["one-of"].some((one) => one === value);
  if ("less-than" in test) return typeof value === "number" && value < test["less-than"];
  if ("at-least" in test) return typeof value === "number" && value >= test["at-least"];
  return isCivilDate(value) && dateTestHolds(test, value, known);
}

type DateTest = Extract<
  Test,
  { before: string } | { after: string } | { within: number } | { "older-than": number }
>;

function dateTestHolds(test: DateTest, date: CivilDate, known: Known): boolean {
  if ("before" in test) return compares(test.before, known, (than) => date < than);
  if ("after" in test) return compares(test.after, known, (than) => date > than);
  const today = known.today();
  if ("within" in test) return date >= today && date <= addDays(today, test.within);
  return date < addDays(today, -test["older-than"]);
}

function compares(than: string, known: Known, test: (than: CivilDate) => boolean): boolean {
  const other = than === "today" ? known.today() : isCivilDate(than) ? than : known.value(than);
  return isCivilDate(other) && test(other);
}
