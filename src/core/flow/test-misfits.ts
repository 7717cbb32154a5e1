import { isCivilDate } from "../dates/civil-date.ts";
import { isUnsure, type Scalar } from "../nouns/value.ts";
import type { Test, Tests, ValueTest } from "./condition-schema.ts";
import { nearest } from "./nearest.ts";
import type { ValueType } from "./value-type.ts";

/** Why a test can never hold for values of a type, after the name of what is tested; and how to mend it. */
export type Misfit = readonly [what: string, mend: string];

type Countries = ReadonlyMap<string, string>;

const dateTests: readonly (keyof Tests)[] = ["before", "after", "within", "older-than"];
const numberTests: readonly (keyof Tests)[] = ["less-than", "at-most", "at-least", "more-than"];
const listTests: readonly (keyof Tests)[] = ["some", "every", "count"];

/** What does not fit in a test of values of this type; nothing when nothing is known of them. */
export function misfitsOf(test: Test, type: ValueType, countries: Countries): readonly Misfit[] {
  if (type.kind === "mixed") return [];
  return type.list ? ofList(test, type, countries) : ofOne(test, type, countries);
}

function ofList(test: Test, type: ValueType, countries: Countries): readonly Misfit[] {
  if (typeof test !== "object") return isUnsure(test) ? unsureMisfit(test, type) : [listMisfit];
  const { some, every, count } = test;
  const outside = given(test).some((name) => name !== "answered" && !listTests.includes(name));
  const inner = [some, every, count?.of].flatMap((one) =>
    one === undefined ? [] : ofOne(one, { ...type, list: false }, countries),
  );
  return outside ? [listMisfit, ...inner] : inner;
}

const listMisfit: Misfit = ["is a list of answers", "say `some`, `every` or `count`"];

function ofOne(test: Test | ValueTest, type: ValueType, countries: Countries): readonly Misfit[] {
  if (typeof test !== "object") return valueMisfit(test, type, countries);
  const names = given(test);
  const misfit = (tests: readonly (keyof Tests)[], what: string): readonly Misfit[] => {
    const wrong = names.find((name) => tests.includes(name));
    return wrong === undefined
      ? []
      : [[`is ${kinds[type.kind]}: \`${wrong}\` is for ${what}`, mends[type.kind]]];
  };
  return [
    ...misfit(listTests, "lists"),
    ...(type.kind === "date" ? [] : misfit(dateTests, "dates")),
    ...(type.kind === "number" || type.kind === "money" ? [] : misfit(numberTests, "numbers and amounts")),
    ...(test["one-of"] ?? []).flatMap((value) => valueMisfit(value, type, countries)),
  ];
}

function given(test: Partial<Tests>): readonly (keyof Tests)[] {
  return [...dateTests, ...numberTests, ...listTests, "one-of" as const, "answered" as const].filter(
    (name) => test[name] !== undefined,
  );
}

const kinds: Readonly<Record<ValueType["kind"], string>> = {
  "yes-no": "yes or no",
  choice: "one of some options",
  date: "a date",
  number: "a number",
  money: "an amount",
  text: "a text of the person's own",
  country: "a country",
  phone: "a phone number",
  "receipt-number": "a receipt number",
  flag: "true or false",
  mixed: "anything",
};

const onlyAnswered = "ask only whether there is an answer: `answered: true`";
const mends: Readonly<Record<ValueType["kind"], string>> = {
  "yes-no": 'compare it with "yes" or "no"',
  choice: "compare it with an option",
  date: "use before, after, within or older-than",
  number: "use less-than, at-most, at-least or more-than",
  money: "use less-than, at-most, at-least or more-than",
  text: onlyAnswered,
  country: "compare it with a country's two letters, like AF",
  phone: onlyAnswered,
  "receipt-number": onlyAnswered,
  flag: "compare it with true or false",
  mixed: "",
};

function unsureMisfit(value: string, type: ValueType): readonly Misfit[] {
  return type.unsure
    ? []
    : [[`is never \`${value}\``, "offer the no-answers with `unsure: true`, or remove the test"]];
}

function valueMisfit(value: Scalar, type: ValueType, countries: Countries): readonly Misfit[] {
  if (typeof value === "string" && isUnsure(value)) return unsureMisfit(value, type);
  if (type.values !== undefined && !type.values.some((one) => one === value)) {
    return [[`is never \`${String(value)}\``, nearest(String(value), type.values)]];
  }
  return fits(value, type, countries)
    ? []
    : [[`is ${kinds[type.kind]}, never \`${String(value)}\``, mends[type.kind]]];
}

function fits(value: Scalar, { kind }: ValueType, countries: Countries): boolean {
  switch (kind) {
    case "number":
    case "money":
      return typeof value === "number";
    case "date":
      return isCivilDate(value);
    case "country":
      return [...countries.values()].some((code) => code === value);
    case "flag":
      return typeof value === "boolean";
    case "yes-no":
    case "choice":
      return typeof value === "string";
    case "text":
    case "phone":
    case "receipt-number":
      return false;
    case "mixed":
      return true;
  }
}
